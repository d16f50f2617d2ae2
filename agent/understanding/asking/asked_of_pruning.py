"""A question about a study's pruner: which it is, whether it is on, what it or another one would have stopped.

>>> pruning_asked("would halving have stopped trial 3?", Known(), Dialogue()).requests[0].args
{'rule': 'halving', 'trial': 3}
"""

import re
from typing import Any

from agent.answers.explain_pruning import RULES
from agent.pruner_words import DEFAULT_PRUNER, PRUNER_WORDS
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese

_OTHERS = ("median", "hyperband", "bohb", "percentile", "patient", "wilcoxon", "threshold")
"""Pruners of other tools, which there are none of here; the answer says so."""
_RULE = rf"(?:{'|'.join(sorted((word for words in PRUNER_WORDS.values() for word in words if word.isascii()), key=len, reverse=True))}|{'|'.join(_OTHERS)})"
_PRUNER = rf"(?:(?:the\s+|a\s+|any\s+|its\s+|this\s+|your\s+)*(?:{_RULE}(?:\s+(?:prun\w+|rule|method))?|prun(?:er|ers|ing)|early[- ]stopping))"
_STOPPED = r"(?:stop(?:ped)?|prune[d]?|cut(?:\s+(?:off|short))?|kill(?:ed)?|end(?:ed)?|halt(?:ed)?|terminate[d]?)"
_WORDS = rf"(?:{_RULE}|prun\w+)"
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\W*(?:(?:and|so|but|ok)\W+)*(?:which|what|whose)\b(?!\s+(?:trials?|runs?)\b)[^.;?!]*\bprun(?:er|ers|ing\s+(?:rule|method|strategy))\b(?![^.;?!]*\b(?:are\s+there|exist|can\s+i|do\s+you\s+(?:have|know|offer|support)|available|possible|should)\b)",
        rf"\b(?:is|are|was|were)\s+{_PRUNER}\s+(?:\w+\s+)?(?:on|off|active|activated|used|in\s+use|enabled|disabled|running|applied|at\s+work|turned\s+(?:on|off)|switched\s+(?:on|off))\b",
        r"\b(?:is|was|are)\s+(?:there\s+)?(?:any\s+|a\s+)?prun(?:er|ing)\b(?:\s+(?:in|here|at|on|for)\b.*|\s+happening.*)?\W*$",
        r"\b(?:does|do|did|will|is|are)\s+(?:it|this|you|we|the\s+(?:study|search)|this\s+study|\S+-\d+)\s+(?:use\s+|using\s+|have\s+)?(?:a\s+|any\s+)?prun(?:e|er|ers|ing)\b(?!\s+of)",
        rf"\b(?:does|do|did|is|are)\s+(?:it|this|we|you|the\s+(?:study|search)|this\s+study|\S+-\d+)\s+(?:use|using|have)\s+{_PRUNER}(?:\s+(?:here|now|there))?\W*$",
        r"\b(?:are|do|does|will|did|were)\s+(?:you\s+|it\s+|the\s+study\s+)?(?:stop\s+|prune\s+|cut\s+)?(?:bad|poor|weak|hopeless|unpromising|losing)\s+(?:trials|runs|ones)(?:\s+(?:get|be|being))?(?:\s+(?:stopped|pruned|cut|ended))?(?:\s+(?:early|short|off|before\s+the\s+end))*\W*$",
        rf"\bwould(?:n'?t)?\b[^.;?!]*\b{_WORDS}\b[^.;?!]*\bhave\s+(?:been\s+)?(?:{_STOPPED}|done|saved|changed|let)\b",
        rf"\bwould(?:n'?t)?\b[^.;?!]*\bhave\s+(?:been\s+)?{_STOPPED}\b[^.;?!]*\b(?:by|with|under|if)\b[^.;?!]*\b{_WORDS}\b",
        rf"\bwhat\s+if\b[^.;?!]*\b(?:had|used|were|was)\b[^.;?!]*\b{_RULE}\b",
        rf"\b(?:with|under|by)\s+{_PRUNER}\b[^.;?!]*\bwould\b[^.;?!]*\b{_STOPPED}\b",
        rf"\bwhy\s+(?:was|is|has|were|did)\s*(?:n'?t|not)?\s+(?:trials?\s+#?\d+|it|that(?:\s+trial)?|this(?:\s+trial)?)\s+(?:been\s+)?(?:not|never)\s+(?:been\s+|get\s+)?{_STOPPED}\b",
        rf"\bwhy\s+(?:was|is|has|were|did)n'?t\s+(?:trials?\s+#?\d+|it|that(?:\s+trial)?|this(?:\s+trial)?)\s+(?:been\s+|get\s+)?{_STOPPED}\b",
        rf"\bwhy\s+(?:was|were|did)\s+(?:no|none\s+of\s+the|nothing)\s*(?:trials?|runs?)?\s*(?:get\s+|been\s+)?{_STOPPED}\b",
        r"\bwhy\s+(?:did|was|were|could)\s+trial\s+#?\d+\s+(?:(?:allowed|able)\s+to\s+)?(?:run|go\s+on|train|continue)\s+(?:to|until|till)\s+(?:the|its)\s+(?:very\s+)?end\b",
        r"^\W*(?:please\s+)?(?:show|tell|explain)\s+(?:me\s+)?(?:about\s+)?(?:the\s+|its\s+)?prun(?:er|ing)(?:\s+(?:of|in|here)\b.*)?\W*$",
        r"\b(?:did|does|has|have|how\s+much|what)\b[^.;?!]*\bprun(?:er|ing)\b[^.;?!]*\b(?:help|helped|saved?|stop(?:ped)?|cut|gain(?:ed)?|useful|do\s+(?:here|so\s+far))\b",
        r"(?:哪|什么)(?:一)?(?:个|种)?剪枝|剪枝器?(?:是|用的是)(?:哪|什么)|剪枝器?(?:开|启用|打开|生效|在用)\S{0,4}[吗没]|(?:会|有没有|有|开了|用了)剪枝\S{0,2}[吗？?]",
        r"为什么(?:试验\s*\d+\s*)?(?:没有?|不)(?:被|会)?(?:提前)?(?:停|剪)|试验\s*\d+\s*(?:为什么)?没有?被?(?:提前)?(?:停|剪)",
        rf"(?:剪枝|减半|{_RULE})\S*\s*(?:会不会|会|能|本来会|本会)\S{{0,6}}(?:停|剪|终止)",
    )
)
_ORDERS = re.compile(
    r"\b(?:tune|retune|train|optimi[sz]e|start|begin|launch|stop\s+(?:it|the\s+study)\b(?=\W*$))\b.*\b(?:on|with|using)\b|^\W*(?:please\s+)?(?:use|tune|start|stop|pause|set|turn|switch)\b|调参|调优|开始",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\btrials?\s*(?:number\s+|no\.?\s*|#\s*)?(\d+)\b|试验\s*(\d+)|(\d+)\s*号试验|第\s*(\d+)\s*(?:号|个|次)?试验",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:stopped|pruned|cut|have\s+\w+)\s+(?:it|that(?:\s+(?:one|trial))?|this(?:\s+(?:one|trial)))\b|\b(?:was|has)\s*(?:n'?t|not)?\s+(?:it|that|this)\b|\bwould\s+it\b",
    re.IGNORECASE,
)


def pruning_asked(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The plan that answers such a question; None for any other message."""
    text = say.replace("\u2019", "'")
    if (met := _MEANING.match(text)) is not None:
        return Plan(say=say, answer=_told(_rule(met[0])))
    if _ORDERS.search(text) or not any(pattern.search(text) for pattern in _ASKS):
        return None
    args: dict[str, Any] = {}
    if (rule := _rule(text)) is not None:
        args["rule"] = rule
    if (trial := _TRIAL.search(text)) is not None:
        args["trial"] = int(next(filter(None, trial.groups())))
    elif not is_chinese(text) and _POINTS.search(text) and dialogue.trial is not None:
        args["trial"] = dialogue.trial
    study = study_meant(say, known, dialogue)
    args |= {} if study is None else {"study": study}
    return Plan(say=say, requests=(Request(tool="show_pruning", args=args, mood="question", words=say),))


_MEANING = re.compile(
    r"^\W*(?:what(?:'s|\s+is|\s+does)|explain|how\s+does)\s+(?:the\s+)?(?:successive\s+halving|halving|(?:lower\s+)?quartile)(?:\s+(?:prun\w+|rule|work|do|mean))*\W*$|"
    r"^\W*(?:which|what|list)\s+(?:are\s+)?(?:the\s+|all\s+)?pruners\b[^.;!?]*(?:\bthere\b|\bexist\b|\bcan\s+i\b|\bhave\b|\bknow\b|\boffer\b|\bsupport\b|\bavailable\b|\bpossible\b|)\W*$",
    re.IGNORECASE,
)
"""What is asked of a pruner itself, or of all of them."""


def _told(rule: str | None) -> str:
    """What the pruners do."""
    told = [f"`{name}`: {RULES[name]}" for name in PRUNER_WORDS if rule in (None, name)]
    default = f" Without a word a study prunes by `{DEFAULT_PRUNER}`."
    return f"{'. '.join(told)}.{default} The one of a study is said in the order that begins it: `tune sasrec on demo, pruner halving`."


def _rule(text: str) -> str | None:
    """The pruner that is named; one of other tools by its own name."""
    low = text.lower()
    for name, words in PRUNER_WORDS.items():
        if any(re.search(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), low) for word in words):
            return name
    return next((name for name in _OTHERS if re.search(rf"\b{name}\b", low)), "halving" if "减半" in text else None)
