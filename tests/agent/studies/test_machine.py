"""The pure transition: from a moment and a message to the next moment and what is to be done."""

from dataclasses import MISSING, replace
from typing import Any

import pytest

from agent.errors import UserError
from agent.events import StudyFinished
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies import messages as m
from agent.studies.machine import ENDED, LATE_S, TAKEN, transition
from agent.studies.moment import Moment, RunningTrial, Work
from agent.studies.planner import Exhausted
from agent.studies.saved_state import Change, Queued, SavedState
from agent.studies.steering import STOPPED
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record
from memory.record import TrialRecord
from recmodels.errors import ParamError, SetupError
from recmodels.request import EpochReport

SPEC = StudySpec.create(dataset="d", models=["ease"], n_trials=3, name="s", time_limit_s=60.0)
PROPOSAL = Proposal(number=0, model="ease", params={"l2": 5.0}, proposer="random", rationale="r")
OTHER = replace(PROPOSAL, params={"l2": 9.0})


def moment(**changed: Any) -> Moment:
    return replace(Moment(created=SPEC, profile={}, saved=SavedState()), **changed)


def working(step: str, **changed: Any) -> Moment:
    saved = replace(SavedState(), state="running", reason="", **changed.pop("saved", {}))
    given = {"saved": saved, "stage": "working", "asking": 1 if step == "asking" else None, "n_asked": 1} | changed
    running = RunningTrial(proposal=PROPOSAL, epochs=3) if step == "training" else None
    starting = Queued(proposal=PROPOSAL) if step == "starting" else None
    if step == "starting":
        given["saved"] = replace(saved, pending=PROPOSAL)
    return moment(work=Work(since=0.0, step=step, running=running, starting=starting), **given)  # type: ignore[arg-type]


def record(number: int = 0, **changed: Any) -> TrialRecord:
    blank = blank_record(SPEC, {}, number, replace(PROPOSAL, params={"l2": 5.0 + number}))
    return replace(blank, **({"state": "complete", "value": 0.1 * number} | changed))  # type: ignore[arg-type]


def report(epoch: int, value: float = 0.1) -> EpochReport:
    return EpochReport(epoch=epoch, epochs=3, loss=None, value=value, metrics={}, elapsed_s=0.0)


def kinds(effects: tuple[m.Effect, ...]) -> list[str]:
    return [type(e.event).__name__ if isinstance(e, m.Tell) else type(e).__name__ for e in effects]


PAUSED = moment(saved=SavedState(state="paused", reason="", wanted="pause"))
STOPPED_STUDY = moment(saved=SavedState(state="stopped", reason=STOPPED, wanted="stop"))
FINISHED = moment(saved=SavedState(state="finished", reason="3 of 3 trials done"), records=tuple(map(record, range(3))))
WAITING = moment(saved=SavedState(state="waiting", reason="", pending=PROPOSAL))
QUEUED = moment(stage="queued", saved=SavedState(state="queued", reason=""))


