"""What report, JSON and lists say of a study and its confirmations, and that no text from outside is markup."""

import dataclasses
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
import typer
from rich.console import Console
from safetensors.numpy import save_file

import recmodels.training
from agent import events
from agent.baseline import Baseline
from agent.confirmation import Confirmation, Contender, Gain, Score
from agent.confirming.opening import confirmations_of
from agent.confirming.readings import Readings
from agent.proposal import Proposal
from agent.studies.study_spec import Ranges, StudySpec
from memory.record import TrialRecord
from recmodels.data.stored_dataset import Derivation, StoredDataset
from recmodels.errors import TrialFailed
from recmodels.models import MODELS
from recmodels.per_user import PER_USER_FILE
from recmodels.request import SplitSpec, TrainRequest, TrainResult
from ui.cli import data as data_command
from ui.cli import study as study_command
from ui.cli.train import _show, run_shown
from ui.cli.tune import document, print_confirmations, print_leaderboard
from ui.live import study_display
from ui.report import report, write_report

ODD = ["[/x]", "[b]loud", r"\[/x]"]


class Study:
    """Defaults, a clearly better trial, and one like it."""

    def __init__(self, folder: Path, text: str = "shop") -> None:
        goal = {"objectives": ("ndcg@10",), "constraints": ("coverage@10>=0.1",)}
        split = SplitSpec(kind="random", seed=3)
        self.spec = dataclasses.replace(
            StudySpec.create(name="s", dataset="shop", models=["ease"], n_trials=2, seed=5, split=split, **goal),  # type: ignore[arg-type]
            dataset=text,
        )
        self.name = self.title = self.spec.name
        self.place = SimpleNamespace(checkpoints=folder)
        self._records = tuple(self._tried(folder, n, gain, text) for n, gain in enumerate((0.0, 0.2, 0.1995)))

    def _tried(self, folder: Path, number: int, gain: float, text: str) -> TrialRecord:
        users = np.arange(100)
        noise = np.random.default_rng(number).normal(0, 0.01, 100)
        values = (users % 7 / 7 + gain + noise).astype(np.float32)
        kept = folder / f"trial-{number}"
        kept.mkdir(parents=True)
        save_file({"valid_users": users, "valid_ndcg@10": values}, kept / PER_USER_FILE)
        return TrialRecord(
            id=f"s/{number}",
            study="s",
            number=number,
            dataset=text,
            model="ease",
            params={"l2": float(MODELS["ease"].space["l2"].default) + number},
            state="complete",
            reason=text,
            objective="ndcg@10",
            value=float(values.mean()),
            metrics={"valid_ndcg@10": float(values.mean()), "valid_coverage@10": 0.5},
            cost={"train_s": 1.0},
            proposer="gp" if number else "defaults",
            checkpoint=str(kept),
            seed=70 + number,
        )

    def status(self) -> Any:
        return SimpleNamespace(
            name="s", dataset=self.spec.dataset, objective=str(self.spec.goal), state="finished", n_finished=3,
            n_trials=2, elapsed_s=1.0, best=self.best(), run_by=None,
        )  # fmt: skip

    def records(self) -> tuple[TrialRecord, ...]:
        return self._records

    def best(self) -> TrialRecord:
        return max(self._records, key=lambda record: record.value or 0.0)

    def running(self) -> None:
        return None

    def baselines(self) -> tuple[Baseline, ...]:
        return (Baseline(model="popularity", params={}, value=0.05, low=0.04, high=0.06),)

    def ranges(self) -> Ranges:
        return {"item_knn": {"n_neighbors": {"low": 20, "high": 200}}}

    def proposal(self, number: int) -> Proposal:
        return Proposal(number=number, model="ease", params={}, proposer="gp", rationale="why")


def score(name: str, mean: float) -> Score:
    return Score(
        contender=name, mean=mean, error=0.002, low=mean - 0.01, high=mean + 0.01, n_runs=3, n_users=40, train_s=2.0
    )


CONFIRMED = Confirmation(
    study="s", number=1, dataset="shop", data="a1", split="random", split_seed=7, moves_border=True,
    objective="ndcg@10", direction="maximize",
    contenders=(
        Contender(name="defaults of ease", role="defaults", model="ease", params={"l2": 1.0}, trial=0),
        Contender(name="trial 1", role="contender", model="ease", params={"l2": 2.0}, trial=1),
    ),
    valid=(score("trial 1", 0.2), score("defaults of ease", 0.1)), winner="trial 1", reading=1,
    test=(score("trial 1", 0.18), score("defaults of ease", 0.1)),
    gains=(Gain(over="defaults of ease", mean=0.08, low=0.06, high=0.1, n_users=40),), ended_at="2027",
)  # fmt: skip


def test_a_report_tells_of_a_confirmation_and_links_to_its_record(tmp_path: Path) -> None:
    study: Any = Study(tmp_path)
    page = write_report(study, tmp_path, [CONFIRMED]).read_text(encoding="utf-8")
    assert "Trial 1 is clearly better than defaults of ease" in page
    assert 'href="s-confirmation-1.html"' in page and (tmp_path / "s-confirmation-1.html").is_file()
    assert "sealed" not in page
    assert "Test is sealed until <code>recpilot confirm s</code> reads it." in report(study)


