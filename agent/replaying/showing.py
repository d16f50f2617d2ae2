"""A passage as a person reads it: who said what, what a model was shown, called and answered, what was cut and why."""

import json
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from agent.recording.reading import Line, Passage

_RESULT = 300  # characters of a result


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A few lines of one style, in rich's words."""

    text: str
    style: str = ""


def shown(passage: Passage, prompts: bool) -> Iterator[Part]:
    """The parts of a passage in order.

    Args:
        prompts: Whether prompts are shown whole; else only how long they are.
    """
    if passage.turn is None:
        yield Part(text=passage.name, style="bold")
    answers = {line["text"].strip() for line in passage.lines if line["kind"] == "answer"}
    for line in passage.lines:
        if line["kind"] == "prompt":
            yield from _prompt(line, prompts)
        elif line["kind"] == "reply":
            yield from _reply(line, answers)
        elif line["kind"] in _SHOWN:
            yield from _SHOWN[line["kind"]](line)
    if not passage.is_whole:
        yield Part(text="  The recording ends here, in the middle.", style="yellow")


def _turn(line: Line) -> Iterator[Part]:
    files = f"  [{', '.join(line['files'])}]" if line["files"] else ""
    yield Part(text=f"You ({line['chat']}, {line['at'][:19]}): {line['said']}{files}", style="bold")


def _prompt(line: Line, is_whole: bool) -> Iterator[Part]:
    messages = line["messages"]
    n = sum(len(str(message["data"]["content"])) for message in messages)
    n += len(json.dumps(line.get("tools") or "")) if line.get("tools") else 0
    yield Part(text=f"  prompt: {len(messages)} messages, {n:,} characters to {line['model']}", style="dim")
    for message in messages if is_whole else ():
        yield Part(text=f"    {message['type']}: {message['data']['content']}", style="dim")


def _reply(line: Line, answers: Container[str]) -> Iterator[Part]:
    """What a model said and called; what became the answer as it stands is shown there."""
    if "error" in line:
        yield Part(text=f"  failed: {line['error']['type']}: {line['error']['text']}", style="red")
        return
    data = (line["message"] or {"data": {}})["data"]
    said = str(data.get("content") or "").strip()
    calls = [f"{call['name']}({_args(call['args'])})" for call in data.get("tool_calls") or ()]
    for text in filter(None, ("the answer below, as it stands" if said in answers else said, *calls)):
        yield Part(text=f"  reply: {text}", style="cyan")


def _tool(line: Line) -> Iterator[Part]:
    yield Part(text=f"  → {line['tool']}({_args(line['args'])})", style="blue")
    yield Part(text=f"    {_short(line.get('error') or line['result'])}", style="dim")


def _refused(line: Line) -> Iterator[Part]:
    yield Part(text=f"  → {line['tool']}({_args(line['args'])}) was not called", style="yellow")
    yield Part(text=f"    {_short(line['result'].get('error', ''))}", style="dim")


def _checked(line: Line) -> Iterator[Part]:
    for cut in line["cuts"]:
        yield Part(text=f"  cut: {cut['text']}  [{cut['why']}]", style="red")
    for sentence in line["marked"]:
        yield Part(text=f"  not checked: {sentence}", style="yellow")


def _failed(line: Line) -> Iterator[Part]:
    yield Part(text=f"  no decision: {line['error']['text']}", style="red")


def _answer(line: Line) -> Iterator[Part]:
    yield Part(text=f"Answer: {line['text']}", style="green")


def _decided(line: Line) -> Iterator[Part]:
    proposal = line["proposal"]
    if "proposer" not in proposal:  # a language model did something to the study first
        yield Part(text=f"  decided: {_args(proposal['act'])}", style="green")
        yield Part(text=f"  why: {proposal['rationale']}")
        return
    yield Part(
        text=f"  chosen by {proposal['proposer']}: {proposal['model']}({_args(proposal['params'])})", style="green"
    )
    yield Part(text=f"  why: {proposal['rationale']}")
    if proposal.get("note"):
        yield Part(text=f"  note: {proposal['note']}", style="yellow")


_SHOWN: dict[str, Callable[[Line], Iterator[Part]]] = {
    "turn": _turn,
    "tool": _tool,
    "refused": _refused,
    "checked": _checked,
    "failed": _failed,
    "answer": _answer,
    "decided": _decided,
}


def _args(args: Line) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in args.items() if value is not None)


def _short(text: str) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= _RESULT else f"{line[:_RESULT]}… ({len(line):,} characters)"
