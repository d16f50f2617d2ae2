"""The requests that a message makes, segment by segment, before both ends are checked."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.understanding.arguments import defaults, trial_args
from agent.understanding.arguments.approval_words import is_approval_alone, says_approval
from agent.understanding.arguments.arguments import read_arguments, steering
from agent.understanding.arguments.first_words import runs_first
from agent.understanding.asking import answers_to
from agent.understanding.asking.questions import (
    not_removed,
    nothing_to_run,
    one_at_a_time,
    speaks_of_a_part,
    takes_away,
    uncountable,
    which_argument,
    which_tool,
)
from agent.understanding.bounds.asked_for_bound import asks_for_bound
from agent.understanding.bounds.out_of_place import out_of_place
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.card import plan_card
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.clauses.moods import mood_of
from agent.understanding.clauses.notes import follows_note, notes_in
from agent.understanding.clauses.restarts import begun_again
from agent.understanding.clauses.second_thoughts import joined, reconsidered
from agent.understanding.clauses.segments import Segment, parted, segments
from agent.understanding.clauses.verbatim import verbatim
from agent.understanding.data.deletions import NO_UNDO, deletion
from agent.understanding.data.leaving_out import RUNS_BY_ITSELF, not_understood, wants_no_removal
from agent.understanding.data.likes_words import is_positive_alone, says_positive
from agent.understanding.data.outcome_words import are_outcomes_alone
from agent.understanding.data.repeat_words import is_repeat_events_alone
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.meant_calls import may_forget
from agent.understanding.meant_tools import OF_DATA, OF_STUDY, meant_tool, removes, renames
from agent.understanding.message import Message
from agent.understanding.names.new_names import study_called
from agent.understanding.names.new_studies import (
    before_card,
    card_of,
    name_of,
    named_after_start,
    named_with_file,
    names_new_study,
    naming,
    on_card,
)
from agent.understanding.names.references import with_open
from agent.understanding.names.taken_back import not_taken_away, without_unknown
from agent.understanding.names.what_is_renamed import is_only_pointed_at, meant_by_it, which_is_renamed
from agent.understanding.plan import Held, Mood, Request, Waiting, Why
from agent.understanding.steering import changes_card, steered, steers, with_other_likes
from agent.words.acts import ACTS
from agent.words.chinese import is_chinese
from agent.words.said import Said, Span

SURE = 0.5  # of a tool that acts; below it the person is asked which is meant
SURE_READING = 0.25  # of a tool that only reads
EDITS = 0.5
Found = list[Request | Held | Waiting]


def requests_of(message: Message, used: set[Span]) -> Found:
    """What the message asks for, in order: requests, those that are held back, questions for what is unclear.

    Args:
        used: Gets the names and amounts that a request took.
    """
    if (again := begun_again(message, used)) is not None:
        return [again]
    if (changed := _amount_of_card(message, used)) is not None:
        return changed
    found: Found = []
    asking = [one for one in segments(message.reading) if one.label != "none"]
    asking, doubts = reconsidered(message.said, message.reading, asking)
    asking = _with_terms(message.said, asking)
    if any(is_alone(message.said) for is_alone in (is_positive_alone, is_repeat_events_alone, are_outcomes_alone)):
        asking, doubts = [_as_one(message, "start_study")], {}
    if message.known.study is not None and is_approval_alone(message.said):
        asking, doubts = [_as_one(message, "extend_study")], {}
    if message.said.has(_JOINS_FILE) or message.said.has(_ADDS_ONLY) or _adds_with_likes(message.said):
        asking, doubts = [_as_one(message, "add_dataset")], {}
    if NO_UNDO.search(message.said.text) and removes(message.said.text):
        others = [one for one in asking if one.tool != "undo"]
        asking = others or [_as_one(message, "delete_study" if message.said.of("study") else "remove_dataset")]
    notes = notes_in(message.reading, message.said)
    is_on_card = card_of(message.dialogue) is not None
    is_edit = message.reading.relations["edit"] > EDITS and bool(message.dialogue.last)
    if not asking and is_edit:
        asking = [_whole(message)]
    if not asking and _EXPORTS.match(message.said.text) and message.said.of("study"):
        asking = [_as_one(message, "export_model")]  # "export demo-1 to /tmp/x"
    names = [n for n in range(len(asking)) if names_new_study(message.said, asking, n, is_on_card=is_on_card)]
    for place, segment in enumerate(asking):
        is_note, is_name = any(note.start == segment.parts[0][0] for note in notes), place in names
        rest = [] if is_note or is_name else _silent_parts(message, asking, place, names)
        more: Found = []
        if is_name:
            segment = replace(segment, label="rename_study")
        for parts in parted(message.said, segment):
            stretch = Stretch(message.said, sorted((*parts, *rest)), used)
            doubt: Why | None = "unclear" if follows_note(segment, notes, message.said) else None
            doubt = doubts.get(place, doubt)
            if is_name:
                more += _naming(message, segment, stretch, doubt)
                continue
            more += _of_segment(message, segment, stretch, doubt, is_edit=is_edit and len(asking) == 1)
            rest = []
        found += more
        done = tuple(one for one in more if isinstance(one, Request))
        message = replace(message, dialogue=replace(message.dialogue.after(done), last=message.dialogue.last))
    if (asked := out_of_place(message, found)) is not None:
        return [asked]
    return named_after_start(named_with_file(joined(found)))


_AMOUNT_ALONE = (
    r"^\W*(?:(?:only|just|make\s+(?:it|that)|rather|better|but|with|for|ok|okay|please|say|no)\W+)*(?:{number}\s*(?:trials?|runs?|tries)|{duration})"
    r"(?:\W+(?:please|only|instead|then|max|is\s+enough|will\s+do|are\s+enough))*\W*$"
)


def _amount_of_card(message: Message, used: set[Span]) -> Found | None:
    """The study on the plan card with the trials, or the time, that the message says and nothing else: "only 5 trials"."""
    shown = card_of(message.dialogue)
    if shown is None or not message.said.has(_AMOUNT_ALONE):
        return None
    stretch = Stretch(message.said, [(0, len(message.said.text))], used)
    args = read_arguments("start_study", stretch, message.known, is_edit=True)[0]
    amounts = {name: args[name] for name in ("n_trials", "time_limit_s") if name in args}
    changed = replace(shown.with_args(**amounts), limited=())
    return [*before_card(message.dialogue), changed, *on_card(message.dialogue)] if amounts else None


def _with_terms(said: Said, asking: Sequence[Segment]) -> list[Segment]:
    """The segments, what counts as a like, and what is to run first, joined to the study that the same message begins, in any order."""
    spans = [Stretch(said, one.parts) for one in asking]
    starts = [
        n
        for n, one in enumerate(asking)
        if one.tool == "start_study" and spans[n].spans("model", "dataset", "path") and says_tuning(spans[n].text)
    ]
    terms = [n for n, one in enumerate(spans) if n not in starts and "?" not in one.text and _says_terms(one)]
    terms += [
        n
        for n, one in enumerate(spans)
        if asking[n].tool == "run_trial" and starts[:1] < [n] and one.spans("param") and runs_first(one.text)
    ]
    if len(starts) != 1 or not terms:
        return list(asking)
    parts = sorted(part for n in (*starts, *terms) for part in asking[n].parts)
    begins = replace(asking[starts[0]], parts=tuple(parts))
    return [begins if n == starts[0] else one for n, one in enumerate(asking) if n not in terms]


def _says_terms(stretch: Stretch) -> bool:
    is_of_likes = says_positive(stretch) and not stretch.spans("model", "study", "param", "path")
    return is_of_likes or says_approval(stretch)


def says_tuning(text: str) -> bool:
    """Whether the words begin a study."""
    return _STARTS.search(text) is not None


def _adds_with_likes(said: Said) -> bool:
    """Whether a file is read, and which of its ratings are likes is said with it."""
    is_read = said.has(_ADDS_FILE) and not says_tuning(said.text)
    return is_read and says_positive(Stretch(said, [(0, len(said.text))]))


_STARTS = re.compile(r"\b(?:tune|train|study|trials?|start|run)\b", re.IGNORECASE)


def _naming(message: Message, segment: Segment, stretch: Stretch, doubt: Why | None) -> Found:
    """The name of the study that the message starts; with that study where it waits on a card."""
    name, why = name_of(stretch), doubt or mood_of(segment, stretch.said.marked)[1]
    shown = card_of(message.dialogue)
    if shown is None or why is not None:
        return [naming(stretch, name, why)]
    first = [Held(request=one, why="unclear") for one in (*before_card(message.dialogue), shown)]
    return [*first, naming(stretch, name, "unclear")]


def _of_segment(message: Message, segment: Segment, stretch: Stretch, doubt: Why | None, *, is_edit: bool) -> Found:
    """The requests of one segment; `doubt` is why they are not done at once."""
    if segment.action is None:
        segment = replace(
            segment, label=meant_tool(segment.tool, segment.mood, stretch, message.known, message.dialogue)
        )
    acts = ACTS[segment.tool].kind != "reads"
    sure = SURE if acts else SURE_READING
    unsure = segment.confidence < sure and not _is_told(segment, stretch)
    options = _options(segment) if unsure else ()
    options = tuple(one for one in options if one != "forget_lesson" or may_forget(message.say, message.known))
    options = tuple(one for one in options if not _is_risky_guess(one, message))
    if unsure and not options:
        return []
    if _removes_nothing(options[0] if options else segment.tool, stretch, message):
        return [not_understood(stretch.text, message.dialogue.dataset)]
    if options := tuple(one for one in options if not _removes_nothing(one, stretch, message)):
        return [which_tool(message.say, options, stretch, message.known)]
    mood, why = mood_of(segment, stretch.said.marked)
    why = doubt or why
    is_edit = is_edit and not (segment.tool == "add_dataset" and stretch.has(_ADDS_FILE))
    if segment.tool == "run_trial" and why is None and not _has_something_to_run(message, stretch):
        return [nothing_to_run()]
    name = study_called(stretch) if segment.tool == "start_study" else None
    found = [
        one
        for request in _read(message, segment, stretch, mood, is_edit=is_edit)
        for one in _meant(request, message, stretch, why, is_edit=is_edit)
    ]
    starts = any(isinstance(one, Request) and one.tool == "start_study" for one in found)
    return [*found, naming(stretch, name, why)] if name and starts else found


_SAYS_SO = {
    "confirm": re.compile(r"\bconf[ir]+\w*|\btest\b|\bseeds?\b|\bverif\w+|确认|测试", re.IGNORECASE),
    "delete_study": re.compile(r"\b(?:delet|remov|eras|drop|discard|trash|purg|kill|rid|throw)\w*|删", re.IGNORECASE),
    "remove_dataset": re.compile(
        r"\b(?:delet|remov|eras|drop|discard|trash|purg|kill|rid|throw)\w*|删|移除", re.IGNORECASE
    ),
    "undo": re.compile(
        r"\b(?:undo|undid|revert\w*|take|took|back|reverse|restore|recover|cancel|oops|mistake|wrong|before)\b|撤|恢复|取消",
        re.IGNORECASE,
    ),
}
"""What cannot be taken back, or takes something away, is offered as a guess only where words speak of it."""


def _is_risky_guess(tool: str, message: Message) -> bool:
    return tool in _SAYS_SO and not _SAYS_SO[tool].search(message.say)


_TO = r"(?:the\s+|my\s+|our\s+)?(?:data\s?set\s+|data\s+)?[\"'`“‘]?{dataset}[\"'`”’]?"
_JOINS_FILE = (
    rf"^\W*(?:{POLITENESS})(?:(?:(?:can|could|would)\s+you\s+(?:please\s+)?)?(?:append|attach|add|join|merge|put)\s+(?:(?:the\s+)?(?:\w+\s+)?(?:of|from|in)\s+|the\s+file\s+)?"
    rf"[\"'`]?{{path}}[\"'`]?\s+(?:to|onto|into|with|on\s+top\s+of)\s+{_TO}|(?:extend|enlarge|grow|update)\s+{_TO}\s+(?:with|by)\s+[\"'`]?{{path}}[\"'`]?)(?:\s+please)?\W*$"
)
"""A file whose events are joined to a dataset, and nothing else."""
_ADDS_ONLY = rf"^\W*(?:{POLITENESS})(?:(?:can|could)\s+you\s+)?(?:please\s+)?(?:add|load|import|read(?:\s+in)?|register|take)\s+(?:(?:in\s+)?(?:the\s+)?file\s+)?[\"'`]?{{path}}[\"'`]?(?:\s+(?:again|in))?(?:\W+(?:and\s+)?(?:as|(?:call(?:ed)?|named?)(?:\s+(?:it|this))?)\s+[\"'`“]?[^\s,;]+)?(?:\s+please)?\W*$"
"""A file that is read, and what it is called, and nothing else."""
_ADDS_FILE = r"\b(?:add|append|attach|load|import|read|join|merge|put)\b[^.;!?]*{path}"
"""A file of its own: nothing that was said of another one goes with it."""


def _read(message: Message, segment: Segment, stretch: Stretch, mood: Mood, *, is_edit: bool) -> list[Request]:
    """The calls as the segment's words put them, nothing resolved."""
    tool = segment.tool
    narrowed = _narrowed(stretch, message.known, mood) if tool == "extend_study" else []
    calls = (
        [{"action": segment.action} | args for args in steering(stretch, message.known)]
        if tool == "control_study"
        else read_arguments(tool, stretch, message.known, is_edit=is_edit)
    )
    if tool in ("run_trial", "predict"):
        calls = [trial_args.with_bare_value(args, stretch, _param(message.dialogue), message.known) for args in calls]
    requests = [Request(tool=tool, args=args, mood=mood, words=stretch.text) for args in calls]
    return [*narrowed, *(one for one in requests if one.args or not narrowed)]


