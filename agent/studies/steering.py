"""What each command does to a study. Handlers change the turn, answer, and raise what the person is told."""

from collections.abc import Mapping
from dataclasses import replace

from agent.errors import UserError
from agent.events import ProposalMade, StudyNoted
from agent.proposal import Proposal
from agent.standing import counted
from agent.studies import noise
from agent.studies.messages import (
    Answer,
    Approve,
    Change,
    ChangeSpace,
    Enqueue,
    Forgive,
    Pause,
    Propose,
    Reject,
    RepeatTrial,
    Resume,
    RunPending,
    RunProposal,
    RunTrial,
    Start,
    Stop,
)
from agent.studies.moment import WAITING
from agent.studies.preconditions import check_change
from agent.studies.saved_state import Queued, model_of
from agent.studies.scope import is_ended_by_model
from agent.studies.turn import Turn
from memory.record import TrialRecord
from recmodels.search_space import Params, ParamValue

STOPPED = "stopped by the person"
CHANGED = "changed by the person: "  # begins the note of a change
CHANGED_AFTER = "changed by the person after it had finished"


def start(turn: Turn, message: Start) -> None:
    """Work is wanted."""
    turn.change_saved(wanted="run")
    turn.kick()
    turn.do(Answer())


def enqueue(turn: Turn, message: Enqueue) -> None:
    """This process takes the study, to work on it in turn."""
    if not turn.is_working:
        turn.change(stage="queued")
        turn.set_state("queued")
    turn.do(Answer())


def resume(turn: Turn, message: Resume) -> None:
    """Go on: after a pause, a stop, a failure or a crash."""
    if turn.saved.state == "finished" and not is_ended_by_model(turn.saved):
        name, reason = turn.moment.created.name, turn.saved.reason
        raise UserError(f"study {name!r} is finished: {reason}; ask for one more trial, or for a larger budget")
    turn.change_saved(wanted="run")
    turn.do(Forgive())
    if turn.is_working:
        turn.set_state("running")
    turn.kick()
    turn.do(Answer())


def pause(turn: Turn, message: Pause) -> None:
    """Hold before the next trial; the present one finishes, a proposal that is being made is not waited for."""
    _require_going(turn, "paused")
    turn.change_saved(wanted="pause")
    work, running = turn.moment.work, turn.moment.running
    if work is not None and work.step in WAITING:
        turn.end("paused", "")
    turn.set_state("paused", f"trial {running.proposal.number} finishes first" if running else "")
    if not turn.is_working:
        turn.change(stage="idle")
    turn.do(Answer())


def stop(turn: Turn, message: Stop) -> None:
    """End the study at once, or as soon as the running trial is at its next epoch; a resume goes on from there."""
    _require_going(turn, "stopped")
    turn.change_saved(wanted="stop", queue=())
    work = turn.moment.work
    if work is None or work.step in (*WAITING, "starting"):
        turn.end("stopped", STOPPED)
    turn.do(Answer())


def propose(turn: Turn, message: Propose) -> None:
    """The pending proposal, made now if there is none or it is to be another."""
    if turn.saved.pending is not None and message.request is None:
        turn.do(Answer(value=turn.saved.pending))
    else:
        turn.ask_for_someone(message.request)


def run_pending(turn: Turn, message: RunPending) -> None:
    """Let the pending proposal run, budget or not."""
    _queue(turn, turn.pending())


def run_trial(turn: Turn, message: RunTrial) -> None:
    """Let the person's params run, budget or not: anything that the model declares, narrowed or not."""
    proposal = _of_person(turn, message.params, message.model, message.rationale)
    turn.tell(ProposalMade(study=turn.moment.created.name, proposal=proposal))
    _queue(turn, proposal)


def run_proposal(turn: Turn, message: RunProposal) -> None:
    """Let a proposal run that was judged already, budget or not."""
    proposal = replace(message.proposal, number=turn.moment.next_number)
    _require_new(turn, proposal.model, proposal.params)
    turn.tell(ProposalMade(study=turn.moment.created.name, proposal=proposal))
    _queue(turn, proposal)


def repeat_trial(turn: Turn, message: RepeatTrial) -> None:
    """Let a finished trial run once more with another seed, budget or not."""
    moment, first = turn.moment, _finished(turn, message.number)
    waiting, number = moment.waiting(), moment.next_number
    proposal = noise.asked_for(moment.spec, moment.records, waiting, number, first, message.seed)
    turn.tell(ProposalMade(study=moment.created.name, proposal=proposal))
    _queue(turn, proposal)