@pytest.mark.parametrize(
    ("before", "message", "state", "stage", "effects"),
    [
        (moment(), m.Start(), "stopped", "asked", "Wake Answer"),
        (moment(), m.Enqueue(), "queued", "queued", "Save StudyStateChanged Answer"),
        (PAUSED, m.Resume(), "paused", "asked", "Save Forgive Wake Answer"),
        (FINISHED, m.Resume(), "finished", "idle", "Refuse"),
        (working("training"), m.Pause(), "paused", "working", "Save StudyStateChanged Answer"),
        (QUEUED, m.Pause(), "paused", "idle", "Save StudyStateChanged Answer"),
        (STOPPED_STUDY, m.Pause(), "stopped", "idle", "Refuse"),
        (WAITING, m.Stop(), "stopped", "idle", "Save StudyStateChanged StudyFinished Answer"),
        (QUEUED, m.Stop(), "stopped", "idle", "Save StudyStateChanged StudyFinished Answer"),
        (working("training"), m.Stop(), "running", "working", "Save Answer"),
        (working("asking"), m.Stop(), "stopped", "idle", "Save Settle StudyStateChanged StudyFinished Answer"),
        (working("starting"), m.Stop(), "stopped", "idle", "Save StudyStateChanged StudyFinished Answer"),
        (moment(), m.Stop(), "stopped", "idle", "Refuse"),
        (WAITING, m.Propose(), "waiting", "idle", "Answer"),
        (WAITING, m.Propose(request="more"), "waiting", "idle", "AskForProposal AnswerLater"),
        (moment(), m.Propose(), "stopped", "idle", "AskForProposal AnswerLater"),
        (working("asking"), m.Propose(), "running", "working", "AnswerLater"),
        (working("asking"), m.Propose(request="more"), "running", "working", "AskForProposal AnswerLater"),
        (WAITING, m.Approve(), "waiting", "asked", "Save Wake Answer"),
        (PAUSED, m.Approve(), "paused", "idle", "Refuse"),
        (WAITING, m.Reject(reason="no"), "waiting", "asked", "Save Wake Answer"),
        (WAITING, m.ChangeSpace(model=None, param="l2", high=9.0), "waiting", "asked", "Save Wake Answer"),
        (WAITING, m.RunPending(), "waiting", "asked", "Save Wake Answer"),
        (working("starting"), m.RunPending(), "running", "working", "Answer"),
        (FINISHED, m.RunTrial(params={"l2": 77.0}), "finished", "asked", "Save ProposalMade Wake Answer"),
        (FINISHED, m.RunTrial(params={"l2": -1.0}), "finished", "idle", "Refuse"),
        (FINISHED, m.RepeatTrial(number=1), "finished", "idle", "Refuse"),
        (FINISHED, m.Change(change=Change(n_trials=5)), "stopped", "idle", "Save StudyNoted StudyStateChanged Answer"),
        (FINISHED, m.Change(change=Change()), "finished", "idle", "Refuse"),
        (working("asking"), m.Change(change=Change(n_trials=5)), "running", "working", "Save StudyNoted Answer"),
        (moment(), m.Change(change=Change(constraints=("coverage@10>=1.5",))), "stopped", "idle", "Refuse"),
        (working("next"), m.WhatNext(), "running", "working", "AskForProposal"),
        (
            working("next", records=FINISHED.records),
            m.WhatNext(),
            "finished",
            "idle",
            "Save StudyStateChanged StudyFinished",
        ),
        (working("next"), m.WhatNext(now=61.0), "finished", "idle", "Save StudyStateChanged StudyFinished"),
        (working("next", saved={"wanted": "pause"}), m.WhatNext(), "paused", "idle", "Save StudyStateChanged"),
        (working("next", saved={"pending": OTHER}), m.WhatNext(), "running", "working", ""),
        (working("asking"), m.ProposalReady(token=1, proposal=OTHER), "running", "working", "Save ProposalMade Settle"),
        (working("next", saved={"pending": OTHER}, asking=1), m.WhatNext(), "running", "working", ""),
        (working("training"), m.WhatNext(), "running", "working", ""),
        (moment(), m.WhatNext(), "stopped", "idle", ""),
        (working("asking"), m.ProposalReady(token=0, proposal=OTHER), "running", "working", ""),
        (moment(), m.ProposalReady(token=1, proposal=OTHER), "stopped", "idle", ""),
        (moment(asking=1), m.ProposalReady(token=1, proposal=OTHER), "stopped", "idle", "Save ProposalMade Settle"),
        (moment(), m.ProposalFailed(token=1, error=ZeroDivisionError()), "stopped", "idle", ""),
        (moment(asking=1), m.ProposalFailed(token=1, error=ZeroDivisionError()), "stopped", "idle", "Settle"),
        (working("asking"), m.ProposalFailed(token=0, error=ZeroDivisionError()), "running", "working", ""),
        (
            working("asking", saved={"queue": (Queued(proposal=OTHER),)}),
            m.ProposalFailed(token=1, error=Exhausted("all tried")),
            "running",
            "working",
            "Settle",
        ),
        (
            working("asking"),
            m.ProposalFailed(token=1, error=Exhausted("all tried")),
            "failed",
            "idle",
            "Save Settle StudyStateChanged StudyFinished",
        ),
        (
            working("asking"),
            m.ProposalFailed(token=1, error=ZeroDivisionError("oops")),
            "failed",
            "idle",
            "Save Settle StudyStateChanged StudyFinished Raise",
        ),
        (working("starting"), m.TrialStarted(number=0), "running", "working", "Save TrialStarted"),
        (working("training"), m.EpochFinished(report=report(1)), "running", "working", "Report EpochFinished"),
        (
            working("training"),
            m.EpochFinished(report=report(1), now=61.0 + LATE_S),
            "running",
            "working",
            "Report EpochFinished StopTrial",
        ),
        (moment(), m.EpochFinished(report=report(1)), "stopped", "idle", "StopTrial"),
        (working("training"), m.TrialEnded(record=record()), "running", "working", "CloseTrial"),
        (moment(), m.TrialEnded(record=record()), "stopped", "idle", ""),
        (working("training"), m.TrialClosed(record=record()), "running", "working", "Save TrialFinished"),
        (
            working("training"),
            m.Broke(error=SetupError("no disk")),
            "failed",
            "idle",
            "Save StudyStateChanged StudyFinished",
        ),
        (working("training"), m.ClaimLost(), "running", "idle", "StudyNoted"),
        (QUEUED, m.ProgramEnds(), "stopped", "idle", "Save StudyStateChanged StudyFinished"),
        (working("asking"), m.ProgramEnds(), "stopped", "idle", "Save Settle StudyStateChanged StudyFinished"),
        (working("training"), m.ProgramEnds(), "running", "working", ""),
        (moment(asking=1), m.ProgramEnds(), "stopped", "idle", "Settle"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, m.Message) else None,
)
def test_a_message_leads_to_one_state_and_its_effects(
    before: Moment, message: m.Message, state: str, stage: str, effects: str
) -> None:
    after, done = transition(before, message)
    assert (after.saved.state, after.stage, " ".join(kinds(done))) == (state, stage, effects)
    assert (after.work is not None) == (after.stage == "working")
    again, repeated = transition(before, message)
    assert (again, kinds(repeated)) == (after, kinds(done)), "nothing but the moment and the message decides"


def answered(before: Moment, message: m.Message) -> tuple[Moment, Any]:
    after, effects = transition(before, message)
    return after, next(e.value for e in effects if isinstance(e, m.Answer))


def refused(before: Moment, message: m.Message) -> Exception:
    after, effects = transition(before, message)
    (effect,) = effects
    assert after == before and isinstance(effect, m.Refuse)
    return effect.error


def test_what_the_person_queued_runs_before_the_study_does_as_it_was_told() -> None:
    after, proposal = answered(replace(STOPPED_STUDY, stage="idle"), m.RunTrial(params={"l2": 8.0}))
    after, _ = transition(after, m.WorkBegins(records=(), n_started=0))
    after, _ = transition(after, m.WhatNext())
    assert after.work is not None and after.work.starting == Queued(proposal=proposal)
    after, _ = transition(after, m.TrialStarted(number=0))
    after, _ = transition(after, m.TrialClosed(record=record()))
    after, _ = transition(after, m.Learned())
    after, _ = transition(after, m.WhatNext())
    assert (after.saved.state, after.saved.reason) == ("stopped", STOPPED)


def test_interrupted_trials_come_first_and_their_proposal_does_not_wait_twice() -> None:
    before = moment(stage="asked", saved=SavedState(pending=PROPOSAL, queue=(Queued(proposal=OTHER),)))
    after, _ = transition(before, m.WorkBegins(records=(), n_started=1, again=((0, PROPOSAL),)))
    assert [(q.proposal.params, q.repeats) for q in after.saved.queue] == [({"l2": 5.0}, 0), ({"l2": 9.0}, None)]
    assert after.saved.pending is None


def test_a_trial_that_the_end_of_the_program_broke_blames_not_its_params() -> None:
    interrupted, _ = transition(working("training"), m.ProgramEnds())
    died = record(state="failed", reason="worker_died: exit status -9")
    _, (close,) = transition(interrupted, m.TrialEnded(record=died))
    assert isinstance(close, m.CloseTrial) and close.record.reason == "interrupted"
    _, (close,) = transition(working("training"), m.TrialEnded(record=died))
    assert isinstance(close, m.CloseTrial) and close.record == died
    _, (close,) = transition(working("training"), m.TrialEnded(record=died, now=70.0))
    assert isinstance(close, m.CloseTrial) and close.record == died
    late = record(state="failed", reason="time_limit")
    for now in (60.0, 70.0):
        _, (close,) = transition(working("training"), m.TrialEnded(record=late, now=now))
        assert isinstance(close, m.CloseTrial)
        assert (close.record.state, close.record.reason) == ("pruned", "time limit of 60 s reached")


def test_a_trial_that_ran_into_its_own_time_limit_failed_by_it_while_the_study_has_time() -> None:
    late = record(state="failed", reason="time_limit: no epoch finished in 5 s")
    for limit_s in (60.0, None):
        before = replace(working("training"), created=replace(SPEC, time_limit_s=limit_s))
        _, (close,) = transition(before, m.TrialEnded(record=late, now=10.0))
        assert isinstance(close, m.CloseTrial) and close.record == late


@pytest.mark.parametrize(
    ("objectives", "is_stopped"), [(["ndcg@10"], True), (["ndcg@10", "coverage@10"], False), (["train_s"], False)]
)
def test_only_a_curve_of_what_decides_alone_prunes_a_trial(objectives: list[str], is_stopped: bool) -> None:
    """Earlier trials had 0.3 to 0.6 by the second epoch; this one is hopeless, if that is all that counts."""
    goal = Goal.parse(objectives)
    values = (0.1, 0.1) if goal.primary.is_maximized else (0.9, 0.9)
    earlier = tuple(record(n, curve=(0.3 + n / 10,) * 3) for n in range(4))
    before = replace(working("training"), created=replace(SPEC, goal=goal), records=earlier)
    before, _ = transition(before, m.EpochFinished(report=report(1, values[0])))
    _, effects = transition(before, m.EpochFinished(report=report(2, values[1])))
    assert any(isinstance(effect, m.StopTrial) for effect in effects) == is_stopped


@pytest.mark.parametrize(
    ("changed", "is_stopped"),
    [({"proposer": "random"}, True), ({"proposer": "defaults"}, False), ({"repeat_of": 1}, False)],
)
@pytest.mark.parametrize("pruner", ["hurdle", "quartile", "halving"])
def test_what_others_are_measured_against_is_never_pruned(
    changed: dict[str, Any], is_stopped: bool, pruner: str
) -> None:
    earlier = tuple(record(n, curve=(0.3 + n / 10,) * 9) for n in range(4))
    training = working("training")
    proposal = replace(PROPOSAL, **({"proposer": "random"} | changed))
    running = RunningTrial(proposal=proposal, curve=(0.1,), epochs=6)
    work = replace(training.work, running=running)  # type: ignore[type-var]
    before = replace(training, work=work, created=replace(SPEC, pruner=pruner), records=earlier)
    second = replace(report(2, 0.1), epochs=6)
    _, effects = transition(before, m.EpochFinished(report=second))
    assert any(isinstance(effect, m.StopTrial) for effect in effects) == is_stopped


@pytest.mark.parametrize(("epoch", "is_stopped"), [(2, True), (3, False)])
def test_a_trial_is_not_stopped_after_its_last_epoch(epoch: int, is_stopped: bool) -> None:
    for before, now in ((working("training", saved={"wanted": "stop"}), 1.0), (working("training"), 61.0 + LATE_S)):
        _, effects = transition(before, m.EpochFinished(report=report(epoch), now=now))
        assert any(isinstance(effect, m.StopTrial) for effect in effects) == is_stopped


def test_a_trial_is_let_end_itself_at_the_time_limit_and_stopped_where_it_does_not() -> None:
    for now, is_stopped in ((59.0, False), (74.9, False), (75.0, True)):
        _, effects = transition(working("training"), m.EpochFinished(report=report(1), now=now))
        assert any(isinstance(effect, m.StopTrial) for effect in effects) == is_stopped
    cut_off = record(reason="time limit reached after 2 of 3 epochs")
    _, (close,) = transition(working("training"), m.TrialEnded(record=cut_off, now=61.0))
    assert isinstance(close, m.CloseTrial) and close.record == cut_off


def test_working_time_is_counted_up_to_each_message_and_pauses_are_not() -> None:
    before = replace(working("training"), work=replace(working("training").work, since=10.0))  # type: ignore[type-var]
    after, _ = transition(before, m.EpochFinished(report=report(1), now=14.0))
    assert (after.saved.elapsed_s, after.elapsed_s(15.0)) == (4.0, 5.0)
    ended, _ = transition(after, m.Broke(error=SetupError("x"), now=16.0))
    assert ended.elapsed_s(100.0) == 6.0


def test_changes_are_kept_as_events_and_a_resumed_study_knows_them() -> None:
    after, spec = answered(FINISHED, m.Change(change=Change(n_trials=5, constraints=("coverage@10>=0.2",))))
    assert (spec.n_trials, str(spec.goal)) == (5, "maximize ndcg@10, coverage@10 >= 0.2")
    after, _ = answered(after, m.Change(change=Change(models=("ease", "bpr_mf"), time_limit_s=90.0)))
    read = SavedState.from_dict(after.saved.to_dict())
    assert read == after.saved and [change.after for change in read.changes] == [3, 3]
    assert read.spec(SPEC) == after.spec and after.spec.models == ("ease", "bpr_mf")
    assert (after.spec.time_limit_s, after.spec.n_trials) == (90.0, 5)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (Change(n_trials=0), ParamError, "`n_trials` must be a whole number"),
        (Change(models=("esae",)), ParamError, "did you mean `ease`"),
        (Change(models=()), UserError, "needs a model"),
        (Change(constraints=("coverage@10",)), UserError, "a constraint is written"),
        (Change(constraints=("coverage@10>=1.5",)), UserError, "no trial can meet coverage@10 >= 1.5"),
    ],
)
def test_an_illegal_change_is_refused_and_changes_nothing(change: Change, error: type[Exception], says: str) -> None:
    found = refused(FINISHED, m.Change(change=change))
    assert isinstance(found, error) and says in str(found)