def _cannot_be(request: Request, known: Known) -> bool:
    """Whether a bare amount was taken for the param talked of last, which cannot be that: "20, in all" after dropout."""
    if request.tool != "set_search_space" or "param" not in request.args:
        return False
    values = [request.args[name] for name in ("low", "high", "value") if name in request.args]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return not all(known.takes(str(request.args["param"]), value) for value in numbers)


def _param(dialogue: Dialogue) -> str | None:
    """The param that a bare value is of."""
    params = [tuple(last.args.get("params") or ()) for last in dialogue.last if last.tool in ("run_trial", "predict")]
    return str(params[-1][0]) if params and len(params[-1]) == 1 else dialogue.param


def _removes_nothing(tool: str, stretch: Stretch, message: Message) -> bool:
    """Whether the tool would take away a dataset, or a study, of which the words do not speak."""
    if tool not in ("remove_dataset", "delete_study") or RUNS_BY_ITSELF.search(stretch.text):
        return False
    is_named = (
        bool(message.said.of("dataset", "study", "path"))
        or OF_DATA.search(stretch.text)
        or OF_STUDY.search(stretch.text)
    )
    return not is_named and not renames(stretch.text) and wants_no_removal(stretch.text)


def _meant(request: Request, message: Message, stretch: Stretch, why: Why | None, *, is_edit: bool) -> Found:
    """What is made of one call: it is done, held back, asked about, or it changes what has begun."""
    if request.tool in ("delete_study", "remove_dataset") and speaks_of_a_part(stretch.text):
        return [not_removed(stretch.text)]
    if (
        request.tool == "remove_dataset"
        and request.args.get("dataset", "it") == "it"
        and (rows := RUNS_BY_ITSELF.search(stretch.text))
    ):
        looked = Request(tool="inspect_data", args={"what": "bots"}, words=rows[0])
        return [_resolved(looked, message)]
    if why is None and (asked := deletion(request, stretch, message.known)) is not None:
        return [asked]
    if why is None and (asked := one_at_a_time(request, stretch, message.known)) is not None:
        return [asked]
    request = without_unknown(request, message.known)
    if why is None and request.tool == "undo" and (kept := not_taken_away(request, message)) is not None:
        return [kept]
    if request.tool == "extend_study" and takes_away(stretch):
        return [not_removed(stretch.text)]
    if (changed := changes_card(request, message.dialogue.waiting, stretch.text)) is not None:
        before = before_card(message.dialogue)
        changed = replace(changed, words=", ".join(filter(None, (changed.words, stretch.text))))
        return [Held(request=changed, why=why)] if why else [*before, changed, *on_card(message.dialogue)]
    if (copy := with_other_likes(request, message.known)) is not None:
        copy = _resolved(copy, message)
        card = plan_card((copy,), (), message.said, message.known, message.say)
        return [Waiting(requests=(copy,), choices=(DO, LEAVE), text=card.text, card=card, why="unclear")]
    if steers(request, message.known, stretch.text):
        changes = steered(request) if why is None else [Held(request=request, why=why)]
        return [_resolved(one, message) if isinstance(one, Request) else one for one in changes]
    if not is_edit:
        if isinstance(meant := meant_by_it(request, stretch.text, message.known, message.dialogue), Waiting):
            return [meant] if why is None else [Held(request=request, why=why)]
        request = meant
    if not is_edit and why is None:
        if (which := which_is_renamed(request, stretch.text, message.known, message.dialogue)) is not None:
            return [which]
        is_vague = is_only_pointed_at(request, message.known, message.dialogue) and not OF_DATA.search(stretch.text)
        why = "unclear" if is_vague else None
    if is_edit:
        request, was = answers_to.edited(request, message.dialogue, stretch), request
        why = why or ("unclear" if _changes_nothing(was, message) else None)
    request = _resolved(request, message)
    if is_chinese(message.say):
        request = verbatim(request, message.say)
    if request.acts and not why and (asked := uncountable(request)) is not None:
        return [asked]
    if not message.said.of("param") and _cannot_be(request, message.known):
        return [which_argument((request.with_args(param=None),), "param", message.known)]
    if request.tool == "remember_lesson" and why is None:
        return [request, *asks_for_bound(request, message.say, message.known)]
    return [Held(request=request, why=why) if why and request.acts else request]


