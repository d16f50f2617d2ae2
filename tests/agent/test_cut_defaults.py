"""Defaults that a note or a range cuts go by another name wherever a gain is told."""

from dataclasses import replace

from agent.answers.standings import standing_words
from agent.confirming.choice import contenders_of
from agent.cut_defaults import cut_words, defaults_named
from agent.objective import Goal
from agent.results.standing import BaselineShown, BestStands, GainShown, StandingShown
from agent.results.trial import TrialValue
from memory.record import TrialRecord
from recmodels.models import MODELS

DEFAULTS = MODELS["item_knn"].space.defaults()
CUT = DEFAULTS | {"n_neighbors": 100}

CLEAR = StandingShown(
    objective="ndcg@10", best=BestStands(number=1, value=0.1187, n_runs=1), uncertainty=None, confidence=0.95,
    group=(1,), is_group_known=True, defaults=TrialValue(number=0, value=0.1), is_defaults=False,
    defaults_model="item_knn",
    defaults_cut=cut_words("item_knn", CUT), gain=GainShown(of=1, minus=0, mean=0.0187, low=0.01, high=0.03),
    is_clear_gain=True, baselines=(BaselineShown(model="item_knn", value=0.1089),), front=(),
)  # fmt: skip


def test_the_defaults_are_named_with_what_was_cut_of_them() -> None:
    assert defaults_named("item_knn", DEFAULTS) == "the defaults of item_knn"
    named = "the defaults of item_knn with n_neighbors 100 to keep within the ranges of this study"
    assert defaults_named("item_knn", CUT) == named


def test_no_gain_over_the_defaults_is_told_of_cut_ones_and_the_real_ones_are_compared_where_measured() -> None:
    words = standing_words(CLEAR)
    assert "better than the defaults with n_neighbors 100 to keep within this study's ranges (trial 0)" in words
    assert "The real defaults of item_knn have 0.1089 (the baseline); the best is +0.0098 from there." in words
    unmeasured = standing_words(replace(CLEAR, baselines=()))
    assert "No gain over the real defaults of item_knn is claimed." in unmeasured
    whole = standing_words(replace(CLEAR, defaults_cut=""))
    assert "better than the defaults (trial 0)" in whole and "real defaults" not in whole


def test_a_confirmation_calls_cut_defaults_by_what_was_cut_and_keeps_the_real_ones() -> None:
    record = TrialRecord(
        id="s/0", study="s", number=0, dataset="club", model="item_knn", params=CUT, objective="ndcg@10", value=0.1,
        state="complete", seed=0, proposer="defaults", rationale="",
    )  # fmt: skip
    names = [one.name for one in contenders_of(Goal.parse(["ndcg@10"]), [record])]
    assert names[0] == "defaults of item_knn with n_neighbors 100" and "item_knn (baseline)" in names