def test_a_proposal_made_for_old_ranges_is_dropped_and_asked_for_again() -> None:
    asking = working("asking")
    after, effects = transition(asking, m.ChangeSpace(model=None, param="l2", high=100.0))
    (asked,) = (effect for effect in effects if isinstance(effect, m.AskForProposal))
    assert str(asked.spaces["ease"]["l2"]) == "[1, 100] (log scale)"
    assert isinstance(effects[-1], m.Answer) and str(effects[-1].value["l2"]) == "[1, 100] (log scale)"
    late, effects = transition(after, m.ProposalReady(token=1, proposal=OTHER))
    assert late.saved.pending is None and effects == ()
    kept, _ = transition(after, m.ProposalReady(token=asked.token, proposal=OTHER))
    assert kept.saved.pending == OTHER and kept.work is not None and kept.work.step == "next"


@pytest.mark.parametrize(
    ("change", "is_dropped"),
    [
        (Change(constraints=("coverage@10>=0.2",)), True),
        (Change(models=("ease", "bpr_mf")), True),
        (Change(n_trials=9, time_limit_s=99.0), False),
        (Change(needs_approval=True), False),
    ],
)
def test_a_proposal_that_waits_is_dropped_when_what_it_was_made_for_changes(change: Change, is_dropped: bool) -> None:
    after, _ = answered(WAITING, m.Change(change=change))
    assert (after.saved.pending, after.stage) == ((None, "asked") if is_dropped else (PROPOSAL, "idle"))
    asking, _ = transition(working("asking"), m.Change(change=change))
    assert asking.asking == (2 if is_dropped else 1)


