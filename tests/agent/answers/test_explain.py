"""The words for the facts of every tool: plain, complete, and without a number that the facts do not hold."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.advisor import SAMPLERS
from agent.answers import analysis, evidence, in_chinese
from agent.answers.explain import word
from agent.answers.wording import SOURCES, params, varying
from agent.grounding.numbers import Evidence
from agent.results.kept import from_json
from agent.results.trial import TrialShown
from agent.standing import ordered
from agent.tools import make_tools
from agent.workspace import Workspace
from recmodels.models import MODELS

USES: list[tuple[str, dict[str, Any]]] = [
    ("list_datasets", {}),
    ("add_dataset", {"path": "tiny.csv"}),
    ("add_dataset", {"path": "nowhere.csv"}),
    ("describe_dataset", {"dataset": "tiny"}),
    ("recall_trials", {"query": "bpr_mf on small data"}),
    ("remember_lesson", {"text": "Users come back on Mondays"}),
    ("propose_trial", {}),
    ("set_search_space", {"param": "embedding_size", "low": 16, "high": 20}),
    ("control_study", {"action": "pause"}),
    ("study_status", {}),
    *[("explain_trial", {"trial": number}) for number in range(6)],
    *[("explain_trial", {"trial": number, "param": "learning_rate"}) for number in range(6)],
    ("compare_trials", {"trials": [0, 1]}),
    ("compare_trials", {"trials": [2, 3, 4]}),
    ("parameter_importance", {}),
    ("show_tradeoffs", {}),
    ("show_tradeoffs", {"metrics": ["ndcg@10", "latency_ms", "popularity_share@10"]}),
    ("recommend_items", {"user": "u3", "k": 4}),
    ("recommend_items", {"user": "nobody"}),
]


@pytest.mark.parametrize(("name", "args"), USES, ids=[f"{name}-{args}" for name, args in USES])
def test_every_number_in_the_words_stands_in_the_facts(tuned: Workspace, name: str, args: dict[str, Any]) -> None:
    tool = next(tool for tool in make_tools(tuned) if tool.name == name)
    facts = json.loads(tool.invoke(args))
    words = word(name, facts)
    assert len(words) > 20
    assert "None" not in words
    assert Evidence.of(facts).missing(words) == []


def test_the_answer_about_a_param_names_it_its_value_where_it_came_from_and_what_came_out(tuned: Workspace) -> None:
    study = tuned.runner.open("first")
    record = study.record(3)
    words = word("explain_trial", evidence.explain_trial(study, 3, "learning_rate", tuned.memory))
    value = f"{record.params['learning_rate']:.4g}"
    assert f"In **trial 3** `learning_rate` was **{value}**" in words
    assert "The value came from" in words
    assert f"**{record.value:.4g}**" in words
    assert "| first/0 |" in words
    assert "Against its nearest earlier trial" in words


def test_a_table_of_trials_shows_only_the_params_that_differ() -> None:
    one = from_json(TrialShown, {"params": {"loss": "bpr", "epochs": 3}})
    trials = [one, replace(one, params={"loss": "bpr", "epochs": 4, "dropout": 0.1})]
    assert [trial.params for trial in varying(trials)] == [{"epochs": 3}, {"epochs": 4, "dropout": 0.1}]
    assert varying(trials[:1]) == trials[:1]
    assert varying([]) == []


def test_what_a_study_holds_at_its_default_goes_without_saying() -> None:
    ran = MODELS["sasrec"].space.defaults()
    trial = replace(from_json(TrialShown, {}), model="sasrec", params=ran)
    assert "epochs" not in params(trial)
    assert "`epochs` 7" in params(replace(trial, params=ran | {"epochs": 7}))
    assert params(replace(trial, model="popularity", params={})) == "no params"


def test_the_status_says_once_how_many_trials_are_done(tuned: Workspace) -> None:
    facts = json.loads(next(tool for tool in make_tools(tuned) if tool.name == "study_status").invoke({}))
    assert word("study_status", facts).count("trials done") == 1


def test_the_status_shows_the_best_trials_first_and_what_is_to_beat(tuned: Workspace) -> None:
    study = tuned.runner.open("first")
    facts = json.loads(next(tool for tool in make_tools(tuned) if tool.name == "study_status").invoke({}))
    best = ordered(study.spec.goal, study.records())
    assert [row["number"] for row in facts["leaderboard"]] == [record.number for record in best]
    facts["standing"]["baselines"] = [
        {"model": "ease", "value": 0.9, "low": 0.8, "high": 1.0, "half_width": 0.1, "is_beaten": False}
    ]
    facts["leaderboard"][0]["is_starred"] = True
    rows = [line for line in word("study_status", facts).splitlines() if line.startswith("|")]
    assert rows[0].endswith("| ndcg@10 ± 95 % | state |")
    assert rows[2].startswith(f"| ★ {best[0].number} | bpr_mf |") and " ± " in rows[2]
    assert rows[-1] == "| – | ease | defaults | 0.9 ± 0.1 | baseline |"
    assert len(rows) == 2 + len(best) + 1


def test_trials_beyond_the_budget_are_told_as_asked_for(tuned: Workspace) -> None:
    facts = json.loads(next(tool for tool in make_tools(tuned) if tool.name == "study_status").invoke({}))
    words = word("study_status", facts | {"n_finished": 7, "n_trials": 6})
    assert "7 trials done (6 in the budget, 1 asked for)" in words


def test_a_best_trial_with_repeats_is_told_with_their_mean(tuned: Workspace) -> None:
    facts = json.loads(next(tool for tool in make_tools(tuned) if tool.name == "study_status").invoke({}))
    facts["standing"]["best"] |= {"value": 0.1234, "n_runs": 3}
    assert "**0.1234**" in word("study_status", facts) and "the mean of 3 runs" in word("study_status", facts)


def test_every_source_of_a_trial_has_words() -> None:
    told = {*SAMPLERS, "defaults", "memory", "request", "repeat", "llm", "user"} - {"advisor"}
    assert told <= set(SOURCES)


def test_a_trial_that_started_from_the_defaults_says_so(tuned: Workspace) -> None:
    study = tuned.runner.open("first")
    words = word("explain_trial", evidence.explain_trial(study, 0, "loss"))
    assert f"`loss` was **{study.record(0).params['loss']}**, its default" in words
    assert "No earlier trial of this model had tried any `loss`" in words


def test_a_trial_without_kept_weights_is_compared_without_a_test_and_says_why(tuned: Workspace) -> None:
    study = tuned.runner.open("first")
    Path(study.record(1).checkpoint or "", "per_user.safetensors").unlink()
    words = word("compare_trials", analysis.compare_trials(study, [0, 1]))
    assert "cannot be tested" in words


def test_a_cell_cannot_break_out_of_its_table() -> None:
    facts = {"user": "u|1", "trial": "s/0", "which": "the best so far", "model": "ease"}
    words = word("recommend_items", facts | {"items": [{"rank": 1, "item": "a | b\n\n# c", "score": 0.5}]})
    assert words.splitlines()[-1] == "| 1 | a \\| b # c | 0.5 |"


def test_a_tool_that_nobody_worded_is_still_said() -> None:
    assert word("new_tool", {"answer": 42}) == "Answer: 42."


def test_what_each_outcome_has_stands_in_the_table_of_a_study_in_both_languages(tuned: Workspace) -> None:
    facts = json.loads(next(tool for tool in make_tools(tuned) if tool.name == "study_status").invoke({}))
    facts["leaderboard"][0]["further"] = {"recall_of_purchase@10": 0.4321}
    for words in (word, in_chinese.word):
        header, _, first, *others = (line for line in words("study_status", facts).splitlines() if line[:1] == "|")
        assert "recall_of_purchase@10" in header and "0.4321" in first
        assert all(line.count("|") == header.count("|") for line in others)
