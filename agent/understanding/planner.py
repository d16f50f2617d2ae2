"""A message becomes a plan: what is done now, what is held back and why, what the person is asked.

Planner(reader).plan("tune sasrec on demo, 6 trials", known, Dialogue())
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import sentence
from agent.understanding.arguments.pruner_grace import grace_words, said_of_grace
from agent.understanding.arguments.without_past import is_of_past, not_left_out, said_of_past, without_past
from agent.understanding.asking import answers_to
from agent.understanding.asking.asked_how import how_plan
from agent.understanding.asking.how_long import how_long_plan
from agent.understanding.asking.left_off_later import left_off_plan
from agent.understanding.asking.memory_copied import memory_copied
from agent.understanding.asking.questions import lacking, question, which_argument
from agent.understanding.asking.ran_unasked import ran_unasked_plan
from agent.understanding.buttons import CANCEL, DO, LEAVE, RUN
from agent.understanding.card import plan_card
from agent.understanding.card_changes import card_change, stands_on_card
from agent.understanding.clauses.halts import Halt, halt_in, is_against_starting, starts
from agent.understanding.clauses.language import german_parts, language_of
from agent.understanding.clauses.leftovers import params_left, unused
from agent.understanding.clauses.notes import as_notes
from agent.understanding.clauses.only_told import without_wish
from agent.understanding.clauses.order_words import words_unused
from agent.understanding.clauses.reader import MessageReader
from agent.understanding.data.added_file import ToldOfFile, left_of_file, told_of_file, with_told
from agent.understanding.data.deletions import deletions_said
from agent.understanding.data.filter_with_study import StudyOfPart, study_of_part
from agent.understanding.data.filtering import filter_plan, only_rows_plan
from agent.understanding.data.key_kept import key_plan
from agent.understanding.data.leaving_out import only_plan
from agent.understanding.data.part_asked import part_asked
from agent.understanding.data.part_left import longest, part_left
from agent.understanding.data.part_left_in_chinese import part_left_in_chinese
from agent.understanding.data.purging import purge_plan
from agent.understanding.dialogue import Dialogue
from agent.understanding.doubts import LIMITED, as_shown, asked_whose, doubtful, within_limits
from agent.understanding.halted import halted_plan
from agent.understanding.hearing import Heard, heard, is_greeting
from agent.understanding.known import Known
from agent.understanding.message import Message
from agent.understanding.names.new_studies import card_of
from agent.understanding.names.part_named import named_part_plan
from agent.understanding.objective_changes import objective_plan
from agent.understanding.part_and_study import plan_of_part
from agent.understanding.plan import Held, Plan, Request, Waiting, Why, requests_in
from agent.understanding.plan_told import still_told, told_plan
from agent.understanding.recommender_wanted import wanted_plan
from agent.understanding.requesting import requests_of
from agent.understanding.steer_elsewhere import steered_elsewhere
from agent.understanding.stop_after import stop_after_plan
from agent.understanding.waiting_trial import waiting_trial_plan
from agent.words.acts import ACTS
from agent.words.chinese import gloss, is_chinese
from agent.words.file_names import name_after
from agent.words.own_words import own_words
from agent.words.said import Span

_ALL_OF = ("start_study", "extend_study", "remove_dataset", "delete_study")
"""What is not done at once where a part of the message is in a language that is not read."""
_OF_PAST = ("recall_trials", "list_lessons", "forget_lesson")
"""What words that leave the past out of a study may be misread as."""
_OF_DATA = ("add_dataset", "describe_dataset", "inspect_data", "filter_dataset")
_WHY_STOPPED = re.compile(
    r"^\W*why\s+(?:was|did|has|is)\s+trial\s+#?(?P<n>\d+)\s+(?:been\s+)?(?:stop|stopped|pruned|cut|end|ended)(?:\s+(?:early|short|off))?\W*$"
    r"|^\W*试验\s*(?P<zh>\d+)\s*(?:是)?为什么(?:会|被)*(?:提前)?(?:停|剪枝|终止)[止了掉]*\W*$",
    re.IGNORECASE,
)
_FILE = re.compile(r"[/\\]|\.\w{2,7}$")


class Planner:
    """Makes plans; holds no state of its own."""

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader

    def plan(self, say: str, known: Known, dialogue: Dialogue) -> Plan:
        """What is done with a message, given what is known and how the dialogue stands. Nothing is called."""
        found = steered_elsewhere(self._plan(say, known, dialogue), known)
        return found if dialogue.waiting is None else still_told(found, dialogue.waiting)

    def _plan(self, say: str, known: Known, dialogue: Dialogue) -> Plan:
        if is_greeting(say):  # which answers no question and changes nothing
            return Plan(say=say)
        if (changed := self._of_card(say, known, dialogue)) is not None:
            return changed
        if dialogue.waiting is None and known.study is not None:
            said = self.heard(say, known, dialogue).said
            if (another := objective_plan(say, said, known, dialogue)) is not None:
                return another
        if (
            wanted := wanted_plan(say, known, dialogue, lambda rest: self._told(say, rest, known, dialogue))
        ) is not None:
            return wanted
        rest = without_wish(say)
        if (
            rest is not None
            and dialogue.waiting is None
            and not any(one.tool == "start_study" for one in dialogue.last)
        ):
            return self._told(say, rest, known, dialogue)
        if rest is None and dialogue.waiting is None and (after := stop_after_plan(say, known)) is not None:
            return after
        if rest is None and (of_waiting := waiting_trial_plan(say, known, dialogue, self._alone)) is not None:
            return of_waiting
        if (halt := halt_in(say)) is not None and (halted := self._halted(say, halt, known, dialogue)) is not None:
            return halted
        return self._of_orders(say, known, dialogue) if rest is None else self._told(say, rest, known, dialogue)

    def _told(self, say: str, rest: str, known: Known, dialogue: Dialogue) -> Plan:
        """The plan of a message that wants nothing to be done of what it orders."""
        found = told_plan(say, self.plan(rest, known, dialogue), known, lambda: self.heard(rest, known, dialogue).said)
        if found is not None:
            return found
        plan = self._of_orders(say, known, dialogue)
        return told_plan(say, plan, known, lambda: self.heard(say, known, dialogue).said) or plan

    def _of_orders(self, say: str, known: Known, dialogue: Dialogue) -> Plan:
        """The plan of a message that neither halts nor forbids what it orders."""
        if dialogue.waiting is None and (copied := memory_copied(say)) is not None:
            return copied
        if dialogue.waiting is None and (how := how_plan(say, known)) is not None:
            return how
        if (
            aside := part_asked(say, known, dialogue.dataset) or key_plan(say) or deletions_said(say, known)
        ) is not None:
            return aside
        aside = ran_unasked_plan(say, known, dialogue)
        if (stopped := _WHY_STOPPED.search(say)) is not None:
            trial = int(stopped["n"] or stopped["zh"])
            return Plan(say=say, requests=(Request(tool="explain_trial", args={"trial": trial}, words=say),))
        if dialogue.waiting is None and (told_how := left_off_plan(say)) is not None:
            return told_how
        if aside is not None or (aside := how_long_plan(say, self.heard(say, known, dialogue).said, known)) is not None:
            return aside
        if (idle := answers_to.yes_to_nothing(say, dialogue)) is not None:
            return idle
        if (of_part := study_of_part(say, known, dialogue.dataset)) is not None:
            return of_part if isinstance(of_part, Plan) else self._of_part(say, of_part, known, dialogue)
        if (for_good := purge_plan(say, known, dialogue.dataset)) is not None:
            return for_good
        is_asked = dialogue.waiting is not None
        if (part := filter_plan(say, known, dialogue.dataset, is_asked=is_asked)) is not None:
            return part
        of_data = dialogue.dataset if dialogue.last_tool in _OF_DATA and dialogue.waiting is None else None
        if (part := only_rows_plan(say, of_data, known) or only_plan(say, of_data, known)) is not None:
            return part
        if (part := named_part_plan(say, dialogue.dataset, known, is_asked=is_asked)) is not None:
            return part
        told = told_of_file(say)
        plan = self._planned(told.rest, known, dialogue, told) if told.tells and told.rest else Plan(say=say)
        adds = any(one.tool == "add_dataset" for one in requests_in(plan))
        if adds or plan.answer is not None or (told.said and any(one.acts for one in requests_in(plan))):
            return replace(plan, say=say)
        return self._alone(say, known, dialogue)

    def _planned(self, say: str, known: Known, dialogue: Dialogue, told: ToldOfFile) -> Plan:
        """The plan of the words that are left once what they tell of a file is taken apart."""
        listened = self.heard(say, known, dialogue)
        waiting = dialogue.waiting
        reading = self._reader.read(listened.said, dialogue.last_tool, known.study_state, _asked(waiting))
        reading = as_notes(reading, listened.said)
        message = Message(say=say, heard=listened, reading=reading, known=known, dialogue=dialogue)
        used: set[Span] = set()
        if waiting is not None and (answered := answers_to.settle(message, used)) is not None:
            return _checked(message, answered, used, told, is_agreed=waiting.lacking is None)
        return _checked(message, requests_of(message, used := set()), used, told)

    def _alone(self, say: str, known: Known, dialogue: Dialogue) -> Plan:
        """The plan of words that are read by themselves."""
        return self._planned(say, known, dialogue, told_of_file(say, is_taken=False))

    def _of_card(self, say: str, known: Known, dialogue: Dialogue) -> Plan | None:
        """The plan of a message that does nothing but change the study on the card; None for any other message."""
        if card_of(dialogue) is None:
            return None
        listened, used = self.heard(say, known, dialogue), set[Span]()
        if (change := card_change(say, listened.said, known, dialogue, used)) is None:
            return None
        reading = self._reader.read(listened.said, dialogue.last_tool, known.study_state)
        message = Message(say=say, heard=listened, reading=reading, known=known, dialogue=dialogue)
        told = ToldOfFile(rest=say)
        return _checked(message, change.requests, used, told, is_agreed=change.is_agreed, changes=change.notes)

    def _halted(self, say: str, halt: Halt, known: Known, dialogue: Dialogue) -> Plan | None:
        """The plan of a message that wants something not to run."""

        def planned(rest: str) -> Plan:
            return self._alone(rest, known, dialogue)

        return halted_plan(say, halt, known, dialogue, planned, lambda rest: self.heard(rest, known, dialogue).said)

    def _of_part(self, say: str, part: StudyOfPart, known: Known, dialogue: Dialogue) -> Plan:
        """The plan of a study on a part of a dataset, which is planned on the whole first."""
        alone = replace(dialogue.about(dataset=str(part.filter.args["dataset"])), waiting=None, last=())
        study = self._alone(part.rest, known, alone)
        return plan_of_part(say, part, study, lambda: self.heard(part.rest, known, alone).said, known)

    def heard(self, say: str, known: Known, dialogue: Dialogue) -> Heard:
        """The message as it is read, before it is planned."""
        return heard(say, known, dialogue, self._reader.is_word)


def _checked(
    message: Message,
    found: Sequence[Request | Held | Waiting],
    used: set[Span],
    told: ToldOfFile,
    *,
    is_agreed: bool = False,
    changes: Sequence[str] | None = None,
) -> Plan:
    """The plan, after both ends were checked: what was said is used, what is done was said.

    Args:
        told: What the message tells of the file that it adds.
        is_agreed: The person said yes to these requests; they are done whatever they cost or take away.
        changes: Notes on the change, where the requests are what an open plan card holds from now on.
    """
    held = tuple(one for one in found if isinstance(one, Held))
    asked = next((one for one in found if isinstance(one, Waiting)), None)
    requests = [one for one in found if isinstance(one, Request)]
    held = tuple(replace(one, request=with_told([one.request], told)[0]) for one in held)
    requests = with_told(_with_files(requests, message.known), told)
    if (past := without_past(message.say)) and any(one.tool == "start_study" for one in requests):
        requests = [one for one in requests if one.tool not in _OF_PAST or not is_of_past(one.words, past)]
    given = {str(one.args.get("name")) for one in requests}
    near = tuple(
        (message.said.words(s), _name(s))
        for s in message.said.spans
        if s.is_near and s in used and message.said.words(s) not in given
    )
    if any(request.acts for request in requests):
        near += message.heard.respelt
    ready, lacks = _ready(_with_files(requests, message.known), message.known)
    as_said = ready
    ready, smaller, notes = within_limits(ready, message.known)
    notes += changes or ()
    theirs: list[Request] = []
    if not is_agreed:
        ready, theirs, whose = asked_whose(ready, message.known)
        notes += whose
    before = as_shown(message.dialogue.waiting)
    left = unused(message.said, used, as_said, held, before) if any(request.acts for request in ready) else ()
    if not told.said and any(one.tool in _ALL_OF for one in ready):
        left = (*left, *german_parts(message.say))
    unclear = [one.request for one in held if one.why == "unclear"]
    orders = [one for one in (*ready, *unclear) if one.tool in LIMITED]
    if orders and not any(one.tool == "add_dataset" for one in requests):
        parts = _of_part_left(message, orders, ready, used) if any(o.tool == "start_study" for o in orders) else []
        left = longest(
            (*parts, *params_left(message.said, orders), *_words_unused(message, orders, ready, held), *left)
        )
        left = tuple(sorted(left, key=message.said.text.find))
    begun = next((one for one in orders if one.tool == "start_study"), None)
    if begun is not None and (past := not_left_out(without_past(message.say), sampler := _sampler(begun, message))):
        left = tuple(dict.fromkeys((*past, *(one for one in left if one not in " ".join(past)))))
        notes = [*notes, said_of_past(past, sampler, zh=is_chinese(message.say))]
    if begun is not None and (grace := grace_words(message.say)):
        left = tuple(dict.fromkeys((*grace, *(one for one in left if one not in " ".join(grace)))))
        notes = [*notes, said_of_grace(zh=is_chinese(message.say))]
    if not any(one.tool == "add_dataset" for one in requests):
        left = (*left, *told.said)  # columns are left out where a file is read
    elif not is_agreed:
        left = tuple(dict.fromkeys((*left, *left_of_file(message.said.text, told, requests, message.say))))
    left = _in_own_words(left, message.say)
    against = [one for one in ready if starts(one)] if is_against_starting(message.say) else []
    is_card = changes is not None or any(stands_on_card(one, message) for one in ready)
    again = [one for one in ready if one.acts] if is_card and not is_agreed else []
    asked_about, why = doubtful(ready, left, message.known, smaller, theirs, against, again, is_agreed=is_agreed)
    waiting, cannot = lacks, None
    if asked_about and asked_about[0] == next(request for request in ready if request.acts):
        prospect = message.known.would(asked_about[0].tool, asked_about[0].args)  # what comes after it may rest on it
        cannot = None if prospect.is_of_columns else prospect.problem
    if why is not None and cannot is None:
        asks = _asks("limit" if smaller else "whose" if theirs else why, asked_about, left, message, notes)
        waiting = replace(asks, requests=(*asks.requests, *(lacks.requests if lacks else ())))
    if unclear and asked is None and not (waiting and any(request.acts for request in waiting.requests)):
        waiting = _asks("unclear", unclear, left if orders else (), message)
    elif asked is not None and waiting is not None:
        waiting = replace(waiting, text=f"{waiting.text}\n\n{asked.text}")
    return Plan(
        say=message.say,
        requests=tuple(request for request in ready if request not in asked_about),
        held=held,
        unused=left,
        waiting=waiting or asked,
        near=near,
        answer=None if cannot is None else _said_of_cannot(cannot, message),
    )


def _asked(waiting: Waiting | None) -> str | None:
    """What was asked, in the language that the network was trained on."""
    if waiting is None:
        return None
    return gloss(waiting.text) if waiting.card is not None and waiting.card.language == "zh" else waiting.text


def _of_part_left(message: Message, orders: Sequence[Request], ready: Sequence[Request], used: set[Span]) -> list[str]:
    """What the order to tune says of a part of the data; not what stands in another order of the message."""
    if is_chinese(message.say):
        return [*part_left_in_chinese(message.say, message.said)]
    begins = " ".join(one.words for one in orders if one.tool == "start_study")
    others = " ".join(one.words for one in ready if one.tool != "start_study")
    return [one for one in part_left(message.said, used) if one in begins or one not in others]


def _words_unused(
    message: Message, orders: Sequence[Request], ready: Sequence[Request], held: Sequence[Held]
) -> tuple[str, ...]:
    """What the orders to train say that nothing used; not what stands in another order of the message."""
    own = " ".join(one.words for one in orders)
    calls = (*ready, *(one.request for one in held))
    return words_unused(message.said, calls, [one.words for one in calls if one not in orders and one.words not in own])


def _in_own_words(left: Sequence[str], say: str) -> tuple[str, ...]:
    """What was not used as the person wrote it, where it was read from a gloss; nothing is told twice."""
    if not is_chinese(say):
        return tuple(left)
    own = dict.fromkeys(own_words(one, say) for one in left)
    return tuple(one for one in own if not any(one != other and one in other for other in own))


def _sampler(begun: Request, message: Message) -> object:
    """The study's sampler, or one that the message names elsewhere."""
    return begun.args.get("sampler") or next((span.value for span in message.said.of("sampler")), None)