def _resolved(request: Request, message: Message) -> Request:
    args = with_open(request.tool, request.args, message.known, message.dialogue)
    return defaults.filled(replace(request, args=args), message.known, message.dialogue)


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


def _has_something_to_run(message: Message, stretch: Stretch) -> bool:
    """Whether "do it" can mean a trial: one is proposed, or the words speak of one."""
    known, dialogue = message.known, message.dialogue
    if (
        known.pending is not None
        or known.study_state == "waiting"
        or dialogue.last_tool in ("propose_trial", "predict")
    ):
        return True
    return bool(stretch.spans("param", "number", "trial", "model", "share")) or bool(_RUNS.search(stretch.text))


def _changes_nothing(request: Request, message: Message) -> bool:
    """Whether a change of what was just done names nothing to change of it, though it names something."""
    last = next((one for one in reversed(message.dialogue.last) if one.tool == request.tool), None)
    changes = {name: value for name, value in request.args.items() if last is None or last.args.get(name) != value}
    return request.acts and last is not None and not changes and not _AGAIN.search(message.said.text)


_AGAIN = re.compile(r"\b(?:again|same|repeat|once\s+more|another|more|redo)\b|再|重", re.IGNORECASE)


def _whole(message: Message) -> Segment:
    """The message as one segment of the tool that the turn before used."""
    last = message.dialogue.last[-1]
    label = f"control_study:{last.args.get('action')}" if last.tool == "control_study" else last.tool
    return _as_one(message, label)


