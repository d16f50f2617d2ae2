"""A study from its start to its end, message by message: what is told and kept, and what each step leads to."""

from dataclasses import replace
from typing import Any

import pytest

from agent.errors import UserError
from agent.events import ApprovalNeeded, Event, ProposalMade, StudyFinished, StudyStarted, StudyStateChanged
from agent.events import EpochFinished as EpochTold
from agent.events import TrialFinished as TrialEndTold
from agent.events import TrialStarted as TrialStartTold
from agent.proposal import Proposal
from agent.studies import messages as m
from agent.studies.machine import ENDED, transition
from agent.studies.moment import Moment
from agent.studies.saved_state import Queued, SavedState
from agent.studies.steering import STOPPED
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, trial_seed
from memory.record import TrialRecord
from recmodels.errors import SetupError
from recmodels.request import EpochReport

SPEC = StudySpec.create(dataset="d", models=["bpr_mf"], n_trials=12, name="s", time_limit_s=60.0)
DEFAULTS = Proposal(
    number=0, model="bpr_mf", params=SPEC.space("bpr_mf").defaults(), proposer="defaults", rationale="r"
)
OTHER = replace(DEFAULTS, params={**DEFAULTS.params, "learning_rate": 0.02}, proposer="random")
THIRD = replace(OTHER, params={**DEFAULTS.params, "learning_rate": 0.03})


class Driven:
    """A study whose machine is driven by hand."""

    def __init__(self, spec: StudySpec = SPEC, **saved: Any) -> None:
        self.now = Moment(created=spec, profile={}, saved=SavedState(**saved))

    def send(self, *messages: m.Message) -> list[m.Effect]:
        """The effects of the last message."""
        effects: tuple[m.Effect, ...] = ()
        for message in messages:
            self.now, effects = transition(self.now, message)
        return list(effects)

    def told(self, *messages: m.Message) -> list[Event]:
        return [effect.event for effect in self.send(*messages) if isinstance(effect, m.Tell)]

    def train(self, proposal: Proposal, number: int) -> None:
        """Bring the study that asks what is next to the training of the proposal."""
        self.send(m.WhatNext())
        ready = m.ProposalReady(token=self.now.n_asked, proposal=proposal)
        self.send(ready, m.WhatNext(), m.TrialStarted(number=number))

    @property
    def step(self) -> str | None:
        return self.now.work.step if self.now.work else None


def record(proposal: Proposal, number: int, **changed: Any) -> TrialRecord:
    blank = blank_record(SPEC, {}, number, proposal)
    return replace(blank, **({"state": "complete", "value": 0.2} | changed))


def begun(spec: StudySpec = SPEC, n: int | None = None, **saved: Any) -> Driven:
    study = Driven(spec, **saved)
    study.send(m.Start(), m.WorkBegins(records=(), n_started=0, n=n))
    return study


def report(epoch: int, value: float) -> EpochReport:
    return EpochReport(epoch=epoch, epochs=3, loss=0.5, value=value, metrics={}, elapsed_s=1.5)


FIRST = record(DEFAULTS, 0)
STARTED = StudyStarted(study="s", dataset="d", models=("bpr_mf",), objective="maximize ndcg@10", n_trials=12)
LOST = {"state": "failed", "reason": "interrupted", "value": None}


