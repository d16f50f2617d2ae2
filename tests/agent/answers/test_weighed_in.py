"""What weighed in is read from the reasons of trials, and told without claiming that it helped."""

from types import SimpleNamespace

import numpy as np
import pytest

from agent.advisor.trust import Trust
from agent.answers.explain import word
from agent.answers.weighed_in import rules_in, trusted_in, weighed_in
from agent.results.weighed import BestFound, DataTrusted, PastWeighed


def test_the_trust_that_the_advisor_words_is_read_back() -> None:
    tasks = [SimpleNamespace(dataset="ml-1m first", likeness=0.8), SimpleNamespace(dataset="b.2", likeness=0.4)]
    weights = np.array([[0.0, 0.1, 0.0, 0.3], [0.0, 0.2, 0.0, 0.0]])
    agreements = np.array([0.7, 0.0])
    trust = Trust(tasks=tuple(tasks), hypotheses=(), weights=weights, scale=1.0, n=4, agreements=agreements)  # type: ignore[arg-type]
    reason = f"the largest expected improvement, {trust.says()}; favoured by rule ease-l2 (it is (mostly) so)"
    (first, second) = trusted_in(reason)
    assert (first.dataset, first.trust, second.dataset, second.trust) == ("ml-1m first", 0.33, "b.2", 0.08)
    assert first.since.endswith("rank correlation 0.70")
    assert rules_in(reason) == ("ease-l2",)


def test_each_model_of_a_study_trusts_by_its_own_trials() -> None:
    trials = [("ease", 0.61), ("item_knn", 0.63), ("ease", 0.53), ("item_knn", 0.83)]
    records = [
        SimpleNamespace(number=n, model=model, rationale=f"why (trust: ml-1m {trust:.2f})", evidence=(), proposer="gp")
        for n, (model, trust) in enumerate(trials)
    ]
    goal = SimpleNamespace(primary=SimpleNamespace(metric="ndcg@10"))
    spec = SimpleNamespace(models=("ease", "item_knn"), dataset="d", goal=goal, sampler="advisor")
    study = SimpleNamespace(records=lambda: records, title="s", name="s", spec=spec, profile={}, best=lambda: None)
    found = weighed_in(study, (), {})  # type: ignore[arg-type]
    assert [(one.called, one.first, one.last) for one in found.data] == [
        ("ml-1m for item_knn", 0.63, 0.83),
        ("ml-1m for ease", 0.61, 0.53),
    ]
    spec.models = ("ease",)
    assert [one.called for one in weighed_in(study, (), {}).data] == ["ml-1m"]  # type: ignore[arg-type]


def test_that_it_helped_is_not_claimed() -> None:
    data = (
        DataTrusted(dataset="ml-100k", likeness=0.5, trials=(1, 2), first=0.1, most=0.3, last=0.2, is_shipped=True),
    )
    best = BestFound(number=2, value=0.12, proposer="gp", trusted=("ml-100k",))
    facts = PastWeighed(
        study="a-1", n_trials=3, n_from_past=2, objective="ndcg@10", sampler="advisor", data=data, best=best
    )
    text = word("show_influence", facts)
    assert text.startswith("That cannot be proved from **a-1** alone") and "`sampler gp`" in text
    assert "0.10 → 0.20, at most 0.30" in text


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("(trust: club 0.70, radio 0.20)", [("club", 0.7, ""), ("radio", 0.2, "")]),
        (
            "(trust: club 0.70, since it ranks the 4 trials here alike, rank correlation 0.80, radio 0.20, b 0.06)",
            [
                ("club", 0.7, "since it ranks the 4 trials here alike, rank correlation 0.80"),
                ("radio", 0.2, ""),
                ("b", 0.06, ""),
            ],
        ),
        (
            "(trust: club 0.70, by the likeness of the datasets, 0.86; radio 0.20)",
            [("club", 0.7, "by the likeness of the datasets, 0.86"), ("radio", 0.2, "")],
        ),
        ("(trust: club 0.70, since nobody knows 0.50, why; radio 0.20)", [("club", 0.7, ""), ("radio", 0.2, "")]),
    ],
)
def test_what_earlier_versions_wrote_is_read_and_no_history_gets_another_ones_words(
    reason: str, told: list[tuple[str, float, str]]
) -> None:
    assert [(one.dataset, one.trust, one.since) for one in trusted_in(reason)] == told


def test_the_table_of_past_data_is_narrow_and_its_reasons_stand_below() -> None:
    one = DataTrusted(dataset="ml-1m", likeness=0.5, trials=(1, 2, 3, 5), first=0.1, most=0.3, last=0.2, since="by x")
    facts = PastWeighed(study="a-1", about="data", n_trials=6, n_from_past=4, objective="ndcg@10", data=(one,))
    text = word("show_influence", facts)
    assert "| past data | trust | trials |" in text and "1–3, 5" in text
    assert "- ml-1m: likeness 0.50; by x" in text and "| by x |" not in text
