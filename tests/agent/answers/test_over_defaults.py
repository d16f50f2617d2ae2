"""Which defaults a verdict speaks of: cut ones, another model's, a baseline's, or ones that break a constraint."""

from dataclasses import replace

import pytest

from agent.answers.bounds import bound_words
from agent.answers.over_defaults import verdict_of
from agent.answers.standings import standing_words
from agent.results.standing import (
    BarredDefaults,
    BaselineShown,
    BestStands,
    BoundShown,
    GainOver,
    GainShown,
    StandingShown,
)
from agent.results.trial import TrialValue

CLEAR = StandingShown(
    objective="ndcg@10", best=BestStands(number=1, value=0.12, n_runs=1), best_model="ease", uncertainty=None,
    confidence=0.95, group=(1,), is_group_known=True, defaults=TrialValue(number=0, value=0.1), is_defaults=False,
    defaults_model="ease", gain=GainShown(of=1, minus=0, mean=0.02, low=0.01, high=0.03), is_clear_gain=True,
    baselines=(), front=(),
)  # fmt: skip
CUT = replace(CLEAR, defaults_cut="l2 50")
SAME = replace(CLEAR, is_defaults=True, gain=None, is_clear_gain=False)
NONE = replace(CLEAR, defaults=None, defaults_model="", gain=None, is_clear_gain=False)
REAL = BaselineShown(model="ease", value=0.11, gain=GainOver(mean=0.01, low=-0.01, high=0.02))


@pytest.mark.parametrize(
    ("facts", "says", "is_good"),
    [
        (CLEAR, "clearly better than the defaults", True),
        (replace(CLEAR, is_clear_gain=False), "not clearly better than the defaults", False),
        (CUT, "clearly better than the defaults with l2 50 to keep within this study's ranges (trial 0)", False),
        (replace(CUT, baselines=(REAL,)), "not clearly better than the defaults of ease (a baseline)", False),
        (replace(CLEAR, baselines=(REAL,)), "clearly better than the defaults", True),
        (replace(CLEAR, defaults_model="bpr_mf"), "clearly better than the defaults of bpr_mf (trial 0)", True),
        (SAME, "these are the defaults: nothing tried so far was better", False),
        (replace(SAME, is_alone=True), "these are the defaults: no other params ran to their end", False),
        (
            replace(SAME, defaults_cut="l2 50"),
            "these are the defaults with l2 50, cut to this study's ranges: nothing tried so far was better",
            False,
        ),
        (NONE, "no trial here ran the defaults of ease", False),
    ],
)
def test_the_verdict_names_the_defaults_that_it_is_about(facts: StandingShown, says: str, is_good: bool) -> None:
    found = verdict_of(facts)
    assert (found.says, found.is_good) == (says, is_good)


def test_a_gain_over_cut_defaults_is_good_news_only_where_the_real_ones_are_clearly_beaten() -> None:
    beaten = replace(REAL, gain=GainOver(mean=0.01, low=0.001, high=0.02))
    found = verdict_of(replace(CUT, baselines=(beaten,)))
    assert (found.says, found.is_good) == ("clearly better than the defaults of ease (a baseline)", True)


def test_the_long_words_name_another_models_defaults_too() -> None:
    assert "clearly better than the defaults of bpr_mf (trial 0) on" in standing_words(
        replace(CLEAR, defaults_model="bpr_mf")
    )


def test_defaults_that_break_a_constraint_are_said_to_and_no_gain_is_counted() -> None:
    barred = BarredDefaults(number=0, model="ease", value=0.13, unmet={"coverage@10 >= 0.6": 0.51})
    facts = replace(NONE, barred_defaults=barred)
    assert verdict_of(facts).says == "the defaults of ease (trial 0) did not meet coverage@10 >= 0.6 (0.51)"
    assert "did not meet coverage@10 >= 0.6 (0.51), so no gain is counted from them." in standing_words(facts)


@pytest.mark.parametrize(
    ("n_meet", "says"),
    [
        (1, "coverage@10 >= 0.6: trial 1 has 0.618; 1 of 6 trials that came to their end meets it"),
        (4, "coverage@10 >= 0.6: trial 1 has 0.618; 4 of 6 trials that came to their end meet it"),
    ],
)
def test_a_constraint_is_told_with_what_the_best_has_and_how_many_meet_it(n_meet: int, says: str) -> None:
    bound = BoundShown(constraint="coverage@10 >= 0.6", of_best=0.618, n_meet=n_meet, n_complete=6)
    assert bound_words(replace(CLEAR, bounds=(bound,))) == [says]