def test_a_stretch_of_two_trials_is_told_from_its_start_to_its_end() -> None:
    study = Driven()
    study.send(m.Start())
    assert study.told(m.WorkBegins(records=(), n_started=0, n=2)) == [
        STARTED,
        StudyStateChanged(study="s", state="running", reason=""),
    ]
    assert study.send(m.WhatNext()) == [
        m.AskForProposal(
            token=1,
            number=0,
            spec=SPEC,
            records=(),
            spaces={"bpr_mf": SPEC.space("bpr_mf")},
            excluded=(),
            request=None,
            limits={"bpr_mf": SPEC.space("bpr_mf")},
            reserve={"item_knn": True, "ease": True, "sasrec": True},
            time_left_s=60.0,
            may_act=True,
        )
    ]
    assert study.step == "asking"
    effects = study.send(m.ProposalReady(token=1, proposal=DEFAULTS))
    assert effects[1:] == [m.Tell(event=ProposalMade(study="s", proposal=DEFAULTS)), m.Settle(result=DEFAULTS)]
    study.send(m.WhatNext())
    assert study.step == "starting"
    told = TrialStartTold(study="s", number=0, model="bpr_mf", params=DEFAULTS.params)
    assert study.told(m.TrialStarted(number=0)) == [told]
    assert (study.step, study.now.n_started, study.now.saved.pending) == ("training", 1, None)
    assert study.now.running.epochs == 0
    assert study.send(m.EpochFinished(report=report(1, 0.2))) == [
        m.Report(number=0, epoch=1, value=0.2),
        m.Tell(event=EpochTold(study="s", number=0, epoch=1, epochs=3, loss=0.5, value=0.2, elapsed_s=1.5)),
    ]
    assert study.now.running.epochs == 3
    assert study.send(m.TrialEnded(record=FIRST)) == [m.CloseTrial(record=FIRST)]
    told = TrialEndTold(study="s", record=FIRST, is_best=True, n_finished=1, n_trials=12)
    assert study.told(m.TrialClosed(record=FIRST)) == [told]
    assert (study.step, study.now.running) == ("learning", None)
    study.send(m.Learned())
    (told,) = study.told(m.WhatNext())
    repeat = replace(
        DEFAULTS,
        number=1,
        proposer="repeat",
        rationale=told.proposal.rationale,
        evidence=("s/0",),
        repeat_of=0,
        seed=trial_seed(SPEC, "bpr_mf", DEFAULTS.params, 1),
    )
    assert told == ProposalMade(study="s", proposal=repeat)
    worse = record(repeat, 1, value=0.1)
    study.send(m.TrialStarted(number=1), m.TrialEnded(record=worse))
    told = TrialEndTold(study="s", record=worse, is_best=False, n_finished=2, n_trials=12)
    assert study.told(m.TrialClosed(record=worse)) == [told]
    told = StudyStateChanged(study="s", state="paused", reason="as many trials as asked are done")
    assert study.told(m.Learned(), m.WhatNext()) == [told]
    again = study.told(m.Resume(), m.WorkBegins(records=(FIRST, worse), n_started=2))
    assert again[0] == replace(STARTED, resumed_from=2)


def test_a_stretch_ends_exactly_when_its_trials_or_the_time_are_used_up() -> None:
    for n, now, step in ((1, 59.9, "asking"), (0, 1.0, None), (1, 60.0, None)):
        study = begun(n=n)
        study.send(m.WhatNext(now=now))
        assert study.step == step


def test_a_proposal_that_needs_approval_is_told_and_ends_the_stretch() -> None:
    study = begun(replace(SPEC, needs_approval=True))
    study.send(m.WhatNext(), m.ProposalReady(token=1, proposal=DEFAULTS))
    assert study.told(m.WhatNext()) == [
        ApprovalNeeded(study="s", proposal=DEFAULTS),
        StudyStateChanged(study="s", state="waiting", reason="for the person's approval"),
    ]


def test_trials_that_a_crash_cut_off_are_told_and_run_before_what_was_queued() -> None:
    study, lost = Driven(queue=(Queued(proposal=OTHER, repeats=7), Queued(proposal=THIRD))), record(OTHER, 0, **LOST)
    told = study.told(m.Start(), m.WorkBegins(records=(lost,), n_started=1, lost=(lost,), again=((0, OTHER),)))
    assert told[-1] == TrialEndTold(study="s", record=lost, is_best=False, n_finished=0, n_trials=12)
    again = replace(OTHER, note="trial 0 was interrupted; the same params run again")
    assert study.now.saved.queue == (Queued(proposal=again, repeats=0), Queued(proposal=THIRD)), (
        "what an earlier crash had queued follows from the ledger alone"
    )
    study.send(m.WhatNext())
    (told_start,) = study.told(m.TrialStarted(number=1))
    assert (told_start.number, study.now.running.proposal.number) == (1, 1)
    assert [entry.proposal for entry in study.now.saved.queue] == [THIRD]


@pytest.mark.parametrize(("waiting", "is_kept"), [(OTHER, False), (THIRD, True)])
def test_after_a_crash_only_what_had_not_started_still_waits(waiting: Proposal, is_kept: bool) -> None:
    begins = m.WorkBegins(records=(), n_started=1, again=((0, OTHER),))
    study = Driven(queue=(Queued(proposal=waiting),))
    study.send(m.Start(), begins)
    assert [entry.proposal.params for entry in study.now.saved.queue[1:]] == [THIRD.params] * is_kept
    study = Driven(pending=waiting)
    study.send(m.Start(), begins)
    assert study.now.saved.pending == (THIRD if is_kept else None)


