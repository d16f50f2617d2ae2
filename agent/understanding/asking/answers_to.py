"""What a message means that answers a question, or changes what was said before."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import NO_IN_CHINESE, YES_IN_CHINESE
from agent.understanding.clauses.reader import Reading
from agent.understanding.dialogue import Dialogue
from agent.understanding.message import Message
from agent.understanding.names.references import resolve
from agent.understanding.plan import Held, Plan, Request, Waiting
from agent.understanding.replies_in_chinese import said_as_choices
from agent.words.said import Span
from recmodels.param_words import PARAM_WORDS

_YES = re.compile(
    r"^\W*(?:(?:then|so|well|now|please|and|good|great|alright|all\s+right|okay|ok|fine)[\s,]+)*(?:begin(?:\s+it)?|launch(?:\s+it)?|y|yes|yeah|yep|yup|ya|ok(?:ay)?|k|sure|fine|right|correct|exactly|perfect|go(?:\s+(?:on|ahead|for\s+it))?|do\s+(?:it|so|that)|run(?:\s+(?:it|this|that|them))?|start(?:\s+it)?|please(?:\s+do)?|proceed|approved?|confirmed?|absolutely|of\s+course|definitely|"
    r"sounds\s+good|lets?\s+go|let'?s\s+(?:go|do\s+it)|ja|oui|s[ií]|好的?|对|是的?|可以|行|确定的?|没错|同意)(?:\W+(?:yes|yeah|please|pls|ok(?:ay)?|sure|do\s+it|go\s+(?:on|ahead)|run\s+it|thanks?|then|now|it|that'?s\s+(?:fine|right)|exactly|start(?:\s+it)?|let'?s\s+go))*\W*$",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"(?<![\w'])(?:y|yes|yeah|yep|yup|ya|ok(?:ay)?|k|sure|fine|go(?:\s+ahead)?|do\s+(?:it|so|that|this)|run|start|begin|launch|proceed|"
    r"approve\w*|agreed|please|good|great|perfect|alright|right|correct|exactly|absolutely|definitely|ja|oui|s[ií]|dale|vale)(?![\w'])|[好对行]|可以|是的",
    re.IGNORECASE,
)
"""Without one of these nothing is a yes, whatever the network takes it for: "half an hour on top" changes the plan."""
_CHANGES = r"(?:make|use|add|drop|set|change|take|try|let|then|so|now|actually|rather|only|just|no|not|without)"
_YES_FIRST = re.compile(
    r"^\W*(?:(?:then|so|well|now|please|and|good|great|perfect|alright|all\s+right)[\s,.!]+)*"
    r"(?:(?:y|yes|yeah|yep|yup|ya|sure|go\s+ahead|do\s+(?:it|that|this|so)|(?:run|start|launch|begin)\s+(?:it|this|that|them)|proceed|approved?|"
    rf"agreed|absolutely|definitely|of\s+course|ja|oui|s[ií]|ok(?:ay)?(?![\s,]+(?:but\s+)?{_CHANGES}\b))(?![\w'])|(?:好的?|可以|行|是的?|对的?|没错|同意)(?=[\s，,。.!！吧啊]|但|不过|就))"
    r"(?:[\s,.;:!，。！—–-]+(?:please|and|but|then|now|go\s+ahead|do\s+it|run\s+it|start\s+it|但是?|不过)(?![\w']))*[\s,.;:!，。！—–-]*",
    re.IGNORECASE,
)
_YES_LAST = re.compile(
    r"(?<!not)(?<!n't)(?<!never)\s+(?:run|start|launch|begin|do)\s+(?:it|this|that)(?:\s+(?:so|then|now|please|right\s+away))*[\s.!]*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:n|no+|nope|nah|nay|never\s*mind|cancel(?:\s+(?:it|that))?|stop|don'?t|do\s+not|not\s+now|later|leave\s+it|forget\s+(?:it|about\s+it|that)|abort|drop\s+it|skip(?:\s+it)?|none(?:\s+of\s+(?:them|these|those))?|neither|nothing|wait|hold\s+on|let'?s\s+not|rather\s+not|better\s+not|nein|non|不(?:用|要|了)?|算了)"
    r"(?:\W+(?:no|thanks?|thank\s+you|please|never\s*mind|not\s+now|later|leave\s+it|forget\s+it|it|that|one|cancel|stop|then|don'?t|maybe|yet|for\s+now|sorry|let'?s\s+(?:not|leave\s+it)|now|today|do\s+(?:it|that)))*\W*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:go|carry)\s+on\b", re.IGNORECASE)  # of a paused study it may mean to resume
_REGRETS = re.compile(
    r"\b(?:mistake|by\s+accident|(?:did\s*n[o']?t|didn'?t)\s+mean|on\s+second\s+thoughts?|changed\s+my\s+mind|take\s+(?:it|that)\s+back|bring\s+(?:it|that)\s+back|don'?t\s+(?:do|want)\s+(?:it|that))\b",
    re.IGNORECASE,
)
"""What is no yes, whatever else it seems."""
_PLACES = (
    re.compile(r"^\W*(?:1|a|(?:the\s+)?first(?:\s+one)?|(?:the\s+)?former)\W*$", re.IGNORECASE),
    re.compile(r"^\W*(?:2|b|(?:the\s+)?second(?:\s+one)?|(?:the\s+)?latter)\W*$", re.IGNORECASE),
    re.compile(r"^\W*(?:3|c|(?:the\s+)?third(?:\s+one)?|(?:the\s+)?last(?:\s+one)?)\W*$", re.IGNORECASE),
)
_KIND = re.compile(r"^\W*(?:i\s+mean\s+)?(?:the\s+)?(study|dataset)\W*$", re.IGNORECASE)
"""Of two things by the same name, the kind of the one that is meant."""
ADDS = re.compile(
    r"\b(?:too|also|as\s+well|add|plus|include|including|and\s+with|in\s+addition|on\s+top)\b|也|加", re.IGNORECASE
)


_YES_IN_CHINESE = re.compile(
    rf"\W*(?:{'|'.join(YES_IN_CHINESE)}|好的?|要|嗯+|行|可以|没问题|对的?|执行|开始|确认|同意|就这样|跑)(?:[\s，,]*(?:{'|'.join(YES_IN_CHINESE)}|执行|开始|跑))?[吧了啊呀的]?\W*"
)
_NO_IN_CHINESE = re.compile(
    rf"\W*(?:{'|'.join(NO_IN_CHINESE)}|否|不(?:用|要|行|必|做|跑|运行|开始)|先(?:不|别)(?:用|要|做|跑|运行|开始)?|别(?:做|跑|运行|开始)?|算了|停止?|没必要|以后再说|下次再说)[吧了啊呀]?(?:[\s，,]*谢谢)?\W*"
)


def is_yes(text: str) -> bool:
    """Whether the message says yes and nothing else."""
    return _YES.match(text) is not None or _YES_IN_CHINESE.fullmatch(text) is not None


def agrees(text: str) -> bool:
    """Whether the message says yes in so many words, whatever else it says: "yes, but 8 trials", "with ease, run it"."""
    return _YES_FIRST.match(text) is not None or _YES_LAST.search(text) is not None


def without_yes(text: str) -> str:
    """The message behind the yes that it begins with."""
    first = _YES_FIRST.match(text)
    return text[first.end() :] if first else text


_AGREES_IN_CHINESE = re.compile(r"\W*(?:是的?|对的?|确定的?|没错|同意)[啊吧了的]?\W*")
"""Words of agreement that order nothing by themselves, the reading of test least of all."""


def yes_to_nothing(say: str, dialogue: Dialogue) -> Plan | None:
    """What is answered to such a word where no question waits; None for any other message."""
    if dialogue.waiting is not None or _AGREES_IN_CHINESE.fullmatch(say) is None or re.search(r"[?？]", say):
        return None
    return Plan(say=say, answer="现在没有等您确认的事，所以什么都没有做。请说要做什么。")


def is_no(text: str) -> bool:
    """Whether the message says no, stop or never mind, and nothing else."""
    return _NO.match(text) is not None or _NO_IN_CHINESE.fullmatch(text) is not None


def settle(message: Message, used: set[Span]) -> list[Request | Held | Waiting] | None:
    """What an open question comes to; None where the message speaks of something else, which ends the question.

    Args:
        used: Gets the names and amounts that the answer took.
    """
    text, reading, waiting = message.said.text, message.reading, message.dialogue.waiting
    if waiting is None:
        return None
    has_amounts = bool(message.said.of("number", "share", "fraction", "duration"))  # "only 3 trials" changes what waits
    reads_no = reading.relations["no"] > 0.6 and len(text.split()) < 8 and not has_amounts
    if is_no(text) or is_no(message.say) or (reads_no and not _orders_other(reading, waiting)):
        return [Held(request=request, why="refusal") for request in waiting.requests]
    if waiting.lacking == "tool":
        return _chosen(text, message.say, waiting)
    if waiting.lacking is None:
        if (is_yes(text) or is_yes(message.say)) and not (
            _GOES_ON.search(text) and message.known.study_state == "paused"
        ):
            return list(waiting.requests)
        if _REGRETS.search(text):
            return [Held(request=request, why="refusal") for request in waiting.requests]
        is_agreed = reading.relations["yes"] > 0.6 and _AGREES.search(text) is not None
        is_agreed = is_agreed and (
            agrees(text) or agrees(message.say) or not any(one.tool == "start_study" for one in waiting.requests)
        )
        if is_agreed and waiting.requests and not _orders_other(reading, waiting):
            n = waiting.n_before
            return [*waiting.requests[:n], *_changed(message, waiting, used), *waiting.requests[n + 1 :]]
        return None
    return _filled(message, waiting, used)


def _orders_other(reading: Reading, waiting: Waiting) -> bool:
    """Whether the message, for all that it answers, asks for something that was not asked about."""
    tool = max(reading.whole, key=lambda label: reading.whole[label])
    asked = {request.tool for request in waiting.requests}
    return reading.whole[tool] > 0.7 and tool.partition(":")[0] not in {*asked, "none"}


def _chosen(text: str, say: str, waiting: Waiting) -> list[Request | Held | Waiting] | None:
    said = {one.strip().strip("*.!。").lower() for one in (text, say)}
    offered = zip(waiting.requests, waiting.choices, said_as_choices(waiting), strict=True)
    for request, *choices in offered:
        if said & {choice.lower() for choice in choices}:
            return [request]
    for place, pattern in enumerate(_PLACES[: len(waiting.requests)]):
        if pattern.match(text):
            return [waiting.requests[place]]
    kind = _KIND.match(text)
    of_kind = [one for one in waiting.requests if kind and one.tool.endswith(f"_{kind[1].lower()}")]
    if len(of_kind) == 1:
        return [*of_kind]
    return [waiting.requests[0]] if is_yes(text) else None


def _changed(message: Message, waiting: Waiting, used: set[Span]) -> list[Request | Held | Waiting]:
    """Yes, with changes: "yes, but ten trials"."""
    first, said = waiting.requests[waiting.n_before], message.said
    stretch = Stretch(said, [(0, len(said.text))], used)
    more = read_arguments(first.tool, stretch, message.known, is_edit=True)[0] if first.tool != "control_study" else {}
    more, _ = resolve(first.tool, more, message.known, message.dialogue)
    return [first.with_args(**_merged(first.tool, first.args, more, said.text))]


def _filled(message: Message, waiting: Waiting, used: set[Span]) -> list[Request | Held | Waiting] | None:
    """The first request with the argument that was asked for."""
    said, text, reading = message.said, message.said.text, message.reading
    first, name = waiting.requests[0], str(waiting.lacking)
    other = max(reading.whole, key=lambda label: reading.whole[label])
    speaks_of_other = (
        reading.relations["new"] > 0.5 and len(text.split()) > 3 and other.partition(":")[0] not in (first.tool, "none")
    )
    if speaks_of_other or (
        name in _NAMED and _OTHER_ORDER.match(text) and not first.tool.startswith(text.split()[0].lower())
    ):
        return None
    if name == "name" and is_yes(message.say):
        return None
    value: Any = None
    for place, pattern in enumerate(_PLACES[: len(waiting.choices)]):
        if pattern.match(text):
            value = waiting.choices[place]
    stretch = Stretch(said, [(0, len(said.text))], used)
    found = {} if first.tool == "control_study" else read_arguments(first.tool, stretch, message.known, is_edit=True)[0]
    if name == "name":
        found = {key: one for key, one in found.items() if key == "name"}  # what gets it is known
    if name == "change":  # whatever it is
        changes, _ = resolve(first.tool, found, message.known, message.dialogue)
        return [first.with_args(**changes)] if changes else None
    if value is None:
        value = found.get(name)
    if value in (None, "it"):
        value = _bare(name, text)
        used.update(said.spans)
    if value is None:
        return None
    more, _ = resolve(first.tool, found | {name: value}, message.known, message.dialogue)
    return [first.with_args(**(more | {name: more.get(name, value)})), *waiting.requests[1:]]


_NAMED = ("name", "dataset", "study", "user")
_OTHER_ORDER = re.compile(
    r"(?:please\s+)?(?:undo|delete|remove|compare|show|list|describe|rename|forget|export|confirm|explain|open|add|stop|pause|resume)\s+\S",
    re.IGNORECASE,
)
"""What is no answer to a question for a name."""
_ORDERS = re.compile(
    r"(?:undo|help|status|delete|remove|export|tune|start|confirm|explain|compare|show|list|describe|add|rename|open|forget|remember)\b",
    re.IGNORECASE,
)


def _bare(name: str, text: str) -> Any:
    """A short answer that is the value itself."""
    said = re.sub(
        r"^(?:the|on|for|user|study|dataset|trial|it'?s|call\s+it|with)\s+",
        "",
        text.strip().strip("\"'`.!"),
        flags=re.I,
    )
    words = said.split()
    if _ORDERS.match(said):
        return None
    if name == "param" and said.lower().replace(" ", "_") not in PARAM_WORDS:
        return None
    if name == "action":
        return next((action for action in ("pause", "resume", "stop") if action in said.lower()), None)
    if (
        name in ("dataset", "study", "user", "name", "param")
        and 0 < len(words) <= 2
        and re.fullmatch(r"[\w.@:/-]+", words[-1])
    ):
        return words[-1]
    if name == "trial" and said.isdigit():
        return int(said)
    return text.strip() if name in ("text", "lesson", "expression") and len(words) >= 2 else None


def edited(request: Request, dialogue: Dialogue, stretch: Stretch) -> Request:
    """The last request with what the message changes of it, where it is of the same tool."""
    same = next((last for last in reversed(dialogue.last) if last.tool == request.tool), None)
    if same is None:
        return request
    kept = {name: value for name, value in same.args.items() if not _conflicts(name, request.args)}
    is_again = _AGAIN.search(stretch.text) is not None
    if request.tool == "extend_study" and dialogue.waiting is None and not is_again:  # it was added once
        kept = {name: value for name, value in kept.items() if name not in ("n_trials", "time_limit_s")}
    return replace(request, args=_merged(request.tool, kept, _meant(request, same, stretch.text), stretch.said.text))


_AGAIN = re.compile(r"\b(?:again|once\s+more|repeat\s+(?:it|that))\b", re.IGNORECASE)
_TOTALS = {"n_trials": "total_trials", "time_limit_s": "total_time_s"}


def _meant(request: Request, same: Request, text: str) -> dict[str, Any]:
    """A bare amount is of the whole that the last request had: "wait, 25"."""
    args = dict(request.args)
    if request.tool == "repeat_trial" and "seed" in same.args and _WITH.search(text) and "seed" not in args:
        args["seed"] = args.pop("trial", same.args["seed"])  # "and with 9 as well" is of another seed
    if request.tool == "extend_study" and not _MORE.search(text):
        args = {_TOTALS[name] if _TOTALS.get(name) in same.args else name: value for name, value in args.items()}
    return args


_WITH = re.compile(r"\b(?:with|w/?|by|using)\s+\d+\b(?!\s*\w*trial)", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|another|extra|further|additional|add|longer|on\s+top)\b|\+|再|多", re.IGNORECASE)


_VALUES = ("low", "high", "choices", "value", "reset")


def _conflicts(name: str, new: Mapping[str, Any]) -> bool:
    """A range takes the place of a value and the other way round; one end of a range keeps the other."""
    given = set(_VALUES) & set(new)
    if name not in _VALUES or not given:
        return False
    return not (given <= {"low", "high"} and name in ("low", "high"))


def _merged(tool: str, before: Mapping[str, Any], more: Mapping[str, Any], said: str) -> dict[str, Any]:
    """New arguments over old ones; params add up, lists too where the words say "too"."""
    merged = dict(before)
    for name, value in more.items():
        old = merged.get(name)
        if name in ("params", "space") and isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[name] = dict(old) | dict(value)
        elif isinstance(old, list) and isinstance(value, list) and (ADDS.search(said) or name == "constraints"):
            merged[name] = list(dict.fromkeys([*old, *value]))
        else:
            merged[name] = value
    if "models" in more and "without" in merged and "without" not in more:
        del merged["without"]
    return merged
