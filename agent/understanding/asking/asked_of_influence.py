"""A question about what of the past weighed in on a study: "did the history help?", "how much do you trust ml-100k?".

>>> influence_asked("tune ease on demo", Known(), Dialogue()) is None
True
"""

import re
from typing import Any

from agent.understanding.arguments.study_words import study_meant
from agent.understanding.arguments.without_past import orders_tuning, without_past
from agent.understanding.data.filtering import any_of
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from memory.histories.files import shipped_names

_OLD = r"(?:past|earlier|previous|older?|former|other|remembered|recalled)"
_PAST = (
    rf"(?:histor(?:y|ies)|memory|warm[- ]?start\w*|{_OLD}\s+(?:\w+\s+)?(?:trials?|data|datasets?|stud(?:y|ies)|runs?|results?|knowledge)"
    r"|(?:the|your|about\s+the)\s+past\b)"
)
_WEIGHED = (
    r"(?:weigh(?!ting)\w*|influenc\w*|affect\w*|contribut\w*|counted|counts?|matter(?:s|ed)?|trust\w*|followed|heeded|"
    r"acted|applied|(?:was|were|been)\s+used|(?:did|does|has|have)\b.{0,40}\b(?:follow|heed|use|obey|rest\s+on|rely\s+on|learn\s+from))"
)
_HELPED = (
    r"(?:help\w*|pays?|paid|useful|useless|pointless|worth|good\s+for|any\s+good|better|ahead|sooner|faster|gain\w*|"
    r"difference|bring|brought|improv\w*|hurt\w*|harm\w*)"
)
_FORM = re.compile(
    r"[?？]\s*$|^\W*(?:(?:and|but|so|ok|well|then)\W+)*(?:what|which|why|how|did|do|does|is|are|was|were|has|have|can|could|"
    r"would|prove|show|tell|list)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:users?'?s?|customers?'?|items?|long|length|ram|vram|gpu|gb|mb|bytes|disk|purchase|watch|remember\s+that)\b|\b(?:can|could|would|will)\s+(?:you|we|i)\s+(?:\w+\s+)?(?:start|tune|run|begin|import)\b",
    re.IGNORECASE,
)
_SHIPPED = re.compile(
    r"\b(?:shipped|built-?in|bundled|packaged|included)\s+(?:\w+\s+)?histor(?:y|ies)\b|"
    r"\bhistor(?:y|ies)\b.{0,30}\b(?:ship\w*|c[ao]mes?\s+with|built-?in|bundled)\b|(?:自带|附带|内置).{0,4}历史",
    re.IGNORECASE,
)
_RULES = re.compile(
    rf"\brules?\b(?!\s+of\s+likes).*\b{_WEIGHED}|(?:哪|什么).{{0,4}}规则.*(?:起作用|起了作用|影响|用了|参考了)",
    re.IGNORECASE,
)
_RULES_DID = re.compile(
    r"\b(?:did|has|have)\b.*\brules?\b.*\b(?:help|matter|act|apply|work|weigh)|\brules?\b.*\bdid\b.*\b(?:follow|heed|use)\b",
    re.IGNORECASE,
)
_NOTES = re.compile(
    rf"\b(?:notes?|lessons?|bounds?)\b.*(?:\b{_WEIGHED}|\bh[eo]ld\s+to|\bbound\b|\bfollow\w*)|"
    rf"\b(?:did|does|has|have|was|were|is)\b.*\b(?:notes?|lessons?)\b.*\b(?:weigh\w*|follow\w*|bound|heed\w*|count|help)|"
    r"(?:哪|什么).{0,4}(?:笔记|经验).*(?:起作用|起了作用|影响|遵守|参考|用了)",
    re.IGNORECASE,
)  # fmt: skip
_DATA = re.compile(
    rf"\b(?:which|what|how\s+(?:much|far))\b.*\b{_PAST}.*\b{_WEIGHED}|\b{_WEIGHED}.*\b{_PAST}|"
    r"(?=.*(?:哪|多少|多大|为什么|什么|吗)).*(?:信任|参考|影响|依据|采用).*(?:过去|历史|以往|以前|记忆)|(?:过去|历史|以往|以前|记忆).*(?:信任|参考|影响|起作用|起了作用)",
    re.IGNORECASE,
)
_HELP = re.compile(
    rf"\b{_PAST}.*\b{_HELPED}|\b{_HELPED}.*\b{_PAST}|"
    r"(?:历史|过去|以往|以前|记忆).*(?:帮助|帮上|帮到|有用|没用|有效|更好|值得|价值|证明)|(?:帮助|证明).*(?:历史|过去|以往|记忆)",
    re.IGNORECASE,
)
_WEIGHED_IN = re.compile(
    r"\b(?:what|which|who|did|has)\b[^.;!]*\b(?:weigh(?:ed|s)?\s+in|(?:was|were|got)\s+taken\s+into\s+account)\b|"
    r"\bwhat\b\s+(?:all\s+|else\s+)?(?:influenced|shaped|affected|went\s+into)\s+(?:the\s+|this\s+|that\s+)?(?:study|search|tuning|choices|proposals?|[a-z_][\w.]*-\d+)\b|(?:什么|哪些).{0,6}(?:影响了|对.+起了?作用)",
    re.IGNORECASE,
)
_OF_DATASET = re.compile(
    r"\b(?:trust\w*|counts?|counted|weigh(?!ting)\w*|follow\w*|influenc\w*|rely\s+on|likeness|alike|similar)\b|信任|参考|相似|影响",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\b(?:last|latest|newest|most\s+recent)\s+(?:study|search|run)\b|(?:上|最近)一?个研究", re.IGNORECASE
)
_LEARNED = re.compile(
    r"\bwhat\b.{0,20}\b(?:you|it|we|i)\s+(?:learn(?:t|ed)?|conclude[d]?)\b.{0,12}\b(?:from|in|of)\b|学到了什么",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:in|for|of|from)\s+(?:(?:the\s+)?study\s+)?([a-z_][\w.]*-\d+)\b", re.IGNORECASE)
