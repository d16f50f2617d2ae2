"""Words that change nothing of what was shown last, such as "keep coverage above 0.3" after recommended items.

They are asked about; what was shown is not shown again for them.
"""

import re
from collections.abc import Sequence

from agent import outside
from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.message import Message
from agent.understanding.phrases import phrase
from agent.understanding.plan import Held, Request, Waiting
from agent.words.chinese import is_chinese

_SHOWS = re.compile(
    r"\b(?:recommend\w*|suggest\w*|show|list|give|again|same|repeat|once\s+more|redo|another|user|customer)\b|推荐|再|重|用户|给",
    re.IGNORECASE,
)
_NAMES = ("model", "param", "study", "dataset", "trial", "user", "path")


def out_of_place(message: Message, found: Sequence[Request | Held | Waiting]) -> Waiting | None:
    """The question; None where the message is in its place.

    Args:
        found: What the message was read as, alone.
    """
    if len(found) != 1 or not isinstance(found[0], Request) or message.say.rstrip().endswith(("?", "？")):
        return None
    request = found[0]
    is_of_items = request.tool == "recommend_items" and not _SHOWS.search(message.said.text)
    if not is_of_items and not (request.tool == "set_search_space" and "param" not in request.args):
        return None
    if (limit := _limit(message)) is not None:
        return limit
    return _not_understood(message) if is_of_items and _changes_nothing(request, message) else None


def _limit(message: Message) -> Waiting | None:
    """Whether the study shall keep the limit on a metric that the message says; None where it says none."""
    if message.known.study is None or not message.said.of("metric") or message.said.of(*_NAMES):
        return None
    whole = Stretch(message.said, [(0, len(message.said.text))])
    constraints = read_arguments("extend_study", whole, message.known)[0].get("constraints")
    if not constraints:
        return None
    holds = Request(tool="extend_study", args={"constraints": constraints}, words=message.say)
    study = outside.code(message.known.study)
    text = f"A limit on a metric is a study's; {study} is at hand. Shall I {phrase(holds)}?"
    return Waiting(requests=(holds,), choices=(DO, LEAVE), text=text, why="unclear")


def _changes_nothing(request: Request, message: Message) -> bool:
    last = next((one for one in reversed(message.dialogue.last) if one.tool == request.tool), None)
    is_same = last is not None and dict(last.args) == dict(request.args)
    return is_same or bool(message.said.of("param", "metric"))


def _not_understood(message: Message) -> Waiting:
    again = Request(tool="recommend_items", args=dict(message.dialogue.last[-1].args), words=message.say)
    words = outside.text(message.say.strip())
    text = f"I do not see what “{words}” changes of the items: their number, the user and the trial can be changed. "
    text += "Say, for example, `10 items`, `for user 7` or `by trial 2`; or shall I show the same again?"
    if is_chinese(message.say):
        text = f"我没看出“{words}”要改推荐的什么：可以改数量、用户和试验。请说，例如“10 个物品”；还是要我再显示一次？"
    return Waiting(requests=(again,), lacking="tool", choices=("Show the same again",), text=text)
