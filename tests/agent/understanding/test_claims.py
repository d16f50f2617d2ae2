"""What a message takes for granted about results, with a number, is held against the records."""

import pytest

from agent.answers.claimed import columns_of, set_right
from agent.results.table import TrialTable
from agent.understanding.asking.claims import claims_in
from agent.understanding.known import Known

TABLE = TrialTable(
    study="demo-2",
    objective="ndcg@10",
    columns=("number", "model", "value", "recall@10"),
    n=3,
    n_all=3,
    rows=((0, "sasrec", 0.0753, 0.144), (2, "sasrec", 0.0525, 0.11), (3, "ease", 0.04, 0.081)),
)


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("you said sasrec reaches 0.9", "not 0.9, `sasrec` of **demo-2** has ndcg@10 **0.0753** (trial 0, its best)"),
        ("since trial 3 had 0.2 recall, go on?", "not 0.2, trial 3 of **demo-2** has recall@10 **0.081**"),
        ("why is ndcg 0.9 so high in trial 2?", "not 0.9, trial 2 of **demo-2** has ndcg@10 **0.0525**"),
        ("the best has 0.5 ndcg, right?", "not 0.5, the best trial of **demo-2** has ndcg@10 **0.0753**"),
        ("trial 0 got 7.5% ndcg, is that good?", "Yes, trial 0 of **demo-2** has ndcg@10 **0.0753**"),
        ("so gru4rec gets 0.3?", "`gru4rec` was not run in **demo-2**"),
        ("trial 9 had ndcg 0.3", "There is no trial 9 in **demo-2**"),
    ],
)
def test_a_claim_is_set_right_by_the_records(say: str, told: str, known: Known) -> None:
    assert told in set_right(claims_in(say, known), TABLE)


@pytest.mark.parametrize(
    "say",
    [
        "what if trial 3 had 0.2 dropout?",
        "trial 3 had dropout 0.2",
        "if trial 3 had 0.2 recall, would you go on?",
        "run trial 3 with dropout 0.4",
        "show trials with ndcg above 0.05",
        "tune sasrec with learning rate 0.01",
        "how is it going?",
    ],
)
def test_what_supposes_or_sets_a_value_claims_nothing(say: str, known: Known) -> None:
    assert claims_in(say, known) == ()


def test_a_wrong_claim_is_told_before_a_right_one_is_confirmed(known: Known) -> None:
    claims = claims_in("trial 0 had ndcg 0.075 and trial 2 had ndcg 0.9", known)
    assert columns_of(claims) == ["number", "model", "value", "ndcg@10"]
    assert set_right(claims, TABLE).startswith("That is not so by the records: not 0.9, trial 2")
