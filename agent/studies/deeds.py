"""What a language model does to a study: its ranges, its models, its end, and questions to the person.

A deed passed the rules when it was decided; it is done here at once, or when the person says yes, and kept with the
study. After it the model is asked again, until a trial runs.
"""

import re
from dataclasses import replace

from agent.deciding.acts import Ask, BringIn, Deed, End, LeaveOut, SetRange
from agent.errors import USER_ERRORS, UserError
from agent.events import DeciderActed, QuestionAsked
from agent.standing import counted
from agent.studies.messages import Answer, AnswerDue, AnswerQuestion, DeedReady
from agent.studies.preconditions import check_change
from agent.studies.saved_state import Change
from agent.studies.turn import Turn

_WHO = "the language model"
_YES = re.compile(
    r"^\W*(?:y|yes|yeah|yep|ok|okay|sure|please do|go ahead|do it|ja|oui|sí|si|好的?|是的?|可以)\b", re.IGNORECASE
)


def deed_ready(turn: Turn, message: DeedReady) -> None:
    """Do what was decided, or ask the person; then the model is asked again."""
    if message.token != turn.moment.asking:
        return  # it is not wanted any more
    turn.change(asking=None)
    deed, work = message.deed, turn.moment.work
    if deed.is_question:
        turn.change_saved(deeds=(*turn.saved.deeds, replace(deed, is_open=True)))
        open_question(turn)
    elif isinstance(deed.act, End):
        turn.change_saved(deeds=(*turn.saved.deeds, deed))
        _tell(turn, deed, _words(deed))
        done = len(counted(turn.moment.records))
        turn.end("finished", f"ended by {_WHO} after {done} of {turn.moment.spec.n_trials} trials{_why(deed)}")
    elif work is not None:
        _do(turn, deed)
        turn.ask()


def open_question(turn: Turn) -> None:
    """Put the open question to the person; where nobody is there the model decides without an answer."""
    deed, work = turn.saved.question, turn.moment.work
    if deed is None or work is None:
        return
    if work.answer_wait_s <= 0:
        close(turn, f"{_WHO} asks, and nobody is there to answer: {deed.question()} {_GOES_ON}")
        return
    study = turn.moment.created.name
    text = f"{_WHO} asks: {deed.question()}"
    turn.tell(QuestionAsked(study=study, text=text, choices=deed.choices(), wait_s=work.answer_wait_s))
    turn.set_state("waiting", f"for an answer: {deed.question()}")
    turn.change_work(step="answering", answer_by=work.since + work.answer_wait_s)


_GOES_ON = "It decides without an answer."


def close(turn: Turn, text: str) -> None:
    """Nobody answered: the model is asked once more, and told so."""
    deed = turn.saved.question
    if deed is None:
        return
    turn.change(saved=turn.saved.with_deed(replace(deed, is_open=False), instead_of=deed))
    _tell(turn, deed, text)
    turn.set_state("running")
    turn.change_work(step="asking")
    turn.ask()


def answer_due(turn: Turn, message: AnswerDue) -> None:
    """The time for an answer is over."""
    work, deed = turn.moment.work, turn.saved.question
    if work is not None and work.step == "answering" and deed is not None and message.now >= work.answer_by:
        close(turn, f"nobody answered: {deed.question()} {_GOES_ON}")


def answer(turn: Turn, message: AnswerQuestion) -> None:
    """The person's answer, which the model sees next; a yes to what it asked for does it."""
    deed = turn.saved.question or next((one for one in reversed(turn.saved.deeds) if one.is_question), None)
    if deed is None or deed.answer is not None:
        raise UserError(f"study {turn.moment.created.name!r} asks nothing")
    answered = replace(deed, is_open=False, answer=message.text.strip())
    turn.change(saved=turn.saved.with_deed(answered, instead_of=deed))
    if deed.needs_yes and _YES.match(message.text):
        _do(turn, answered, is_kept=True)
    _tell(turn, deed, f"answered: {message.text.strip()}")
    if turn.moment.work is not None and turn.moment.work.step == "answering":
        turn.set_state("running")
        turn.change_work(step="next")
    turn.do(Answer(value=answered))


def _do(turn: Turn, deed: Deed, *, is_kept: bool = False) -> None:
    """Change the study; what has become impossible meanwhile is told and not done."""
    try:
        match deed.act:
            case SetRange() as act:
                spec = turn.moment.spec
                change = turn.saved.allowed_by if deed.needs_yes else turn.saved.tightened_by
                turn.change(saved=change(spec, act))
            case LeaveOut():
                _change_models(turn, tuple(model for model in turn.moment.spec.models if model != deed.act.model))
            case BringIn():
                _change_models(turn, (*turn.moment.spec.models, deed.act.model))
            case End() | Ask():
                return
        text = _words(deed)
    except USER_ERRORS as error:
        text = f"{_WHO} could not {deed.in_words()}: {error}"
    if not is_kept:
        turn.change_saved(deeds=(*turn.saved.deeds, deed))
    _tell(turn, deed, text)


def _change_models(turn: Turn, models: tuple[str, ...]) -> None:
    change = Change(models=tuple(dict.fromkeys(models)), by="llm", after=len(counted(turn.moment.records)))
    spec = change.applied(turn.moment.spec)
    check_change(spec, turn.moment.profile, spec.dataset)
    turn.change_saved(changes=(*turn.saved.changes, change))


def _tell(turn: Turn, deed: Deed, text: str) -> None:
    turn.tell(DeciderActed(study=turn.moment.created.name, act=deed.kind, text=text))


def told(study: str, deed: Deed) -> DeciderActed:
    """What a deed of another process, or of an earlier run, is told as."""
    answered = "" if deed.answer is None else f" Answered: {deed.answer}"
    text = f"{_WHO} asked: {deed.question()}{answered}" if deed.is_question else _words(deed)
    return DeciderActed(study=study, act=deed.kind, text=text)


def _words(deed: Deed) -> str:
    return f"{_WHO} decides to {deed.in_words()}{_why(deed)}"


def _why(deed: Deed) -> str:
    return f": {deed.rationale}" if deed.rationale else ""
