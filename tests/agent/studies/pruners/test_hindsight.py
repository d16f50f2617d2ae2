"""A trial that ran is judged again by any pruner: by the trials before it, at the epochs at which it was judged."""

from dataclasses import replace

from agent.objective import Goal
from agent.studies.pruners.hindsight import in_hindsight
from memory.record import TrialRecord

GOAL = Goal.parse(["ndcg@10"])
FIRST = TrialRecord(
    id="s/0",
    study="s",
    number=0,
    dataset="books",
    model="bpr_mf",
    params={},
    state="complete",
    objective="ndcg@10",
    value=0.4,
    curve=(0.1, 0.2, 0.3, 0.4),
    proposer="defaults",
)
WEAK = replace(FIRST, id="s/1", number=1, curve=(0.05, 0.06, 0.07, 0.08), value=0.08, proposer="gp")
LATER = replace(FIRST, id="s/2", number=2, proposer="gp")


def test_a_rule_stops_what_was_behind_by_the_trials_before_it_and_only_those() -> None:
    found = in_hindsight("halving", WEAK, [FIRST, WEAK, LATER], GOAL, epochs=6)
    assert found.epoch == 2 and "only the best goes on" in found.reason and found.judged == (2, 3, 4)
    assert in_hindsight("halving", replace(WEAK, number=-1), [FIRST, LATER], GOAL, epochs=6).epoch is None


def test_what_no_rule_looks_at_is_told_apart() -> None:
    def spared(record: TrialRecord, rule: str = "halving", goal: Goal = GOAL, *, is_repeat: bool = False) -> str:
        return in_hindsight(rule, record, [FIRST], goal, is_repeat=is_repeat).spared

    assert spared(FIRST) == "defaults"
    assert spared(WEAK, is_repeat=True) == "repeat"
    assert spared(replace(WEAK, curve=())) == "no curve"
    assert spared(replace(WEAK, curve=(0.1,))) == "short"
    assert spared(WEAK, rule="none") == "none"
    assert spared(WEAK, goal=Goal.parse(["ndcg@10", "coverage@10"])) == "goal"
    assert spared(WEAK) == ""