_TRIAL = re.compile(r"\btrial\s*#?\s*(\d+)\b|试验\s*(\d+)", re.IGNORECASE)


def influence_asked(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The plan that answers such a question; None for any other message."""
    if not (_FORM.search(say) or is_chinese(say)) or (without_past(say) and orders_tuning(say)):
        return None
    if (learned := _learned(say, known, dialogue)) is not None:
        return learned
    dataset = _dataset(say, known)
    about = _about(say, is_of_data=dataset is not None)
    if about is None:
        return None
    args: dict[str, Any] = {"about": about} if about != "all" else {}
    if dataset is not None and about == "data":
        args["dataset"] = dataset
    if (trial := _TRIAL.search(say)) is not None:
        args["trial"] = int(trial[1] or trial[2])
    return _reads("show_influence", args | _study(say, known, dialogue), say)


def _about(say: str, *, is_of_data: bool) -> str | None:
    """What it is asked of: data, rules, notes, shipped, or all of it."""
    if _SHIPPED.search(say):
        return "shipped"
    if _OF_OTHERS.search(say):
        return None
    if is_of_data and _OF_DATASET.search(say):
        return "data"
    if _RULES.search(say) or _RULES_DID.search(say):
        return "rules"
    if _NOTES.search(say):
        return "notes"
    if _HELP.search(say):
        return "all"
    if _DATA.search(say):
        return "data"
    return "all" if _WEIGHED_IN.search(say) else None


def _dataset(say: str, known: Known) -> str | None:
    """The past dataset that is asked about: a history that came with recpilot, or one of the person's."""
    for name in (*shipped_names(), *known.datasets):
        if re.search(any_of((name,)), say, re.IGNORECASE):
            return name
    return None


def _study(say: str, known: Known, dialogue: Dialogue) -> dict[str, str]:
    """The study that is named, though there may be none of that name; the latest; else the one that is talked of."""
    named = _NAMED.search(say)
    if named is not None and named[1] not in (*known.studies, *known.datasets, *shipped_names()):
        return {"study": named[1]}
    if _LAST.search(say) and known.studies:
        return {"study": known.studies[0]}
    meant = study_meant(say, known, dialogue)
    return {} if meant is None else {"study": meant}


def _learned(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What was learned from one study are its lessons."""
    if not _LEARNED.search(say):
        return None
    study = _study(say, known, dialogue)
    return _reads("list_lessons", study, say) if study else None


def _reads(tool: str, args: dict[str, Any], say: str) -> Plan:
    return Plan(say=say, requests=(Request(tool=tool, args=args, mood="question", words=say),))
