"""What the overview says of a confirmation: what test said, what may be done, and nothing of test before."""

from dataclasses import replace

from agent.answers.confirmation import verdict
from agent.confirmation import Confirmation, Contender, Gain, Score
from agent.confirming.opening import Outlook
from agent.studies.ownership import Owner
from agent.studies.study import Study
from ui.views.confirmed import ConfirmedShown


def _score(name: str, mean: float) -> Score:
    low, high = mean - 0.01, mean + 0.01
    return Score(contender=name, mean=mean, error=0.003, low=low, high=high, n_runs=2, n_users=60, train_s=0.1)


def _done(ended_at: str = "2099-01-01T10:00:00+00:00") -> Confirmation:
    contenders = [("trial 3", "contender", 3), ("defaults of item_knn", "defaults", 0)]
    return Confirmation(
        study="shop",
        number=1,
        dataset="tastes",
        data="d",
        split="leave_last_out",
        split_seed=0,
        moves_border=False,
        study_seed=0,
        n_seeds=2,
        n_top=1,
        objective="ndcg@10",
        direction="maximize",
        constraints=(),
        epochs=3,
        trial_time_limit_s=None,
        contenders=tuple(
            Contender(name=name, role=role, model="item_knn", params={"n_neighbors": 5 + trial}, trial=trial, n_seeds=2)  # type: ignore[arg-type]
            for name, role, trial in contenders
        ),
        winner="trial 3",
        top="trial 3",
        reading=1,
        optimism=0.01,
        valid=tuple(_score(name, 0.4) for name, *_ in contenders),
        test=(_score("trial 3", 0.35), _score("defaults of item_knn", 0.3)),
        gains=(Gain(over="defaults of item_knn", mean=0.05, low=0.02, high=0.08, n_users=60),),
        began_at=ended_at,
        ended_at=ended_at,
    )


def test_before_it_nothing_of_test_is_said_and_it_is_offered(shop: Study) -> None:
    found = ConfirmedShown.of(Outlook(all=(), holder=None), shop)
    assert (found.act, found.test, found.record) == ("Confirm it", (), None)
    assert "test is sealed" in found.sentences[0]


def test_what_test_said_stands_with_its_interval_and_its_record(shop: Study) -> None:
    last = _done()
    found = ConfirmedShown.of(Outlook(all=(last,), holder=None), shop)
    assert found.sentences == (f"Confirmed on 2099-01-01 10:00 UTC. {verdict(last)}",)
    rows = [(row.name, row.value, row.interval, row.is_winner) for row in found.test]
    assert rows == [
        ("trial 3", "0.35", "[0.34, 0.36]", True),
        ("defaults of item_knn", "0.3", "[0.29, 0.31]", False),
    ]
    best = shop.best()
    assert best is not None
    assert (found.act, found.record) == ("", 1)
    assert found.word == ("confirmed" if best.number == 3 else "another one was confirmed")


def test_a_winner_with_two_names_is_compared_with_nothing_and_stands_once(shop: Study) -> None:
    done = _done()
    ease = replace(done.contenders[1], name="ease (baseline)", role="baseline", trial=None)
    last = replace(
        done,
        contenders=(*done.contenders[1:], ease),
        winner="defaults of item_knn",
        baseline=ease.name,
        valid=done.valid[1:],
        top=None,
        test=(_score("defaults of item_knn", 0.3), _score(ease.name, 0.3)),
        gains=(Gain(over=ease.name, mean=0.0, low=0.0, high=0.0, n_users=60),),
    )
    found = ConfirmedShown.of(Outlook(all=(last,), holder=None), shop)
    assert "Ease (baseline) is the same configuration, so nothing is compared." in found.sentences[0]
    assert "No difference" not in found.sentences[0]
    assert [row.name for row in found.test] == ["defaults of item_knn, the same as ease (baseline)"]


def test_trials_that_ended_since_are_told_and_it_can_be_confirmed_again(shop: Study) -> None:
    found = ConfirmedShown.of(Outlook(all=(_done("2020-01-01T10:00:00+00:00"),), holder=None), shop)
    assert found.act == "Confirm again"
    assert "6 trials have ended since then" in found.sentences[-1]


def test_one_that_was_cut_off_can_go_on_and_one_that_runs_is_counted(shop: Study) -> None:
    cut = replace(_done(), ended_at="", valid=(), test=(), gains=(), winner=None, top=None)
    assert ConfirmedShown.of(Outlook(all=(cut,), holder=None), shop).act == "Go on confirming"
    owner = Owner(id="o", host="h", pid=1, started=0.0)
    runs = ConfirmedShown.of(Outlook(all=(cut,), holder=owner), shop)
    assert runs.is_running
    assert runs.sentences == ("Confirming: 0 of 4 runs on validation are done.",)