def test_the_next_proposal_is_told_why_the_one_before_was_rejected_and_leaves_it_out() -> None:
    after, _ = transition(WAITING, m.Reject(reason="too slow"))
    after, _ = transition(after, m.WorkBegins(records=(), n_started=0))
    after, (asked,) = transition(after, m.WhatNext())
    assert isinstance(asked, m.AskForProposal)
    assert asked.request == "too slow" and asked.excluded == (("ease", {"l2": 5.0}),)
    after, _ = transition(after, m.ProposalReady(token=asked.token, proposal=OTHER))
    assert after.saved.request is None, "it was heard"


@pytest.mark.parametrize("message", [m.Approve(), m.Reject()])
def test_an_answer_to_a_proposal_lets_a_study_that_was_paused_go_on(message: m.Message) -> None:
    before = moment(saved=SavedState(state="paused", reason="", wanted="pause", pending=PROPOSAL))
    after, _ = transition(before, message)
    assert (after.saved.wanted, after.stage, after.saved.pending) == ("run", "asked", None)


@pytest.mark.parametrize("step", ["training", "asking"])
def test_a_stop_drops_what_the_person_queued(step: str) -> None:
    after, _ = transition(working(step, saved={"queue": (Queued(proposal=OTHER),)}), m.Stop())
    assert (after.saved.wanted, after.saved.queue) == ("stop", ())


