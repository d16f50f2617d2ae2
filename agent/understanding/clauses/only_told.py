"""A wish not to act next to an order: "tune ease on radio, only tell me what it would do", "forget note 1, dry run".

>>> without_wish("Tune ease on radio. Don't start yet.")
'Tune ease on radio'
>>> without_wish("delete club-3, but first show me what that would remove")
'delete club-3'
>>> without_wish("tune ease on radio and show me the best") is None
True
"""

import re

from agent.understanding.clauses.notes import opener
from agent.words.chinese import is_chinese

_SIGNS = r"[\s,.;:!?…()\[\]（），。；：！？、—–-]"
_YET = r"(?:yet|just\s+yet|for\s+now|(?:right\s+)?now|for\s+real|really|actually|though|so\s+far)"
_IT = r"(?:it|this|that|them|these|anything|any\s+of\s+(?:it|this|that)|the\s+(?:study|tuning|trials?|run|act|order|command|thing)|so)"
_ON = r"(?:start|begin|run|train|tune|launch|execute|act|go(?:\s+ahead)?|proceed)"
_DOES = rf"(?:{_ON}|do|apply|perform|carry\s+(?:it|this|that)?\s*out|delete|remove|forget|export|stop|confirm|rename|resume|pause|change|write)"
_DOING = r"(?:running|starting|beginning|executing|doing|launching|applying|performing|carrying\s+(?:it|this|that)?\s*out|acting)"
_DOING_AT_ALL = (
    r"(?:deleting|removing|forgetting|exporting|stopping|confirming|renaming|resuming|changing|training|tuning)"
)
_DONT = r"(?:do\s+not|don['’]?t|dont|never|please\s+don['’]?t)"
_ONLY = r"(?:only|just|simply|merely)"
_TELL = r"(?:tell|show|say|explain|describe|list|print|give|let)(?:\s+(?:me|us)(?:\s+(?:know|see))?)?"
_WOULD = (
    r"(?:what|how\s+much|which\s+\w+|how(?:\s+long)?)\s+(?:(?:it|that|this|you|they|one)(?:\s+would|\s+will|['’]d|['’]ll|\s+is\s+going\s+to|\s+are\s+going\s+to|\s+means?)"
    r"|would|will|is\s+going\s+to)(?:\s+\w+){0,5}?"
)
_PLAN = r"(?:(?:the|your|a|its|me\s+the|me\s+a)\s+)?(?:plan|plan\s+card|card|preview|command)"
_ENGLISH = (
    rf"(?:(?:and|but|then)\s+)?(?:first\s+)?(?:{_ONLY}\s+(?:first\s+)?{_TELL}|{_TELL}\s+{_ONLY})(?:\s+(?:{_PLAN}|{_WOULD}|it|this|that))?",
    rf"(?:first\s+)(?:{_ONLY}\s+)?{_TELL}\s+(?:{_PLAN}|{_WOULD}|it|this)",
    rf"{_TELL}\s+(?:{_PLAN}|{_WOULD})\s+first",
    rf"{_TELL}\s+(?:what\s+(?:(?:it|that|this|you)(?:\s+would|['’]d)\s+do|would\s+happen))",
    r"what\s+would\s+(?:(?:it|that|this|you)\s+(?:do|remove|delete|change|cost|train|run|write|mean)|happen|come\s+of\s+(?:it|that))",
    rf"{_DONT}\s+(?:{_YET}\s+)?{_DOES}(?:\s+{_IT})?(?:\s+{_YET})+",
    rf"{_DONT}\s+(?:actually|really)\s+{_DOES}(?:\s+{_IT})?",
    rf"{_DONT}\s+(?:do|apply|perform|execute|act|carry\s+(?:it|this|that)\s+out)(?:\s+{_IT})?",
    rf"(?:without|w/o)\s+(?:(?:actually|really)\s+(?:{_DOING}|{_DOING_AT_ALL})|{_DOING})(?:\s+{_IT})?(?:\s+{_YET})?",
    r"(?:(?:as|in)\s+an?\s+|only\s+an?\s+|just\s+an?\s+|an?\s+)?(?:--?)?dry[\s-]?run(?:\s+(?:only|mode|please|it))?",
    rf"(?:{_ONLY}\s+)?{_PLAN}\s+only|{_ONLY}\s+{_PLAN}",
    r"(?:nothing\s+(?:should|shall|may|must)\s+(?:run|start|happen|be\s+(?:done|run|started|changed|deleted))(?:\s+yet)?|no\s+action(?:\s+yet)?)",
    r"not\s+(?:just\s+)?yet|only\s+hypothetically|hypothetically",
    r"(?:wait|hold\s+off|hold|do\s+nothing)(?:\s+with\s+it)?\s+(?:until|till|before|for)\s+(?:i|we|my|me|our)\b(?:\s+\w+){0,6}?",
    rf"ask\s+(?:me\s+|us\s+)?before\s+(?:you\s+)?(?:{_ON}|do|act|{_DOING}|{_DOING_AT_ALL})(?:\s+{_IT})?",
    rf"ask\s+(?:me\s+|us\s+)?before\s+(?:{_IT}\s+)(?:starts|begins|runs|trains|happens|is\s+(?:started|begun|run|done))",
    # German
    r"(?:nur|bloß|erst(?:mal)?|zuerst)\s+(?:(?:den\s+)?plan(?:\s+(?:an)?zeigen)?|(?:an)?zeigen|sagen|erklären|ansehen)",
    r"(?:zeig|sag|erklär)e?\s+(?:mir\s+|uns\s+)?(?:nur|bloß|erst(?:mal)?)(?:,?\s+(?:den\s+plan|was\s+(?:passier\w*|(?:es|das|du)\s+\w+)(?:\s+würde[nst]*)?))?",
    r"(?:noch\s+nicht|nicht)\s+(?:starten|anfangen|beginnen|ausführen|laufen\s+lassen|löschen|machen|loslegen)",
    r"ohne\s+(?:(?:es|ihn|sie|das|etwas|was)\s+)?(?:zu\s+starten|auszuführen|anzufangen|zu\s+löschen)",
    r"(?:nur\s+(?:als\s+)?)?(?:ein(?:en)?\s+)?(?:probelauf|trockenlauf|testlauf)(?:\s+nur)?",
    r"was\s+würde\s+(?:(?:es|das|dann)\s+(?:tun|machen|bewirken|passieren)|passieren)",
)
_CHINESE = (
    r"(?:先|请|暂时|现在)*(?:不要|别|不用|不必|不)(?:先|真的?|马上|现在|立刻|急着)*(?:开始|运行|执行|启动|动手|动|真跑|跑|做|删除?|导出|停|改)(?:它|任何(?:东西|操作))?[了哦呢吧啊]*",
    r"(?:先|请)*(?:只是?|仅|光)(?:要|想|需)?(?:告诉我|说|显示|展示|看|列出|给我看|给出|解释)(?:一下|说|看)*(?:你|它|这|那)?(?:的)?(?:计划|方案|(?:会|要|将|打算)?(?:做|发生|删掉?|改)(?:些|了)?什么|会怎[么样]+)?[就行好即可吧]*",
    r"先(?:告诉我|给我看|让我看|说|看|展示|显示)(?:一下|看)*(?:你|它|这|那)?(?:的)?(?:计划|方案|(?:会|要|将)(?:做|发生|删掉?|改)(?:些)?什么|会怎[么样]+)",
    r"(?:这样?|它|那)?会(?:做|发生|删掉?|改)(?:些)?什么",
    r"(?:只|仅|只要|只需)?(?:演练|空跑|预演|模拟运行)(?:一下)?",
)
_LEADS = r"(?:(?:but|and|please|pls|ok|okay|well|only|now|for\s+now|then|though|first|wait|und|aber|bitte|但是?|不过|请)\b[\s,，]*)*"
_TAILS = r"(?:\s*(?:please|pls|ok|okay|thanks|thank\s+you|first|though|at\s+all|bitte|就行|就好|即可|谢谢))*"
_WISH = re.compile(
    rf"(?:(?<=[\s,.;:!?()（），。；：！？、—–-])|^){_LEADS}(?:{'|'.join((*_ENGLISH, *_CHINESE))}){_TAILS}(?=\s*(?:$|[,.;:!?…()（），。；：！？、—–-]))"
    rf"|(?<=[\u3400-\u9fff，,；;。\s])(?:但是?|不过)?(?:{'|'.join(_CHINESE)}){_TAILS}(?=\s*(?:$|[,.;:!?，。；：！？、]))",
    re.IGNORECASE,
)
_NOT_RUN = re.compile(
    rf"(?:(?<=[\s,.;:!?])|^){_LEADS}{_DONT}\s+{_ON}(?:\s+{_IT})?(?=\s*(?:$|[,.;:!?]))|(?:先|请)*(?:不要|别)(?:开始|运行|跑)(?=\s*(?:$|[,.;:!?，。；！]))",
    re.IGNORECASE,
)
"""What says no more than the wish, where one stands next to it."""
_MAKE = r"(?:make|draw\s+up|write|prepare|draft)(?:\s+(?:me|us))?"
_OF_PLAN = re.compile(
    rf"^\W*(?:please\s+)?(?:{_ONLY}\s+)?(?:{_TELL}|{_MAKE})\s+{_PLAN}(?:\s+(?:for|of|to)\s+|(?:\s+first)?\s*[:,;–—]\s*)(?=\w)",
    re.IGNORECASE,
)
_VERBS = (("tuning", "tune"), ("training", "train"), ("retuning", "retune"), ("running", "run"), ("deleting", "delete"))
_ORDERS = re.compile(
    r"^\W*(?:re)?(?:tune|train|start|begin|run|launch|optimi[sz]e|study|search|try|confirm|repeat|extend|add|delete|remove|forget|export|use)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(rf"^{_SIGNS}+|(?:{_SIGNS}|\b(?:and|but|then|und|aber)\s*$|(?:但是?|不过)$)+$", re.IGNORECASE)


def without_wish(say: str) -> str | None:
    """The message without its wish that nothing be done; None where it has none, or nothing besides, or is a note."""
    if (of_plan := _OF_PLAN.match(say)) is not None:
        order = say[of_plan.end() :]
        return _as_order(without_wish(order) or order)
    if opener(say) is not None or (rest := _WISH.sub("\n", say)) == say:
        return None
    rest = _NOT_RUN.sub("\n", rest)
    parts = [_EDGES.sub("", part) for part in rest.split("\n")]
    return ". ".join(filter(None, parts)) or None


def _as_order(text: str) -> str:
    """ "tuning ease on radio" as an order."""
    for doing, do in _VERBS:
        text = re.sub(rf"^{doing}\b", do, text, flags=re.IGNORECASE)
    return text if _ORDERS.match(text) else f"tune {text}"


def with_wish(order: str) -> str:
    """An order with the wish that it be asked about first.

    >>> without_wish(with_wish("tune ease on radio"))
    'tune ease on radio'
    """
    if without_wish(order) is not None:
        return order
    return f"{order}，先不要开始" if is_chinese(order) else f"{order}, but do not run it yet"
