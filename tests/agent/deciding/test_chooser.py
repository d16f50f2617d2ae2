"""What becomes of a decider's draft: a proposal under the rules, the rule sent back once, or the advisor's choice."""

import itertools
import logging
from dataclasses import replace
from typing import Any

import pytest

from agent.advisor.situation import Situation
from agent.deciding.acts import Draft, Own, Take
from agent.deciding.context import DecisionContext
from agent.deciding.decision import Chooser, DecisionFailed
from agent.objective import Goal
from agent.proposal import Candidate, Proposal
from memory.record import Lesson, TrialRecord
from recmodels.search_space import Float, SearchSpace

SPACE = SearchSpace({"l2": Float(1.0, 1000.0, default=10.0, log=True)})
FIRST = Candidate(
    model="ease", params={"l2": 30.0}, source="gp", reason="It promises most.", mean=0.3, evidence=("s/0",)
)
SECOND = Candidate(model="ease", params={"l2": 300.0}, source="random", reason="It is far away.")


def record(number: int, l2: float, **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model="ease",
        params={"l2": l2},
        state="complete",
        objective="ndcg@10",
        value=0.2,
    )
    return replace(given, **changed)


RECORDS = (record(0, 10.0), record(1, 2.0))
SITUATION = Situation(
    goal=Goal.parse(["ndcg@10"]), spaces={"ease": SPACE}, declared={"ease": SPACE}, records=RECORDS, seed=1
)
CONTEXT = DecisionContext(
    study="s",
    number=2,
    n_trials=20,
    goal=Goal.parse(["ndcg@10"]),
    profile={},
    spaces={"ease": SPACE},
    records=RECORDS,
    recalled=((record(7, 5.0, id="other/7"), 0.8),),
    lessons=(Lesson(id="lesson/1", text="Small l2 overfits.", source="user"),),
    candidates=(FIRST, SECOND),
)


class Scripted:
    """A decider that gives one answer after the other, the last one again and again, and keeps what it saw."""

    def __init__(self, *answers: Draft | Exception | None) -> None:
        self._answers, self.seen = list(answers), list[DecisionContext]()

    def __call__(self, context: DecisionContext) -> Draft | None:
        self.seen.append(context)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def chosen(*answers: Draft | Exception | None, **changed: Any) -> Proposal:
    found = Chooser(Scripted(*answers)).choose(replace(CONTEXT, **changed), SITUATION)
    assert isinstance(found, Proposal)
    return found


FROM_FIRST = Proposal(
    number=2,
    model="ease",
    params={"l2": 30.0},
    proposer="gp",
    rationale="It promises most.",
    expected=0.3,
    evidence=("s/0",),
    candidates=(FIRST, SECOND),
)


def test_without_a_decider_the_advisors_own_choice_runs() -> None:
    assert Chooser(None).choose(CONTEXT, SITUATION) == FROM_FIRST


def test_a_decider_may_leave_the_choice_to_the_advisor() -> None:
    assert chosen(None) == FROM_FIRST


UNREAD = "the advisor could not read the request, and no language model decides here; this is its own choice"


def test_a_request_that_was_not_weighed_is_named_unless_the_advisor_read_it() -> None:
    for decider in (None, Scripted(None)):
        chooser = Chooser(decider)
        assert chooser.choose(replace(CONTEXT, request="make it sparkle"), SITUATION).note == UNREAD
        assert chooser.choose(CONTEXT, SITUATION).note is None
        read = replace(CONTEXT, request="more l2", candidates=(replace(FIRST, source="request"), SECOND))
        assert chooser.choose(read, SITUATION).note is None
        not_first = replace(CONTEXT, request="more l2", candidates=(FIRST, replace(SECOND, source="request")))
        assert chooser.choose(not_first, SITUATION).note == UNREAD


def test_a_candidate_that_was_taken_is_booked_as_the_deciders_choice_and_the_advisors_params() -> None:
    draft = Draft(act=Take(candidate=0), expected=0.9, rationale="Most likely.", evidence=("lesson/1", "s/99", "s/1"))
    taken = chosen(draft)
    assert taken == replace(
        FROM_FIRST, act="take", rationale="Most likely.", expected=0.9, evidence=("lesson/1", "s/1")
    ), "the reason, expectation and evidence are the decider's own; the advisor's stand with the candidate"
    assert taken.taken == FIRST
    assert taken.why == "Most likely. (The advisor's reason: It promises most.)"


