"""What is offered where a yes is asked for: said by a click, and understood when it is typed."""

from collections.abc import Sequence

from agent.understanding.clauses.language import answered_in

RUN, CANCEL = "Run it", "Cancel"
DO, LEAVE = "Do it", "Leave it"  # of what may not have been an order
YES, NO = "Yes", "No"
_IN_CHINESE = {
    RUN: "运行",
    CANCEL: "取消",
    DO: "照做",
    LEAVE: "先不做",
    YES: "是",
    NO: "不",
    "Pause": "暂停",
    "Resume": "继续",
    "Stop": "停止",
}
AGREED = (YES, RUN, _IN_CHINESE[YES], _IN_CHINESE[RUN])
"""What `ask --yes` says yes to: never to what may not have been an order."""
YES_IN_CHINESE = tuple(_IN_CHINESE[one] for one in (RUN, DO, YES))
NO_IN_CHINESE = tuple(_IN_CHINESE[one] for one in (CANCEL, LEAVE, NO))


def yes_or_no(say: str) -> tuple[str, ...]:
    """What answers a question about a message, in the language in which it is answered."""
    return in_chinese((YES, NO)) if answered_in(say) == "zh" else (YES, NO)


def in_chinese(choices: Sequence[str]) -> tuple[str, ...]:
    """The choices as they are offered in Chinese; a name stays as it is."""
    return tuple(_IN_CHINESE.get(one, one) for one in choices)