def test_the_leaderboard_of_a_report_has_group_interval_star_and_baselines(tmp_path: Path) -> None:
    study: Any = Study(tmp_path)
    table = report(study).partition("<h2>Leaderboard</h2>")[2].partition("</table>")[0]
    rows = [[cell.partition("</td>")[0] for cell in row.split("<td>")[1:]] for row in table.split("<tr")[2:]]
    star = f"★ {study.best().number}"
    assert [(row[0], row[4]) for row in rows] == [(star, "top"), (str(3 - int(star[2])), "top"), ("0", ""), ("–", "")]
    assert all("±" in row[2] for row in rows)
    assert rows[-1][1:3] == ["popularity", "0.05 ± 0.01"]


def test_the_json_of_a_study_says_what_the_words_say(tmp_path: Path) -> None:
    study: Any = Study(tmp_path)
    told = document(study, tmp_path / "s.html", [CONFIRMED])
    best = study.best()
    assert told["split"] == {"kind": "random", "seed": 3} and told["seed"] == 5
    assert told["space"] == {"item_knn": {"n_neighbors": {"low": 20, "high": 200}}} and told["runs_defaults"]
    assert told["constraints"] == ["coverage@10 >= 0.1"] and "recpilot" in told["versions"]
    assert sorted(told["group"]["trials"]) == [1, 2] and told["group"]["is_known"]
    assert told["gain"]["is_clear"] and told["defaults"]["number"] == 0
    for trial, record in zip(told["trials"], study.records(), strict=True):
        low, high = trial["interval"]
        assert low < record.value < high
        assert trial["seed"] == record.seed
    assert [trial["in_group"] for trial in told["trials"]] == [False, True, True]
    assert [trial["is_clear"] for trial in told["trials"]] == [None, True, True]
    assert sorted(trial["rank"] for trial in told["trials"]) == [1, 2, 3]
    assert told["trials"][best.number]["rank"] == 1
    (one,) = told["confirmations"]
    assert (one["winner"], one["reading"]) == ("trial 1", 1)
    assert "clearly better" in one["verdict"] and Path(one["record"]["json"]).is_file()


def test_only_confirmations_that_are_done_are_told_of() -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    readings = Readings(engine)
    readings.save(CONFIRMED)
    readings.save(dataclasses.replace(CONFIRMED, number=2, winner=None, ended_at=""))
    workspace: Any = SimpleNamespace(
        ledger=SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None)
    )
    assert confirmations_of(workspace, "s") == [CONFIRMED]


def test_the_list_says_that_a_study_is_confirmed_and_counts_what_was_asked_for(tmp_path: Path) -> None:
    out = io.StringIO()
    for n in (0, 1):
        study_command.print_line(Study(tmp_path / str(n)).status(), n, Console(file=out, width=200))  # type: ignore[arg-type]
    first, second = out.getvalue().splitlines()
    assert "finished, 3 trials done (2 in the budget, 1 asked for)" in first
    assert "finished, confirmed, " in second


@pytest.mark.parametrize("odd", ODD)
def test_what_a_command_prints_of_outside_is_shown_as_it_is(
    odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, paths, errors and descriptions that look like markup."""
    text = io.StringIO()
    out = Console(file=text, width=200)

    def shown(n: int) -> None:
        assert text.getvalue().count(odd) == n
        text.seek(0)
        text.truncate()

    study: Any = Study(tmp_path, odd)
    print_leaderboard(study, out)
    shown(3)
    status = study.status()
    status.name = odd
    study_command.print_line(status, 1, out)
    shown(2)
    winner = dataclasses.replace(
        CONFIRMED, contenders=(Contender(name=odd, role="contender", model="ease", params={}),)
    )
    winner = dataclasses.replace(winner, winner=odd, valid=(score(odd, 0.2),), test=(score(odd, 0.2),), gains=())
    print_confirmations([winner], tmp_path, out)
    shown(1)
    with study_display(out) as display:
        display.show(
            events.StudyStarted(study=odd, dataset=odd, models=("ease",), objective=f"maximize {odd}", n_trials=2)
        )
    shown(3)
    cost = {"train_s": 1.0, "epochs": 1.0, "n_parameters": 1.0, "trainable_share": 1.0, "peak_memory_bytes": 1.0,
            "batch_splits": 0.0}  # fmt: skip
    result = TrainResult(
        metrics={}, curve=(), cost=cost, best_epoch=1, params={"loss": odd}, split="random", checkpoint=Path(odd)
    )
    _show(result, out, None, is_replaced=False)
    shown(2)

    def failing(*_: Any) -> None:
        raise TrialFailed("out_of_memory", odd)

    monkeypatch.setattr(recmodels.training, "train", failing)
    with pytest.raises(typer.Exit):
        run_shown(TrainRequest(dataset=Path("d"), model="ease"), out)
    shown(1)
    made = Derivation(base=odd, base_fingerprint="", root=odd, version=2, how="append", says=odd, made_at="")
    stored = StoredDataset(
        name=odd,
        folder=Path(odd),
        description=odd,
        columns={"user": odd},
        notes=(odd,),
        profile={"n_users": 3.0},
        derived=made,
    )
    catalogue = SimpleNamespace(
        names=lambda: [odd],
        called=lambda _: odd,
        all=lambda: ([stored], {}),
        get=lambda _: stored,
        remove=lambda _: None,
        add=lambda *_, **__: stored,
    )
    monkeypatch.setattr(data_command, "_catalogue", lambda: catalogue)
    monkeypatch.setattr(data_command, "console", lambda *_: out)
    data_command.list_()
    shown(4)
    data_command.describe(odd)
    shown(6)
    data_command.add(Path("x"))
    shown(6)
    data_command.remove(odd)
    shown(1)