def test_the_next_proposal_has_the_number_after_the_queue_and_leaves_out_what_runs_or_waits() -> None:
    study = begun()
    study.train(DEFAULTS, 4)
    study.send(m.RunTrial(params={"learning_rate": 0.02}), m.Propose())
    study.send(m.ProposalReady(token=2, proposal=THIRD))
    (asked, _) = study.send(m.Propose(request="another"))
    assert (asked.number, asked.request) == (6, "another")
    assert list(asked.excluded) == [("bpr_mf", proposal.params) for proposal in (OTHER, THIRD, DEFAULTS)]
    assert study.step == "training", "a proposal for someone stops no trial"


def test_a_wish_holds_until_its_proposal_is_made_and_a_new_one_replaces_it() -> None:
    study = Driven(request="kept")
    requests, tokens = [], []
    for message in (m.Propose(), m.Propose(request="new"), m.ChangeSpace(model=None, param="learning_rate", high=0.05)):
        asked = next(effect for effect in study.send(message) if isinstance(effect, m.AskForProposal))
        requests.append(asked.request)
        tokens.append(asked.token)
    assert requests == ["kept", "new", "new"] and len(set(tokens)) == 3
    study.send(m.ProposalReady(token=tokens[0], proposal=DEFAULTS))
    assert study.now.saved.pending is None, "made for another wish"
    study.send(m.ProposalReady(token=tokens[-1], proposal=OTHER))
    assert study.send(m.Propose()) == [m.Answer(value=OTHER)]
    study.send(m.RunPending(), m.Propose())
    assert study.now.request is None, "it was heard"


def test_a_proposal_that_was_being_made_when_the_study_stopped_is_not_wanted_any_more() -> None:
    study = begun()
    study.send(m.WhatNext(), m.Stop())
    assert (study.now.asking, study.send(m.ProposalReady(token=1, proposal=OTHER))) == (None, [])


def test_a_trial_that_is_about_to_start_gives_way_to_other_ranges_unless_the_person_queued_it() -> None:
    narrower = m.ChangeSpace(model=None, param="learning_rate", high=0.05)
    study = begun()
    study.send(m.WhatNext(), m.ProposalReady(token=1, proposal=DEFAULTS), m.WhatNext(), narrower)
    assert (study.step, study.now.work.starting, study.now.saved.pending) == ("next", None, None)
    study = begun(queue=(Queued(proposal=OTHER),))
    study.send(m.WhatNext(), narrower)
    assert (study.step, study.now.work.starting) == ("starting", Queued(proposal=OTHER))
    study.send(m.TrialStarted(number=0), narrower)
    assert study.step == "training"


@pytest.mark.parametrize(("value", "reason", "step"), [(0.2, None, "learning"), (None, "interrupted", "next")])
def test_the_memory_learns_of_every_trial_but_an_interrupted_one(
    value: float | None, reason: str | None, step: str
) -> None:
    study = begun(n=5)
    study.train(DEFAULTS, 0)
    study.send(m.TrialClosed(record=record(DEFAULTS, 0, value=value, reason=reason)))
    assert (study.step, study.now.work.n_left, study.now.work.finished is None) == (step, 4, step == "next")


def test_a_trial_that_was_told_to_stop_failed_as_interrupted_whatever_it_returned() -> None:
    study = begun()
    study.train(DEFAULTS, 0)
    (close,) = study.send(m.TrialEnded(record=record(DEFAULTS, 0, state="pruned", reason="interrupted")))
    assert (close.record.state, close.record.reason, close.record.value) == tuple(LOST.values())


def test_the_curve_of_a_trial_that_goes_on_from_an_epoch_replaces_what_came_after_it() -> None:
    study = begun()
    study.train(DEFAULTS, 0)
    study.send(*(m.EpochFinished(report=report(epoch, value)) for epoch, value in ((1, 0.1), (2, 0.2), (2, 0.3))))
    assert study.now.running.curve == (0.1, 0.3)


@pytest.mark.parametrize("step", ["next", "starting", "training"])
def test_when_the_program_ends_nothing_starts_and_what_trains_is_ended_first(step: str) -> None:
    study = begun(queue=() if step == "training" else (Queued(proposal=OTHER),))
    if step == "training":
        study.train(DEFAULTS, 0)
    elif step == "starting":
        study.send(m.WhatNext())
    study.send(m.ProgramEnds())
    assert study.step == ("training" if step == "training" else "next")
    if step == "training":
        study.send(m.TrialClosed(record=record(DEFAULTS, 0, **LOST)))
    told = study.told(m.WhatNext())
    assert (told[0].state, told[0].reason, study.step) == ("stopped", ENDED, None)


def test_a_study_that_waits_for_a_thread_when_the_program_ends_is_at_rest() -> None:
    study = Driven()
    study.send(m.Start(), m.ProgramEnds())
    assert study.now.stage == "idle"


