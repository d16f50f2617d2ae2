"""What is said in Chinese of requests that were not done, of what is asked back, and in small talk."""

import re
from collections.abc import Sequence

from agent import outside
from agent.answers.refusals_in_chinese import note
from agent.answers.wording_in_chinese import duration
from agent.understanding.bounds.noted import bound_in, bound_words
from agent.understanding.costs import Estimate, estimate
from agent.understanding.known import Known
from agent.understanding.phrases_in_chinese import ACTS, act, phrase
from agent.understanding.plan import Held, Plan, Request, Waiting
from agent.words.chinese import is_chinese

_ASKS = {
    "change": "要增加或更改什么？例如：再加 5 次试验、再加半小时、只用 `ease`。",
    "dataset": "用哪个数据集？",
    "study": "哪一个研究？",
    "trial": "哪一个试验？请说编号。",
    "user": "给哪个用户？请说用户编号。",
    "param": "哪个参数，允许什么范围？例如：把 dropout 限制在 0.1 到 0.4。",
    "path": "哪个文件？请给出路径，或把文件拖进聊天。",
    "name": "叫什么名字？",
    "action": "暂停、继续还是停止？",
    "text": "要记住什么？",
    "lesson": "忘掉哪一条？",
}
HELP = (
    "我在这台机器上为你的数据调推荐模型。你可以说：\n\n"
    "- 有哪些数据集？（也可以把文件拖进聊天）\n"
    "- 用 sasrec 在 demo 上调参，6 次试验\n"
    "- 进展怎么样？ 最好的结果是多少？ 为什么试了第 2 号试验？\n"
    "- 暂停、继续、停止、再加 5 次试验\n"
    "- 把 dropout 限制在 0.1 到 0.3 之间\n"
    "- 给用户 u7 推荐 5 个物品、导出最好的模型、确认、撤销"
)
_SMALL_TALK = (
    (r"能做什么|会什么|帮助|怎么用|功能|help", HELP),
    (r"谢谢|多谢|辛苦", "不客气。"),
    (r"再见|拜拜|晚安", "再见。正在运行的研究会继续。"),
    (r"你是谁|叫什么", "我是 recpilot 的内置助手：一个小型编码器，离线运行在这台机器上，不是大语言模型。"),
    (r"你好|您好|嗨|早上好|晚上好", f"你好。{HELP}"),
    (r"^\W*(?:好的?|可以|行|嗯|明白|知道了|不错)", "好的。接下来可以开始调参、看结果，或问为什么。"),
    (r"算了|不用|没事|不要", "好的，什么都没有做。"),
)


def said_of_held(held: Sequence[Held]) -> str:
    """One sentence for what was not done; empty where nothing was held back."""
    acts = "、".join(dict.fromkeys(act(one.request) for one in held if one.request.tool in ACTS))
    whys = {one.why for one in held}
    if "refusal" in whys:
        return f"好的，没有{acts}。"
    if "later" in whys:
        return f"好的，现在没有{acts}。我不会自己以后再做，到时候请再说一次。"
    return f"你只是在问，所以没有{acts}。要做的话请直接说。" if {"question", "supposition"} & whys else ""


def said_of_running(study: str | None) -> str:
    """That it runs on, and how it is stopped."""
    return f"{outside.code(study)} 仍在运行；要停止它，请说“停止研究”。" if study else ""


def said_of_reading(plan: Plan) -> str:
    """How misspelt names were read."""
    return "".join(f"把“{outside.text(said)}”理解为 {outside.code(name)}。" for said, name in plan.near)


def said_of_waiting(waiting: Waiting, known: Known) -> str:
    """The question that is asked back, with what it would cost."""
    if waiting.lacking == "tool" and is_said_in_chinese(waiting):
        return waiting.text
    if waiting.lacking == "tool":
        return f"我不确定你的意思。要我{'，还是'.join(dict.fromkeys(act(request) for request in waiting.requests))}？"
    if waiting.lacking is not None:
        choices = f"可选：{'、'.join(outside.code(choice) for choice in waiting.choices)}。" if waiting.choices else ""
        asks = _ASKS.get(waiting.lacking, f"`{waiting.lacking}` 是什么？")
        return f"{''.join(map(note, waiting.notes))}{asks}{choices}"
    if waiting.requests and all(one.tool == "remember_lesson" and "as_bound" in one.args for one in waiting.requests):
        return _said_of_bounds(waiting, known)
    if waiting.card is not None:
        return "\n\n".join((*map(note, waiting.notes), waiting.card.text))
    done = "，并".join(map(phrase, waiting.requests))
    costs = [found for request in waiting.requests if (found := estimate(request, known)) is not None]
    return f"{''.join(map(note, waiting.notes))}要我{done}吗？{''.join(map(_cost, costs))}"


def is_said_in_chinese(waiting: Waiting) -> bool:
    """Whether the question was worded in Chinese already; names in it count for nothing."""
    return is_chinese(re.sub(r"“[^”]*”|`[^`]*`", "", waiting.text))


def said_as_choices(waiting: Waiting) -> tuple[str, ...]:
    """What each of the requests between which is asked does."""
    return tuple(map(phrase, waiting.requests))


def _said_of_bounds(waiting: Waiting, known: Known) -> str:
    """The question whether notes shall bind later studies, or bind them no more."""
    texts = "、".join(f"“{outside.text(one.args['text'])}”" for one in waiting.requests)
    if not waiting.requests[0].args["as_bound"]:
        return f"要我让{texts}又只当笔记、不再限制以后的研究吗？"
    content = bound_in(str(waiting.requests[0].args["text"]), known.datasets)
    bound = f"：{bound_words(content)}" if content is not None else ""
    notes = known.would(waiting.requests[0].tool, waiting.requests[0].args).notes
    return f"{'注意：它和已有的限制没有共同的值。' if notes else ''}要我让以后的研究都按它限制吗{bound}？"


def _cost(found: Estimate) -> str:
    if found.seconds is None:
        return "第一次试验之后才知道要多久。"
    return f"{'最多' if found.is_limit else '大约'}要 {duration(found.seconds)}。"


def said_of_pretended(request: Request) -> str:
    """What a request would do, were it not only pretended."""
    return f"会{phrase(request)}。"


def small_talk(say: str) -> str:
    """The answer to a message that asks for no tool."""
    found = next((answer for pattern, answer in _SMALL_TALK if re.search(pattern, say, re.IGNORECASE)), None)
    return found or f"我没有听懂，所以什么都没有做。{HELP}"
