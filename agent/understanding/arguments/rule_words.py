"""Whether a study is to heed rules: "use no rules", "without your rules", "rules off", "with the rules"."""

from typing import Any

from agent.understanding.bounds.stretch import Stretch

_RULES = r"(?:(?:any|the|your|its|all|of|these|those|recpilot'?s|built-?in|shipped|own|advisor'?s?|tuning)\s+){0,4}rules\b(?!\s+(?:of|for|on)\s+likes?)"
_VERBS = r"(?:use|using|apply|applying|heed|heeding|follow|following|trust|rely\s+on)"
_OFF = (
    rf"\b(?:without|w/o|no|ignor\w+|skip\w*|disabl\w+|(?:turn|switch)\w*\s+off|leav\w+\s+out|drop|forget|minus)\s+{_RULES}"
    rf"|\b(?:do\s+not|don'?t|never|not|nor)\s+{_VERBS}\s+{_RULES}|\b{_VERBS}\s+(?:no|none\s+of)\s+{_RULES}"
    r"|\b(?:turn|switch)\w*\s+(?:the\s+|your\s+|all\s+)*rules\s+off\b|\brules?\s*[=:]?\s*(?:off|disabled|aside)\b|\bno[- ]rules\b"
    r"|(?:不|别|不要|不使|无需)(?:要|用|使用|采用)?(?:任何|你的)?规则|(?:关闭|忽略|关掉)(?:所有)?规则|无规则"
)
_ON = rf"\b(?:with|{_VERBS})\s+{_RULES}|\brules\s+on\b|(?:使用|用|打开|启用)(?:你的)?规则"


def rules_in(stretch: Stretch) -> dict[str, Any]:
    """`use_rules`, where the person says so."""
    if stretch.has(_OFF):
        return {"use_rules": False}
    return {"use_rules": True} if stretch.has(_ON) else {}
