"""What a planner finds out for a decider: the noise of each objective, and lessons of other studies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from agent.advisor.rules.reading import read_rules
from agent.advisor.situation import Situation
from agent.deciding.acts import Draft, Take
from agent.deciding.context import DecisionContext
from agent.errors import SetupError
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.messages import AskForProposal
from agent.studies.planner import Planner, noise_of
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory
from recmodels.per_user import PER_USER_FILE


def measured(folder: Path, number: int, l2: float, offset: float) -> TrialRecord:
    """A trial of 40 users whose values lie around 0.5, and those of recall twice as far apart."""
    kept = folder / str(number)
    kept.mkdir()
    users = np.arange(40)
    values = 0.5 + offset + np.random.default_rng(number).normal(0, 0.1, 40)
    save_file({"valid_users": users, "valid_ndcg@10": values, "valid_recall@10": 2 * values}, kept / PER_USER_FILE)
    metrics = {"valid_ndcg@10": float(values.mean()), "valid_recall@10": float(2 * values.mean())}
    return TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model="ease",
        params={"l2": l2},
        state="complete",
        objective="ndcg@10",
        value=metrics["valid_ndcg@10"],
        metrics=metrics,
        checkpoint=str(kept),
    )


def test_the_noise_of_a_second_objective_is_known_and_a_repeat_of_the_best_is_no_rival(tmp_path: Path) -> None:
    points = [(1.0, 0.0), (2.0, 0.02), (2.0, 0.02), (3.0, -0.4)]
    records = [measured(tmp_path, i, *point) for i, point in enumerate(points)]
    found = noise_of(Goal.parse(["ndcg@10", "recall@10"]), records)
    assert found.repeats_sd is not None and found.n_repeats == 2
    assert found.further_sd == {"recall@10": 2 * found.repeats_sd}
    assert set(found.intervals) == set(found.further["recall@10"]) == {0, 1, 2, 3}
    assert found.further["recall@10"][0].half_width == 2 * found.intervals[0].half_width
    assert found.group == (1, 0), "2 repeats 1, and 3 is clearly worse"
    alone = noise_of(Goal.parse(["ndcg@10"]), records)
    assert not alone.further and not alone.further_sd


def test_lessons_of_other_models_do_not_crowd_out_those_of_the_studys_own(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())

    def lesson(i: int, model: str) -> Lesson:
        text = f"On films, {model} with l2 {i} (else as trial {i}) was worse than expected: ndcg@10 0.1."
        return Lesson(id=f"lesson/{i}", text=text, source="reflection", study="films", dataset="films")

    memory.remember(*(lesson(i, "ease" if i == 7 else "ials") for i in range(8)))
    seen: list[DecisionContext] = []

    def decide(context: DecisionContext) -> Any:
        seen.append(context)
        return Draft(act=Take(candidate=0))

    spec = StudySpec.create(dataset="tiny", models=["ease"], n_trials=2, llm="scripted")
    list(make_runner(decider=decide, memory=memory).create(spec).run())
    told = [one.text for one in seen[0].lessons]
    assert told == ["On films, ease with l2 7 (else as trial films/7) was worse than expected: ndcg@10 0.1."]


def test_a_proposal_knows_what_waits_and_what_broke_on_the_same_data(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
    broken = replace(measured(tmp_path, 0, 7.0, 0.0), study="old", dataset="tiny", state="failed", reason="diverged")
    memory.remember(broken)
    seen: list[Situation] = []
    spec = StudySpec.create(dataset="tiny", models=["ease"], n_trials=3)
    planner = Planner(spec, {}, memory, None, decided=lambda context, situation, found: seen.append(situation))
    waiting = Proposal(number=0, model="ease", params={"l2": 9.0}, proposer="defaults", rationale="")
    planner.propose(
        AskForProposal(
            token=1,
            number=1,
            spec=spec,
            records=(),
            spaces={"ease": spec.space("ease")},
            excluded=(("ease", {"l2": 9.0}),),
            request=None,
            waiting=(waiting,),
        )
    )
    assert seen[0].pending == (("ease", {"l2": 9.0}),)
    assert [record.reason for record in seen[0].broken] == ["diverged"]


def test_rules_lean_a_study_unless_it_shall_use_none_and_wrong_ones_begin_none(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    own = tmp_path / "rules.toml"
    own.write_text(
        '[[rule]]\nid = "weak"\nmodel = "ease"\nprefer = { l2 = [1, 4] }\nstrength = 3\nreason = "r"\nsource = "s"\n'
        'when = { split = "leave_last_out", n_users = { high = 100 } }\n'
    )
    runner = make_runner(rules=lambda: read_rules(own))
    said = {}
    for uses_rules in (True, False):
        spec = StudySpec.create(dataset="tiny", models=["ease"], n_trials=3, uses_rules=uses_rules)
        study = runner.create(spec)
        list(study.run())
        said[uses_rules] = [record.rationale for record in study.records()]
        assert StudySpec.from_dict(spec.to_dict()) == spec
    assert any("favoured by rule weak (r)" in reason for reason in said[True])
    assert "favoured by" not in " ".join(said[False])
    own.write_text("rule = 1")
    with pytest.raises(SetupError, match=r"rules\.toml"):
        runner.check(StudySpec.create(dataset="tiny", models=["ease"]))
    runner.check(StudySpec.create(dataset="tiny", models=["ease"], uses_rules=False))
