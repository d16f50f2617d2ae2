"""A study settles once what becomes of items that people had before, and says so wherever its numbers stand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answers.across_studies import compare_studies
from agent.answers.standings import standing_shown, standing_words
from agent.confirming.commands import tune_command
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, request_for
from memory.record import TrialRecord, from_dict, to_dict
from memory.summary import summarize
from recmodels.data.catalogue import Catalogue
from recmodels.errors import ParamError


@pytest.fixture
def again(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    """Thirty people who buy the same three things in turn, a day apart."""
    rows = [f"u{u},i{u % 5 + n % 3},2024-01-{n + 1:02d}" for u in range(30) for n in range(9)]
    (tmp_path / "again.csv").write_text("\n".join(["user_id,item_id,date", *rows]))
    catalogue.add(tmp_path / "again.csv")
    return catalogue


def spec(**given: object) -> StudySpec:
    return StudySpec.create(**({"dataset": "again", "models": ["item_knn"], "n_trials": 1} | given))  # type: ignore[arg-type]


def test_the_choice_goes_from_the_data_to_the_records(
    again: Catalogue, make_runner: Callable[..., StudyRunner], ledger: Ledger
) -> None:
    study = make_runner().create(spec())
    for _ in study.run():
        pass
    (record,) = study.records()
    says = (
        "items that people had before stay in the lists and count when they come again, by the data: 30 of 30 "
        "validation events are such repeats, at least 10%"
    )
    assert (record.state, record.repeats, record.measured["valid"]["n_measured"]) == ("complete", "keep", 30)
    assert study.status().objective == f"maximize ndcg@10 ({says})"
    assert says[1:] in standing_words(standing_shown(study))
    assert summarize(record).endswith("where items that people had before stay in the lists.")
    written = to_dict(record)
    del written["repeats"]
    earlier = from_dict(written)
    assert isinstance(earlier, TrialRecord) and earlier.repeats == "mask", "of before there was a choice"
    assert ledger.open(study.spec.name).spec.repeats_says == says
    assert "--repeat-events keep" in tune_command(study.spec)
    request = request_for(study.spec, study.place, blank_record(study.spec, {}, 0, study.proposal(0)), None)
    assert request.repeats == "keep"
    assert json.loads((Path(str(record.checkpoint)) / "checkpoint.json").read_text())["repeats"] == "keep"


def test_what_is_asked_for_stands_and_impossible_wishes_are_refused(
    again: Catalogue, make_runner: Callable[..., StudyRunner]
) -> None:
    runner = make_runner()
    masked = runner.create(spec(repeats="mask"))
    assert masked.spec.repeats == "mask" and "left out of the lists, as set; 30 of 30" in masked.spec.aim
    assert runner.create(spec(dataset="tiny")).spec.aim == "maximize ndcg@10"
    assert compare_studies(masked, runner.create(spec())).unlike == ("repeats",)
    with pytest.raises(ParamError, match="`keep` needs a split that follows time"):
        runner.create(spec(repeats="keep", split=masked.spec.split.__class__(kind="random")))
    with pytest.raises(ParamError, match="repeat events are"):
        spec(repeats="twice")


def test_what_was_written_before_there_was_a_choice_masks() -> None:
    written = spec(repeats="keep").to_dict()
    del written["repeats"], written["repeats_says"]
    assert StudySpec.from_dict(written).repeats == "mask"