def test_a_candidate_taken_without_words_says_so_and_expects_what_was_predicted() -> None:
    silent = chosen(Draft(act=Take(candidate=0)))
    assert (silent.rationale, silent.expected) == ("the language model gave no reason", 0.3)
    assert silent.why.endswith("(The advisor's reason: It promises most.)")
    assert chosen(Draft(act=Take(candidate=1))).expected is None
    assert Chooser(None).choose(replace(CONTEXT, candidates=(SECOND,)), SITUATION).act == ""


def test_own_params_are_completed_typed_and_run_with_what_is_known_of_the_evidence() -> None:
    act = Own(model="ease", params={"l2": 100})
    draft = Draft(
        act=act,
        expected=0.4,
        rationale="A hunch.",
        evidence=("s/1", "other/7", "s/1", "lesson/1", "lesson/2"),
    )
    proposal = chosen(draft)
    assert proposal == Proposal(
        number=2,
        model="ease",
        params={"l2": 100.0},
        proposer="llm",
        act="own",
        rationale="A hunch.",
        expected=0.4,
        evidence=("s/1", "other/7", "lesson/1"),
        candidates=(FIRST, SECOND),
    )
    assert isinstance(proposal.params["l2"], float)
    assert chosen(replace(draft, act=replace(act, params={}))).note is not None, "the defaults ran as trial 0"
    without_words = chosen(replace(draft, rationale=""))
    assert without_words.rationale == "the language model gave no reason"


ILLEGAL = [
    (Draft(act=Take(candidate=2)), "a candidate is a number from 0 to 1, got 2"),
    (Draft(act=Take(candidate=-1)), "a candidate is a number from 0 to 1, got -1"),
    (Draft(act=Take(candidate=0), expected=1.5), "`expected` is a value of ndcg@10, which is between 0 and 1; got 1.5"),
    (Draft(act=Own(model="bpr_mf", params={"l2": 50.0})), "the models are ease; got 'bpr_mf'"),
    (Draft(act=Own(model="ease", params={"l2": 0.5})), "`l2` must be in [1, 1000] (log scale), got 0.5"),
    (Draft(act=Own(model="ease", params={"l2": 2.0})), "these params are those of trial 1"),
]


@pytest.mark.parametrize(("draft", "rule"), ILLEGAL)
def test_a_draft_against_a_rule_goes_back_once_with_the_rule(draft: Draft, rule: str) -> None:
    decider = Scripted(draft, Draft(act=Take(candidate=1)))
    proposal = Chooser(decider).choose(CONTEXT, SITUATION)
    assert decider.seen[0].refusal is None
    again = decider.seen[1].refusal
    assert again is not None and again.rule == rule
    assert replace(decider.seen[1], refusal=None) == CONTEXT
    assert (proposal.params, proposal.note) == ({"l2": 300.0}, None)


@pytest.mark.parametrize(("draft", "rule"), ILLEGAL)
def test_after_two_drafts_against_a_rule_the_advisors_choice_runs_and_says_so(draft: Draft, rule: str) -> None:
    decider = Scripted(draft)
    proposal = Chooser(decider).choose(CONTEXT, SITUATION)
    assert len(decider.seen) == 2
    note = f"the language model's answers were refused: {rule}; the advisor's first candidate runs instead"
    assert proposal == replace(FROM_FIRST, note=note)


def test_the_rule_for_candidates_names_the_last_of_them() -> None:
    note = (
        chosen(Draft(act=Take(candidate=3)), candidates=(FIRST, SECOND, replace(SECOND, params={"l2": 500.0}))).note
        or ""
    )
    assert "a candidate is a number from 0 to 2, got 3" in note


def test_all_models_are_named_when_one_is_none_of_them() -> None:
    spaces = {"ease": SPACE, "ials": SPACE}
    draft = Draft(act=Own(model="x", params={}))
    assert "the models are ease, ials; got 'x'" in (chosen(draft, spaces=spaces).note or "")


def failed(reason: str) -> Proposal:
    return replace(FROM_FIRST, note=f"the language model did not decide ({reason}); the advisor did")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DecisionFailed("no answer within 3 s"), "no answer within 3 s"),
        (RuntimeError("  refused\nby the server"), "refused"),
        (RuntimeError("x" * 500), "x" * 200 + "…"),
        (RuntimeError("{'error': {'message': 'CUDA out of memory'}}"), "RuntimeError"),
        (RuntimeError('{"error": {"message": "out of memory"}}'), "out of memory"),
        (RuntimeError("<html>\n<title>Bad gateway</title></html>"), "Bad gateway"),
        (KeyError(), "KeyError"),
    ],
)
def test_a_decider_that_fails_is_named_in_one_short_line(error: Exception, reason: str) -> None:
    assert chosen(error) == failed(reason)