def test_a_change_says_after_how_many_trials_that_count_it_was_made() -> None:
    lost = record(2, state="failed", value=None, reason="interrupted")
    after, _ = answered(replace(FINISHED, records=(record(0), record(1), lost)), m.Change(change=Change(n_trials=5)))
    assert [change.after for change in after.saved.changes] == [2]


def test_a_study_of_another_process_is_told_and_never_written() -> None:
    saved = SavedState(state="running", reason="")
    seen = m.Seen(saved=saved, records=(record(),), n_started=2, is_held=True)
    after, effects = transition(moment(), seen)
    assert kinds(effects) == ["Retell", "StudyStateChanged"] and not after.is_over
    ended, effects = transition(after, replace(seen, is_held=False))  # its process died
    assert (ended.saved.reason, ended.is_over) == (ENDED, True)
    assert isinstance(effects[-1], m.Tell) and isinstance(effects[-1].event, StudyFinished)
    taken_up = SavedState(state="waiting", reason="for the person's approval", queue=(Queued(proposal=PROPOSAL),))
    paused, _ = transition(moment(), replace(seen, saved=taken_up, is_held=False))
    assert paused.saved.state == "paused", "nothing waits for an answer"
    waiting, _ = transition(moment(), replace(seen, saved=WAITING.saved, is_held=False))
    assert waiting.saved == WAITING.saved
    lost, effects = transition(working("training"), m.ClaimLost())
    assert lost.work is None and TAKEN in str(effects)


def test_every_message_has_a_handler() -> None:
    kinds = {kind for kind in vars(m).values() if isinstance(kind, type) and issubclass(kind, m.Message)}
    for kind in kinds - {m.Message, m.Command}:
        fields = {name: None for name, field in kind.__dataclass_fields__.items() if field.default is MISSING}
        try:
            transition(moment(), kind(**fields))
        except KeyError as error:
            pytest.fail(f"{error} has no handler")
        except (AttributeError, TypeError, AssertionError):
            continue  # the fields hold nothing; only whether the message is known counts
