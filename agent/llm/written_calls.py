"""Calls of tools that a model wrote into its answer as text, as small models and servers with a wrong template do.

    <tool_call>{"name": "study_status", "arguments": {}}</tool_call>      Hermes, Qwen; also <function=…> with tags
    [TOOL_CALLS][{"name": …}] and [TOOL_CALLS]study_status{…}             Mistral
    <|python_tag|>{"name": …, "parameters": {…}} and <function=…>{…}      Llama
    ```json {"tool": "study_status", …}```, bare JSON, [study_status()]   models that were told to "answer in JSON"

They are read as strictly as calls that the server hands over, and pass the same checks. What follows a call is dropped:
it was written before the call's result was known.
"""

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.llm.errors import UnreadableCallError
from agent.llm.strict_json import NotStrictError, strict_object, strict_value
from agent.llm.thinking import held_back

_MARKS = (
    "<tool_call>",
    "<tool_calls>",
    "<function_call>",
    "<function=",
    "<|tool_call|>",
    "<|tool_call>",
    "<|python_tag|>",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "[TOOL_CALLS]",
    "functools[",
)
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_FENCE = re.compile(r"^[ \t]*```[\w-]*\s*(?=[\[{])", re.MULTILINE)
_BARE = re.compile(r"^\s*(?=\{\s*\"|\[\s*\{)", re.MULTILINE)
_ACTION = re.compile(r"^Action:[ \t]*([\w.-]+)\s*\nAction Input:\s*(?=\{)", re.MULTILINE)
_LOOSE = (_FENCE, _BARE, _ACTION)
_UNDECIDED = re.compile(r"\s*(?:\{\s*|\[\s*|`{1,3}|```[\w-]*\s*)?\Z")  # a line that may yet become one of these two
_BETWEEN = re.compile(
    r"(?:[\s,;]|```[\w-]*|</?tool_calls?>|</?function_calls?>|</function>|<\|/?tool_call\|?>|<\|python_tag\|>"
    r"|\[/?TOOL_CALLS\]|<\|e\w+\|>|</s>|functools(?=\[)|<｜[^｜]*｜>|function(?=<｜))*"
)
_TAGGED = re.compile(r"<function=([\w.-]+)>\s*")
_TAG = re.compile(r"\s*<parameter=([\w.-]+)>\n?(.*?)\n?</parameter>", re.DOTALL)
_NAMED = re.compile(r"([\w.-]+)\s*(?:\[CALL_ID\][\w-]*)?(?:\[ARGS\])?\s*(?:```json\s*)?(?=\{)")
_PYTHON = re.compile(r"\A\s*(?:```\w*\s*)?(\[?\s*\w+\(.*\)\s*\]?)\s*(?:```)?\s*\Z", re.DOTALL)
_NAMES = ("tool", "tool_name", "function_name", "function", "name", "action")
_SURE_NAMES = _NAMES[:4]  # an object with `name` may be of anything
_ARGUMENTS = ("arguments", "parameters", "args", "params", "input", "kwargs", "action_input", "tool_input")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCall:
    """One call."""

    tool: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An answer that calls tools in words."""

    before: str  # what was said before the first call
    calls: tuple[WrittenCall, ...]


def written_calls(text: str, tools: Collection[str]) -> Written | None:
    """The calls in the text; None where it holds none.

    Args:
        text: An answer without its thinking.
        tools: The names of those that can be called; an object that names none of them is shown as it is, unless it
            stands where only a call can.

    Raises:
        UnreadableCallError: Something is marked as a call and cannot be read.
    """
    at, is_marked = _opening(text)
    if at is None:
        found = _python_calls(text, tools)
        return Written(before="", calls=found) if found else None
    try:
        calls = tuple(_read(text[at:], tools, is_marked))
    except NotStrictError as error:
        if is_marked or _is_meant(text[at:], tools):
            raise UnreadableCallError(f"the call that it wrote cannot be read: {error}") from None
        return None
    if not calls and is_marked:
        raise UnreadableCallError("the call that it wrote cannot be read: it names no tool")
    return Written(before=text[:at].strip(), calls=calls) if calls else None


class ShownText:
    """Takes an answer as it streams and gives what may be shown: all but what begins like a call."""

    def __init__(self) -> None:
        self._text = ""
        self._n_given = 0
        self._is_call = False

    def feed(self, text: str) -> str:
        """The part of the text so far that begins no call and was not yet given."""
        self._text += text
        if self._is_call:
            return ""
        at, _ = _opening(self._text[self._line_start() :])
        self._is_call = at is not None
        end = len(self._text) - self._n_undecided() if at is None else self._line_start() + at
        return self._give(end)

    def finish(self) -> str:
        """What was held back, should it be no call."""
        return self._give(len(self._text))

    def _line_start(self) -> int:
        """Where the line that was given last begins, before which nothing is held back."""
        return self._text.rfind("\n", 0, self._n_given) + 1

    def _n_undecided(self) -> int:
        line = self._text.rpartition("\n")[2]
        marks = max(held_back(line, mark) for mark in _MARKS)
        last = self._text[self._line_start() :]
        fence = re.search(r"^[ \t]*```[\w-]*\s*\Z", last, re.MULTILINE)
        held = len(last) - fence.start() if fence else 0
        return max(marks, held, len(line) if line.strip() and _UNDECIDED.match(line) else 0)

    def _give(self, end: int) -> str:
        end = max(end, self._n_given)
        given, self._n_given = self._text[self._n_given : end], end
        return given


def _opening(text: str) -> tuple[int | None, bool]:
    """Where the first call may begin, and whether that is sure."""
    mark = _MARK.search(text)
    loose = min((found.start() for pattern in _LOOSE if (found := pattern.search(text))), default=None)
    if mark is None or (loose is not None and loose < mark.start()):
        return loose, False
    return mark.start(), True


def _read(text: str, tools: Collection[str], is_marked: bool) -> Iterator[WrittenCall]:
    """The calls that the text begins with, up to whatever is none."""
    while text := text[_BETWEEN.match(text).end() :]:  # type: ignore[union-attr]  # it matches nothing as well
        if tagged := _TAGGED.match(text):
            args, text = _tag_arguments(text[tagged.end() :])
            yield WrittenCall(tool=tagged[1], args=args)
        elif text[0] in "{[":
            value, text = strict_value(text)
            calls = _calls_of(value, tools, is_marked)
            if not calls:
                return
            yield from calls
        elif named := (_NAMED if is_marked else _ACTION).match(text):
            value, text = strict_value(text[named.end() :])
            yield WrittenCall(tool=named[1], args=_arguments(value))
        else:
            return


def _tag_arguments(text: str) -> tuple[Mapping[str, Any], str]:
    """As JSON, or as `<parameter=key>` tags, and what follows."""
    if text.startswith("{"):
        value, rest = strict_value(text)
        return _arguments(value), rest
    args: dict[str, Any] = {}
    while tag := _TAG.match(text):
        if tag[1] in args:
            raise NotStrictError(f"it gives `{tag[1]}` twice")
        args[tag[1]], text = _bare_value(tag[2]), text[tag.end() :]
    if not text.lstrip().startswith("</function>"):
        raise NotStrictError("it has no end")
    return args, text


def _bare_value(text: str) -> Any:
    """JSON where it is some; else the text itself, since strings stand bare."""
    try:
        value, rest = strict_value(text.strip())
    except NotStrictError:
        return text
    return text if rest else value


def _calls_of(value: Any, tools: Collection[str], is_marked: bool) -> tuple[WrittenCall, ...]:
    if isinstance(value, list):
        found = [_calls_of(one, tools, is_marked) for one in value]
        return tuple(call for calls in found for call in calls) if all(found) else ()
    if not isinstance(value, dict):
        return ()
    if isinstance(value.get("tool_calls"), list):
        return _calls_of(value["tool_calls"], tools, is_marked)
    if isinstance(value.get("function"), dict):
        return _calls_of(value["function"], tools, is_marked)
    key = next((key for key in _NAMES if isinstance(value.get(key), str)), None)
    return () if key is None else _named_call(value, key, tools, is_marked)


def _named_call(value: dict[str, Any], key: str, tools: Collection[str], is_marked: bool) -> tuple[WrittenCall, ...]:
    tool = value[key].strip().removeprefix("functions.")
    others = {name: one for name, one in value.items() if name not in (key, "id", "type")}
    place = next((name for name in _ARGUMENTS if name in others), None)
    if place is not None and len(others) > 1:
        place = None  # an argument of the tool that is called like this, among others
    is_sure = is_marked or (key in _SURE_NAMES and (place is not None or not others))
    if tool not in tools and not is_sure:
        return ()
    return (WrittenCall(tool=tool, args=others if place is None else _arguments(others[place])),)


def _arguments(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        return strict_object(value)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotStrictError("its arguments are no object")
    return value


def _is_meant(text: str, tools: Collection[str]) -> bool:
    """Whether broken JSON was meant as a call: it gives a tool's name as such."""
    key = "|".join(_NAMES)
    return any(re.search(rf'"(?:{key})"\s*:\s*{re.escape(json.dumps(tool))}', text) for tool in tools)


def _python_calls(text: str, tools: Collection[str]) -> tuple[WrittenCall, ...]:
    """`study_status()` or `[explain_trial(trial=3), …]`, where the answer is nothing else."""
    whole = _PYTHON.match(text)
    if whole is None:
        return ()
    try:
        body = ast.parse(whole[1].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    calls = body.elts if isinstance(body, ast.List) else [body]
    try:
        return tuple(_python_call(call, tools) for call in calls)
    except ValueError:
        return ()


def _python_call(node: ast.expr, tools: Collection[str]) -> WrittenCall:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in tools or node.args:
        raise ValueError("no call of a tool")
    if any(keyword.arg is None for keyword in node.keywords):
        raise ValueError("no call of a tool")
    args = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in node.keywords}
    return WrittenCall(tool=node.func.id, args=args)