def test_a_failed_proposal_lets_what_the_person_queued_run() -> None:
    study = begun()
    study.send(m.WhatNext(), m.RunTrial(params={"learning_rate": 0.02}))
    study.send(m.ProposalFailed(token=1, error=ZeroDivisionError("oops")))
    assert (study.step, study.now.saved.state) == ("next", "running")


def test_a_late_word_of_the_memory_changes_no_step() -> None:
    study = begun()
    study.train(DEFAULTS, 0)
    study.send(m.Learned())
    assert study.step == "training"


@pytest.mark.parametrize(
    ("error", "reason"), [(SetupError("no disk"), "no disk"), (ZeroDivisionError("oops"), "ZeroDivisionError: oops")]
)
def test_a_study_that_broke_says_what_to_repair_or_which_bug_it_was(error: Exception, reason: str) -> None:
    study = begun()
    study.send(m.Broke(error=error))
    assert (study.now.saved.state, study.now.saved.reason) == ("failed", reason)


def test_a_study_whose_budget_was_lowered_below_what_ran_is_finished() -> None:
    study = Driven(replace(SPEC, n_trials=1))
    ran = (FIRST, record(OTHER, 1))
    study.send(m.Start(), m.WorkBegins(records=ran, n_started=2), m.WhatNext())
    assert (study.now.saved.state, study.now.saved.reason) == (
        "finished",
        "2 trials done (1 in the budget, 1 asked for)",
    )


def test_the_working_time_is_written_at_the_end_even_if_nothing_else_changed() -> None:
    study = begun()
    study.train(DEFAULTS, 0)
    study.send(m.TrialClosed(record=FIRST), m.Pause(), m.Learned(now=5.0))
    (save,) = study.send(m.WhatNext(now=9.0))
    assert (save.state.state, save.state.elapsed_s) == ("paused", 9.0)


def test_a_pause_is_kept_and_obeyed_after_the_trial() -> None:
    study = begun()
    study.train(DEFAULTS, 0)
    study.send(m.Pause(), m.TrialClosed(record=FIRST), m.Learned(), m.WhatNext())
    assert (study.now.saved.wanted, study.now.saved.state, study.step) == ("pause", "paused", None)


def test_a_repeat_that_the_person_asks_for_is_told_and_queued_under_the_next_number() -> None:
    study = Driven(queue=(Queued(proposal=OTHER),))
    study.send(m.Seen(saved=study.now.saved, records=(FIRST,), n_started=1, is_held=False))
    wake_not, *_ = effects = study.send(m.RepeatTrial(number=0, seed=77))
    assert isinstance(wake_not, m.Save)
    (told,) = [effect.event for effect in effects if isinstance(effect, m.Tell)]
    assert told == ProposalMade(study="s", proposal=study.now.saved.queue[-1].proposal)
    assert (told.proposal.number, told.proposal.repeat_of, told.proposal.seed) == (2, 0, 77)


def test_whoever_asks_for_a_trial_that_has_not_finished_hears_which_have() -> None:
    for records, which in (((FIRST, record(OTHER, 3)), "its finished trials are 0, 3"), ((), "it has none yet")):
        study = Driven()
        study.send(m.Seen(saved=study.now.saved, records=records, n_started=4, is_held=False))
        (refused,) = study.send(m.RepeatTrial(number=2))
        assert isinstance(refused.error, UserError)
        assert str(refused.error) == f"study 's' has no finished trial 2; {which}"


def test_the_end_of_a_study_of_another_process_is_told_once() -> None:
    study = Driven()
    ended = m.Seen(saved=SavedState(state="failed", reason="no disk"), records=(), n_started=0, is_held=False)
    assert study.told(ended) == [StudyStateChanged(study="s", state="failed", reason="no disk")]
    study.send(replace(ended, saved=SavedState(state="running", reason=""), is_held=True))
    finished = StudyFinished(study="s", best=None, n_finished=0, reason=STOPPED)
    stopped = replace(ended, saved=SavedState(state="stopped", reason=STOPPED))
    assert study.told(stopped) == [StudyStateChanged(study="s", state="stopped", reason=STOPPED), finished]


def test_a_pause_does_not_wait_for_a_proposal_that_is_being_made() -> None:
    study = begun()
    study.send(m.WhatNext())
    assert study.step == "asking"
    study.send(m.Pause())
    assert (study.now.saved.state, study.now.stage, study.now.asking) == ("paused", "idle", None)
    study.send(m.ProposalReady(token=1, proposal=DEFAULTS))
    assert study.now.saved.pending is None, "it came too late to be wanted"
