"""A message becomes a plan: what is done now, what is held back and why, what the person is asked.

Planner(reader).plan("tune sasrec on demo, 6 trials", known, Dialogue())
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from agent.understanding import answers_to, defaults
from agent.understanding.arguments import read_arguments
from agent.understanding.card import CANCEL, DO, LEAVE, RUN, card
from agent.understanding.corrections import marker_between
from agent.understanding.costs import is_costly
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import Heard, heard
from agent.understanding.known import Known
from agent.understanding.leftovers import unused
from agent.understanding.moods import objection
from agent.understanding.plan import Held, Mood, Plan, Request, Waiting, Why
from agent.understanding.questions import (
    lacking,
    not_removed,
    nothing_to_run,
    question,
    speaks_of_a_part,
    uncountable,
    which_tool,
)
from agent.understanding.reader import MessageReader, Reading
from agent.understanding.references import resolve
from agent.understanding.second_thoughts import joined, named_kind, reconsidered
from agent.understanding.segments import Segment, segments
from agent.understanding.steering import changes_card, steered, steers
from agent.understanding.stretch import Stretch
from agent.understanding.verbatim import verbatim
from agent.words.acts import ACTS
from agent.words.chinese import is_chinese
from agent.words.said import Said, Span

ORDERED = 0.8  # the probability of an order above which an act is done
CERTAIN = 0.97  # of an order: where a rule reads a refusal all the same, the person is asked
SURE = 0.5  # of a tool that acts; below it the person is asked which is meant
ASKS = 0.5  # the probability that a clause of a segment asks for its act; below it its mood does not count
SURE_READING = 0.25  # of a tool that only reads
EDITS = 0.5
_FILE = re.compile(r"[/\\]|\.\w{2,7}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """A message as it is read."""

    say: str
    heard: Heard
    reading: Reading
    known: Known
    dialogue: Dialogue

    @property
    def said(self) -> Said:
        return self.heard.said


class Planner:
    """Makes plans; holds no state of its own."""

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader

    def plan(self, say: str, known: Known, dialogue: Dialogue) -> Plan:
        """What is done with a message, given what is known and how the dialogue stands. Nothing is called."""
        listened = self.heard(say, known)
        said, text = listened.said, listened.said.text
        asked = dialogue.waiting.text if dialogue.waiting else None
        reading = self._reader.read(said, dialogue.last_tool, known.study_state, asked)
        message = _Message(say=say, heard=listened, reading=reading, known=known, dialogue=dialogue)
        if (
            dialogue.waiting is not None
            and (answered := answers_to.settle(text, said, reading, known, dialogue)) is not None
        ):
            is_agreed = dialogue.waiting.lacking is None
            return replace(self._checked(message, answered, set(said.spans), is_agreed=is_agreed), say=say)
        used: set[Span] = set()
        requests = self._requests(message, used)
        return self._checked(message, requests, used)

    def heard(self, say: str, known: Known) -> Heard:
        """The message as it is read, before it is planned."""
        return heard(say, known.names, self._reader.is_word)

    def _requests(self, message: _Message, used: set[Span]) -> list[Request | Held | Waiting]:
        found: list[Request | Held | Waiting] = []
        asking = [one for one in segments(message.reading) if one.label != "none"]
        asking, doubts = reconsidered(message.said, message.reading, asking)
        is_edit = message.reading.relations["edit"] > EDITS and bool(message.dialogue.last)
        if not asking and is_edit:
            asking = [_whole(message)]
        for place, segment in enumerate(asking):
            rest = _silent_parts(message, asking, place)
            more: list[Request | Held | Waiting] = []
            for parts in _parted(message.said, segment):
                stretch = Stretch(message.said, sorted((*parts, *rest)), used)
                doubt = doubts.get(place)
                more += self._of(message, segment, stretch, doubt, is_edit=is_edit and len(asking) == 1)
                rest = []
            found += more
            done = tuple(one for one in more if isinstance(one, Request))
            message = replace(message, dialogue=replace(message.dialogue.after(done), last=message.dialogue.last))
        return joined(found)

    def _of(
        self, message: _Message, segment: Segment, stretch: Stretch, doubt: "Why | None", *, is_edit: bool
    ) -> list[Request | Held | Waiting]:
        """The requests of one segment; `doubt` is why they are not done at once."""
        segment = replace(segment, label=named_kind(segment.label, message.said, segment.parts))
        acts = ACTS[segment.tool].kind != "reads"
        if segment.confidence < (SURE if acts else SURE_READING) and (options := _options(segment)):
            return [which_tool(message.say, options, stretch, message.known)]
        tool, mood = segment.tool, _mood(segment, stretch)
        if doubt is not None:
            mood = (mood[0], doubt)
        if tool == "run_trial" and mood[1] is None and not _has_something_to_run(message, stretch):
            return [nothing_to_run()]
        narrowed = _narrowed(stretch, message.known, mood[0]) if tool == "extend_study" else []
        calls = (
            [{"action": segment.action}]
            if tool == "control_study"
            else read_arguments(tool, stretch, message.known, is_edit=is_edit)
        )
        requests = [Request(tool=tool, args=args, mood=mood[0], words=stretch.text) for args in calls]
        if tool == "extend_study":
            requests = [*narrowed, *(one for one in requests if one.args or not narrowed)]
        found: list[Request | Held | Waiting] = []
        for request in requests:
            if tool in ("delete_study", "remove_dataset") and speaks_of_a_part(stretch.text):
                found.append(not_removed(stretch.text))
                continue
            if (changed := changes_card(request, message.dialogue.waiting, stretch.text)) is not None:
                found.append(Held(request=changed, why=mood[1]) if mood[1] else changed)
                continue
            if steers(request, message.known, stretch.text):
                changes = steered(request) if mood[1] is None else [Held(request=request, why=mood[1])]
                found += [_resolved(one, message) if isinstance(one, Request) else one for one in changes]
                continue
            why = mood[1]
            if is_edit and message.dialogue.last:
                request, was = answers_to.edited(request, message.dialogue, stretch), request
                why = why or ("unclear" if _changes_nothing(was, message) else None)
            request = _resolved(request, message)
            if is_chinese(message.say):
                request = verbatim(request, message.say)
            if request.acts and not why and (asked := uncountable(request)) is not None:
                found.append(asked)
                continue
            found.append(Held(request=request, why=why) if why and request.acts else request)
        return found

    def _checked(
        self, message: _Message, found: Sequence[Request | Held | Waiting], used: set[Span], *, is_agreed: bool = False
    ) -> Plan:
        """The plan, after both ends were checked: what was said is used, what is done was said.

        Args:
            is_agreed: The person said yes to these requests; they are done whatever they cost or take away.
        """
        held = tuple(one for one in found if isinstance(one, Held))
        asked = next((one for one in found if isinstance(one, Waiting)), None)
        requests = [one for one in found if isinstance(one, Request)]
        near = tuple((message.said.words(s), _name(s)) for s in message.said.spans if s.is_near and s in used)
        if any(request.acts for request in requests):
            near += message.heard.respelt
        ready, waiting = _ready(_with_files(requests, message.known), message.known)
        left = unused(message.said, used, ready, held) if any(request.acts for request in ready) else ()
        acts = [request for request in ready if request.acts]
        away = [request for request in acts if ACTS[request.tool].kind == "destructive"]
        dear = [request for request in acts if is_costly(request, message.known)]
        unclear = [one.request for one in held if one.why == "unclear"]
        doubts: tuple[tuple[Why, list[Request]], ...]
        doubts = (
            ("unused", acts if left else []),
            *((("destructive", away), ("costly", dear)) if not is_agreed else ()),
        )
        doubtful = [request for request in acts if any(request in group for _, group in doubts)]
        if doubtful:
            why = next(why for why, group in doubts if group)
            asks = _asks(why, doubtful, left, message)
            rest = waiting.requests if waiting is not None else ()
            waiting = replace(asks, requests=(*asks.requests, *rest))
            ready = [request for request in ready if request not in doubtful]
        if unclear and waiting is None and asked is None:
            waiting = _asks("unclear", unclear, (), message)
        elif asked is not None and waiting is not None:
            waiting = replace(waiting, text=f"{waiting.text}\n\n{asked.text}")
        return Plan(
            say=message.say,
            requests=tuple(ready),
            held=held,
            unused=left,
            waiting=waiting or asked,
            near=near,
        )


def _narrowed(stretch: Stretch, known: Known, mood: Mood) -> list[Request]:
    """What is said of params in words that seem to extend a study, which takes none: "batch size 128 or 256"."""
    if not stretch.spans("param"):
        return []
    found = read_arguments("set_search_space", stretch, known)
    bounds = {"low", "high", "value", "choices", "reset"}
    return [
        Request(tool="set_search_space", args=args, mood=mood, words=stretch.text)
        for args in found
        if "param" in args and bounds & set(args)
    ]


_RUNS = re.compile(r"\b(?:trials?|train\w*|next|another|one|experiment|try|test)\b|试|次", re.IGNORECASE)


def _has_something_to_run(message: _Message, stretch: Stretch) -> bool:
    """Whether "do it" can mean a trial: one is proposed, or the words speak of one."""
    known, dialogue = message.known, message.dialogue
    if (
        known.pending is not None
        or known.study_state == "waiting"
        or dialogue.last_tool in ("propose_trial", "predict")
    ):
        return True
    return bool(stretch.spans("param", "number", "trial", "model", "share")) or bool(_RUNS.search(stretch.text))


def _changes_nothing(request: Request, message: _Message) -> bool:
    """Whether a change of what was just done names nothing to change of it, though it names something."""
    last = next((one for one in reversed(message.dialogue.last) if one.tool == request.tool), None)
    changes = {name: value for name, value in request.args.items() if last is None or last.args.get(name) != value}
    return request.acts and last is not None and not changes and not _AGAIN.search(message.said.text)


_AGAIN = re.compile(r"\b(?:again|same|repeat|once\s+more|another|more|redo)\b|再|重", re.IGNORECASE)


def _whole(message: _Message) -> Segment:
    """The message as one segment of the tool that the turn before used."""
    last = message.dialogue.last[-1]
    label = f"control_study:{last.args.get('action')}" if last.tool == "control_study" else last.tool
    moods = {"order": 1.0, "question": 0.0, "supposition": 0.0, "refusal": 0.0, "later": 0.0}
    return Segment(label=label, parts=((0, len(message.said.text)),), confidence=1.0, moods=moods, runners_up=())


_ONCE = {
    "start_study": "dataset",
    "recommend_items": "user",
    "run_trial": "param",
    "predict": "param",
    "explain_trial": "trial",
}
"""What a call of a tool holds once: a second one in a later clause makes a second call."""


def _parted(said: Said, segment: Segment) -> list[list[tuple[int, int]]]:
    """The clauses of each call, where one segment asks for the same tool twice: "one with dropout 0.4 and one with 0.1"."""
    kind = _ONCE.get(segment.tool)
    groups: list[list[tuple[int, int]]] = [[]]
    seen: set[object] = set()
    for start, end in segment.parts:
        here = {span.value for span in said.of(kind, start=start, end=end)} if kind else set()
        again = here & seen if kind == "param" else here - seen if seen else set()
        if groups[-1] and again and not marker_between(said, groups[-1][0][0], start):
            groups.append([])
            seen = set()
        groups[-1].append((start, end))
        seen |= here
    return groups


def _silent_parts(message: _Message, asking: Sequence[Segment], place: int) -> list[tuple[int, int]]:
    """Clauses that ask for nothing belong to the request that follows them, or to the last one."""
    own = asking[place].parts
    start = asking[place - 1].parts[-1][1] if place else 0
    end = len(message.said.text) if place == len(asking) - 1 else own[0][0]
    taken = {part for segment in asking for part in segment.parts}
    places = [(clause.start, clause.end) for clause in message.reading.clauses]
    return [part for part in places if part not in taken and start <= part[0] and part[1] <= end]


def _mood(segment: Segment, stretch: Stretch) -> tuple[Mood, Any]:
    """The mood, and why an act is held back; None: it is an order.

    One clause that orders it is enough, unless another one takes it back.
    """
    marked = stretch.said.marked
    moods: list[Any] = []
    clauses = [one for one in segment.clauses if one.acts[segment.label] >= ASKS] or list(segment.clauses)
    for clause in clauses:
        found = max(clause.moods, key=lambda mood: clause.moods[mood])
        rule = objection(
            marked[clause.start : clause.end], segment.tool, marked[_sentence(marked, clause.start) : clause.end]
        )
        if found == "order":
            found = "order" if rule is None and clause.moods["order"] >= ORDERED else rule or "unclear"
            if rule == "refusal" and clause.moods["order"] > CERTAIN:
                found = "unclear"
        moods.append(found)
    if not moods or set(moods) == {"order"}:
        return "order", None
    if "order" in moods and not {"refusal", "later"} & set(moods):
        return "order", None
    if "order" in moods or "unclear" in moods:
        return "order", "unclear"
    return moods[0], moods[0]


def _sentence(marked: str, place: int) -> int:
    """Where the sentence begins that a place belongs to."""
    return max((match.end() for match in re.finditer(r"[.!?;\n]\s", marked[:place])), default=0)


def _options(segment: Segment) -> tuple[str, ...]:
    labels = [segment.label, *segment.runners_up]
    return tuple(dict.fromkeys(label.partition(":")[0] for label in labels if label != "none"))


def _resolved(request: Request, message: _Message) -> Request:
    args, _ = resolve(request.tool, request.args, message.known, message.dialogue)
    return defaults.filled(replace(request, args=args), message.known, message.dialogue)


def _with_files(requests: Sequence[Request], known: Known) -> list[Request]:
    """A study on a file begins by reading the file; one that the message reads anyway is called as it was named."""
    found: list[Request] = []
    for request in requests:
        path = request.args.get("dataset")
        if (
            isinstance(path, str)
            and request.tool != "add_dataset"
            and _FILE.search(path)
            and path not in known.datasets
        ):
            added = next((one for one in found if one.tool == "add_dataset" and one.args.get("path") == path), None)
            if added is None and request.tool == "start_study":
                found.append(added := Request(tool="add_dataset", args={"path": path}, words=request.words))
            name = (added.args.get("name") if added else None) or PurePath(path).name.partition(".")[0]
            request = request.with_args(dataset=name)
        found.append(request)
    return found


def _ready(requests: Sequence[Request], known: Known) -> tuple[list[Request], Waiting | None]:
    """The requests that can be done, and the question for the first argument that one lacks."""
    ready: list[Request] = []
    for place, request in enumerate(requests):
        missing = lacking(request)
        if missing is not None:
            rest = (request, *requests[place + 1 :])
            return ready, question_for(rest, missing, known)
        ready.append(request)
    return ready, None


def _asks(why: Why, requests: Sequence[Request], left: Sequence[str], message: _Message) -> Waiting:
    """Whether these requests shall be done: a plan card where they train, else a question."""
    trains = any(ACTS[request.tool].kind == "costly" for request in requests)
    text = card(requests, left, message.said, message.known) if trains else question(why, requests, left)
    choices = (DO, LEAVE) if why == "unclear" else (RUN, CANCEL) if trains else ()
    return Waiting(requests=tuple(requests), choices=choices, text=text, why=why)


def question_for(requests: tuple[Request, ...], missing: str, known: Known) -> Waiting:
    """The question for one argument."""
    from agent.understanding.questions import which_argument

    return which_argument(requests, missing, known)


def _name(span: Span) -> str:
    return str(span.value[0] if isinstance(span.value, tuple) else span.value)