def approve(turn: Turn, message: Approve) -> None:
    """Let the pending proposal run, with params changed by the person if given."""
    proposal = turn.pending()
    if message.params is not None:
        rationale = "params changed by the person on approval"
        proposal = _of_person(turn, message.params, proposal.model, rationale)
    turn.change_saved(wanted="run")
    _queue(turn, proposal)


def reject(turn: Turn, message: Reject) -> None:
    """Drop the pending proposal and never propose it again; the next one is told the reason."""
    pending = turn.pending()
    turn.change_saved(rejected=(*turn.saved.rejected, (pending.model, pending.params)), wanted="run")
    turn.withdraw_pending()
    turn.change_saved(request=message.reason or None)
    turn.kick()
    turn.do(Answer())


def change_space(turn: Turn, message: ChangeSpace) -> None:
    """Narrow, widen, fix or free a param from the next proposal on."""
    spec = turn.moment.spec
    model = model_of(message.param, message.model, spec)
    bounds = {"low": message.low, "high": message.high, "choices": message.choices, "value": message.value}
    if message.is_reset:
        if any(bound is not None for bound in bounds.values()):
            raise UserError(f"say either the whole range of `{message.param}`, or a new one")
        turn.change(saved=turn.saved.widened(spec, model, message.param))
    else:
        turn.change(saved=turn.saved.narrowed(spec, model, message.param, **bounds))  # type: ignore[arg-type]
    turn.withdraw_pending()
    turn.do(Answer(value=turn.saved.space(spec, model)))


def change(turn: Turn, message: Change) -> None:
    """Other limits, models or constraints from now on; kept, so that a resume knows them."""
    moment, asked = turn.moment, replace(message.change, after=len(counted(turn.moment.records)))
    if not asked.in_words():
        raise UserError("say what to change: the number of trials, a time limit, models, constraints, or the approval")
    spec = asked.applied(moment.spec)
    check_change(spec, moment.profile, spec.dataset)
    turn.change_saved(changes=(*turn.saved.changes, asked))
    if asked.models is not None or asked.constraints is not None:
        turn.withdraw_pending()
    turn.tell(StudyNoted(study=spec.name, text=f"{CHANGED}{asked.in_words(moment.spec.n_trials)}"))
    if turn.saved.state == "waiting" and asked.needs_approval is False:
        turn.kick()
    if turn.saved.state == "finished":
        turn.set_state("stopped", CHANGED_AFTER)
    turn.do(Answer(value=spec))


# -- small parts --------------------------------------------------------------------------------------------


def _queue(turn: Turn, proposal: Proposal) -> None:
    """Run this next; a pending proposal makes way, unless it is about to run."""
    starting = turn.moment.work.starting if turn.moment.work else None
    if starting is None:
        turn.change_saved(pending=None)
    if starting is None or starting.proposal != proposal:
        turn.change_saved(queue=(*turn.saved.queue, Queued(proposal=proposal)))
        turn.kick()
    turn.do(Answer(value=proposal))


def _of_person(turn: Turn, params: Mapping[str, ParamValue], model: str | None, rationale: str) -> Proposal:
    moment, spec = turn.moment, turn.moment.spec
    name = model_of(next(iter(params), None), model, spec)
    full = spec.space(name).check({**turn.saved.space(spec, name).fixed(), **params})
    _require_new(turn, name, full)
    return Proposal(number=moment.next_number, model=name, params=full, proposer="user", rationale=rationale)


def _require_new(turn: Turn, model: str, params: Params) -> None:
    """Raises UserError: these params have a value already."""
    for record in turn.moment.records:
        if record.model == model and dict(record.params) == dict(params) and record.state == "complete":
            raise UserError(
                f"these params are those of trial {record.number}, which reached {record.value:.4g}; "
                "ask for a repeat to run them with another seed"
            )


def _finished(turn: Turn, number: int) -> TrialRecord:
    found = {record.number: record for record in turn.moment.records}
    if number not in found:
        raise UserError(no_finished_trial(turn.moment.created.name, number, list(found)))
    return found[number]


def no_finished_trial(study: str, number: int, finished: list[int]) -> str:
    """What a person is told who asks for a trial that has not finished."""
    which = f"its finished trials are {', '.join(map(str, finished))}" if finished else "it has none yet"
    return f"study {study!r} has no finished trial {number}; {which}"


def _require_going(turn: Turn, wanted: str) -> None:
    if turn.moment.is_over:
        name, state = turn.moment.created.name, turn.saved.state
        raise UserError(f"study {name!r} is {state} already, so it cannot be {wanted}")