_EXPORTS = re.compile(rf"\W*{POLITENESS}export\b", re.IGNORECASE)


def _as_one(message: Message, label: str) -> Segment:
    """The message as one order."""
    moods = {"order": 1.0, "question": 0.0, "supposition": 0.0, "refusal": 0.0, "later": 0.0}
    return Segment(label=label, parts=((0, len(message.said.text)),), confidence=1.0, moods=moods, runners_up=())


_LIKELY = 0.3
_TELLS = {
    "set_search_space": (("param",), ("number", "share", "fraction", "choice")),
    "start_study": (("model",), ("dataset", "path")),
}
"""Kinds of names and amounts that tell a tool where the network is not sure of it."""


_ONCE_MORE = re.compile(r"\b(?:again|once\s+more|(?:an)?other\s+seeds?)\b", re.IGNORECASE)


def _is_told(segment: Segment, stretch: Stretch) -> bool:
    """Whether the words themselves say what the network leaves open: a param with a range, models with a dataset."""
    if segment.tool in ("rename_dataset", "rename_study") and renames(stretch.text):
        return Stretch(stretch.said, stretch.parts).has(r"\b(?:to|as|into)\b")
    if segment.tool == "delete_study" and stretch.spans("study"):  # which is asked about all the same
        return removes(stretch.text)
    if segment.tool == "repeat_trial" and stretch.spans("trial"):
        return _ONCE_MORE.search(stretch.text) is not None
    kinds = _TELLS.get(segment.tool, ())
    return segment.confidence > _LIKELY and bool(kinds) and all(stretch.spans(*group) for group in kinds)


def _silent_parts(
    message: Message, asking: Sequence[Segment], place: int, names: Sequence[int]
) -> list[tuple[int, int]]:
    """Clauses that ask for nothing belong to the request that follows them, or to the last one.

    Args:
        names: The places of the segments that name what another one starts; nothing else belongs to them.
    """
    before = [n for n in range(place) if n not in names]
    after = [n for n in range(place + 1, len(asking)) if n not in names]
    start = asking[before[-1]].parts[-1][1] if before else 0
    end = asking[place].parts[0][0] if after else len(message.said.text)
    taken = {part for segment in asking for part in segment.parts}
    places = [(clause.start, clause.end) for clause in message.reading.clauses]
    return [part for part in places if part not in taken and start <= part[0] and part[1] <= end]


def _options(segment: Segment) -> tuple[str, ...]:
    labels = [segment.label, *segment.runners_up]
    return tuple(dict.fromkeys(label.partition(":")[0] for label in labels if label != "none"))