def _said_of_cannot(why: str, message: Message) -> str:
    if language_of(message.say) == "zh":
        return f"没有执行：{refusal(why)}"
    return f"{sentence(why)} Nothing was done."


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
            file = PurePath(path).name
            name = (added.args.get("name") if added else None) or name_after(file) or file.partition(".")[0]
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
            return ready, which_argument(rest, missing, known)
        ready.append(request)
    return ready, None


def _asks(
    why: Why, requests: Sequence[Request], left: Sequence[str], message: Message, notes: Sequence[str] = ()
) -> Waiting:
    """Whether these requests shall be done: a plan card where they train, else a question.

    Args:
        notes: What the person should read first.
    """
    trains = any(ACTS[request.tool].kind == "costly" for request in requests)
    card = plan_card(requests, left, message.said, message.known, message.say) if trains else None
    text = card.text if card else question(why, requests, left)
    notes = (*notes, *_what_is_joined(requests, message.known))
    text = "\n\n".join((*notes, text))
    choices = (DO, LEAVE) if why in ("unclear", "limit", "whose") else (RUN, CANCEL) if trains else ()
    return Waiting(requests=tuple(requests), choices=choices, text=text, card=card, notes=tuple(notes), why=why)


def _what_is_joined(requests: Sequence[Request], known: Known) -> list[str]:
    """What files would bring to the datasets that they are joined to."""
    joins = [one for one in requests if one.tool == "add_dataset" and "append" in one.args]
    return [outside.said(note) for one in joins for note in known.would(one.tool, one.args).notes]


def _name(span: Span) -> str:
    return str(span.value[0] if isinstance(span.value, tuple) else span.value)