def test_a_failure_is_logged_with_its_traceback_where_no_terminal_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="agent.deciding.decision"):
        chosen(RuntimeError("down"))
    assert [(entry.levelname, bool(entry.exc_info)) for entry in caplog.records] == [("DEBUG", True)]


ALONE = replace(FROM_FIRST, note="the language model failed twice in a row; the advisor goes on alone")


def test_a_decider_that_failed_twice_in_a_row_is_left_alone_until_it_is_forgiven() -> None:
    decider = Scripted(RuntimeError("down"))
    chooser = Chooser(decider)
    proposals = [chooser.choose(CONTEXT, SITUATION) for _ in range(4)]
    assert proposals == [failed("down"), failed("down"), ALONE, ALONE]
    assert len(decider.seen) == 2
    chooser.forgive()
    assert [chooser.choose(CONTEXT, SITUATION) for _ in range(3)] == [failed("down"), failed("down"), ALONE]


class Clock:
    """Seconds that pass only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def resting(*answers: Draft | Exception | None) -> tuple[Chooser, Scripted, Clock, list[str]]:
    """A chooser, its decider and clock, and what it tells the person."""
    decider, clock, told = Scripted(*answers), Clock(), list[str]()
    return Chooser(decider, told.append, clock), decider, clock, told


AWAY = (
    "the language model failed twice in a row (down); the advisor goes on alone and asks it again after 3 trials or "
    "5 min"
)
BACK = "the language model answers again, and decides from here on"


def test_a_decider_that_rests_is_asked_again_after_some_trials_and_the_person_is_told() -> None:
    down = RuntimeError("down")
    chooser, decider, _, told = resting(down, down, Draft(act=Take(candidate=1)))
    proposals = [chooser.choose(replace(CONTEXT, number=number), SITUATION) for number in range(2, 8)]
    assert [proposal.note for proposal in proposals[2:5]] == [ALONE.note] * 3
    assert [context.number for context in decider.seen] == [2, 3, 7]
    assert (proposals[5].params, proposals[5].note) == ({"l2": 300.0}, None)
    assert told == [AWAY, BACK]


def test_a_decider_that_rests_is_asked_again_after_some_minutes() -> None:
    down = RuntimeError("down")
    chooser, decider, clock, told = resting(down, down, Draft(act=Take(candidate=0)))
    for now in (0.0, 1.0, 300.9, 301.0):
        clock.now = now
        chooser.choose(CONTEXT, SITUATION)
    assert len(decider.seen) == 3
    assert told == [AWAY, BACK]


def test_each_rest_that_was_of_no_use_is_followed_by_one_twice_as_long_up_to_eight_times() -> None:
    chooser, decider, _, told = resting(RuntimeError("down"))
    for number in range(100):
        chooser.choose(replace(CONTEXT, number=number), SITUATION)
    asked = [context.number for context in decider.seen]
    assert [later - earlier for earlier, later in itertools.pairwise(asked[1:])] == [4, 7, 13, 25, 25]
    assert told == [AWAY], "once is enough"


def test_a_decider_that_was_told_to_be_away_and_is_forgiven_may_fail_and_rest_again() -> None:
    chooser, _, _, told = resting(RuntimeError("down"))
    for _ in range(3):
        chooser.choose(CONTEXT, SITUATION)
    chooser.forgive()
    for _ in range(3):
        chooser.choose(CONTEXT, SITUATION)
    assert told == [AWAY, AWAY]


def test_all_drafts_of_a_decision_share_one_time_limit() -> None:
    decider = Scripted(Draft(act=Take(candidate=9)), Draft(act=Take(candidate=0)))
    Chooser(decider).choose(CONTEXT, SITUATION)
    first, second = (context.asked_at for context in decider.seen)
    assert first is not None and first == second


def test_a_success_between_two_failures_starts_the_count_again() -> None:
    down = RuntimeError("down")
    decider = Scripted(down, Draft(act=Take(candidate=0)), down, Draft(act=Take(candidate=0)), down, down, None)
    chooser = Chooser(decider)
    notes = [chooser.choose(CONTEXT, SITUATION).note for _ in range(7)]
    assert notes[-1] == ALONE.note and ALONE.note not in notes[:-1]


def test_refused_params_are_no_failure() -> None:
    decider = Scripted(Draft(act=Take(candidate=9)))
    chooser = Chooser(decider)
    for _ in range(3):
        assert chooser.choose(CONTEXT, SITUATION).note != ALONE.note
