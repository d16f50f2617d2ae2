"""Verdicts: the first words answer the question, from facts, also where there is no study yet."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from agent.answers import in_chinese, verdicts_in_chinese
from agent.answers.explain import word
from agent.answers.premises import premise
from agent.answers.verdict_facts import Heard
from agent.answers.verdicts import VERDICTS, verdict
from agent.results.by_tool import RESULTS, result_of
from agent.understanding.asking.asked import asked
from agent.words.acts import ACTS

ARGS: dict[str, dict[str, Any]] = {
    "recall_trials": {"query": "bpr_mf"},
    "recommend_items": {"user": "u3", "k": 2},
    "show_space": {"param": "learning_rate"},
}
READS = (
    "study_status", "compare_trials", "list_lessons", "list_studies", "list_datasets", "recall_trials",
    "recommend_items", "show_space", "show_confirmation", "trials", "describe_dataset", "parameter_importance",
    "list_rules",
)  # fmt: skip


@pytest.fixture
def facts(tuned_facts: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What the reading tools find in a study of six trials."""
    return {name: tuned_facts(name, **ARGS.get(name, {})) for name in READS}


def heard(says: str, facts: dict[str, Any], **status: Any) -> Heard:
    """What was found, with some of the status changed."""
    known = facts | {"study_status": facts["study_status"] | status} if status else facts
    return Heard(says=says, facts={tool: result_of(tool, one) for tool, one in known.items()})


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_kind_of_question_has_an_answer(kind: str, facts: dict[str, Any]) -> None:
    text = verdict(kind, heard("is it so?", facts))
    assert len(text) > 20
    assert "None" not in text
    assert "  " not in text


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_kind_of_question_has_an_answer_before_the_first_study(kind: str) -> None:
    nothing = {name: {"error": "there is no study yet"} for name in READS}
    assert len(verdict(kind, heard("is it so?", nothing))) > 2


@pytest.mark.parametrize(
    ("kind", "says", "first"),
    [
        ("safe", "is it safe to pause?", "Yes"),
        ("safe", "does stopping lose trials?", "No"),
        ("exported", "did you export it?", "No"),
        ("can_delete", "can i delete it?", "Yes"),
        ("did_delete", "did you delete it?", "No"),
        ("really_ran", "do you make them up?", "Yes"),
        ("noted", "did you write that down?", "No"),
        ("confirmed", "did you pick it on test?", "No"),
        ("offline", "do you send my data anywhere?", "No"),
    ],
)
def test_a_yes_or_no_question_gets_yes_or_no_first(kind: str, says: str, first: str, facts: dict[str, Any]) -> None:
    assert re.match(rf"{first}\b", verdict(kind, heard(says, facts)))


def _stands(facts: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The standing with a clear gain over the defaults of item_knn, of which n_neighbors was cut."""
    row = {"model": "item_knn", "value": 0.1, "low": 0.09, "high": 0.11, "is_beaten": True}
    gain = {"of": 1, "minus": 0, "mean": 0.1, "low": 0.05, "high": 0.15}
    cut = {"defaults_model": "item_knn", "defaults_cut": "n_neighbors 100", "gain": gain, "is_clear_gain": True}
    best = {"best": {"number": 1, "value": 0.2, "n_runs": 1}, "defaults": {"number": 0, "value": 0.1}}
    known: dict[str, Any] = facts["study_status"]["standing"]
    return known | cut | best | {"baselines": [row], "is_defaults": False} | changed


def test_a_gain_over_cut_defaults_is_no_gain_over_the_real_ones(facts: dict[str, Any]) -> None:
    def good(**changed: Any) -> str:
        return verdict("good", heard("is it good?", facts, standing=_stands(facts, **changed)))

    assert good().startswith("Yes, it is beyond the model's real defaults too: ")
    level = {"model": "item_knn", "value": 0.19, "low": 0.17, "high": 0.21, "is_beaten": True}
    assert good(baselines=[level]).startswith("Fair: it beats the defaults as this study's ranges cut them, and is not")
    other = level | {"model": "popularity"}
    unmeasured = good(baselines=[other])
    assert "the real ones were not measured" in unmeasured and "n_neighbors 100" in unmeasured
    assert good(defaults_cut="", baselines=[level]).startswith("Yes: ")
    chinese = verdicts_in_chinese.verdict("good", heard("好吗？", facts, standing=_stands(facts, baselines=[other])))
    assert "真正的默认值没有测过" in chinese


def test_without_a_trial_of_the_defaults_no_gain_over_them_is_claimed(facts: dict[str, Any]) -> None:
    stands = _stands(facts, defaults=None, gain=None, is_clear_gain=False, defaults_cut="", defaults_model="")
    text = verdict("good", heard("is it good?", facts, standing=stands))
    assert text.startswith("Fair, as far as that can be told without a trial of the model's defaults")
    assert "no gain over them is claimed" in text


def test_the_best_that_is_level_with_a_simple_model_is_not_said_to_be_behind_it(facts: dict[str, Any]) -> None:
    row = {"model": "ease", "value": 0.2, "low": 0.19, "high": 0.21, "is_beaten": False}
    text = verdict("good", heard("is it good?", facts, standing=_stands(facts, baselines=[row])))
    assert text.startswith("Not yet, it is level with ease without any tuning: ")


def test_a_rule_that_is_named_is_told_alone(facts: dict[str, Any]) -> None:
    told = verdict("which_rules", heard("why rule ials-l2?", facts))
    assert told.startswith("**ials-l2** (`ials`): prefer l2 from 0.001 to 0.06, since ") and "arXiv 2110.14037" in told
    listed = verdict("which_rules", heard("what rules do you use?", facts))
    assert "| ials-l2 |" in listed and "| ease-l2-long-histories |" in listed
    for say in ("what rules do you use?", "why this bound?", "why rule ials-l2", "which rules are there?"):
        assert (found := asked(say)) is not None and found.kind == "which_rules"


def test_what_runs_is_told_with_the_trials_done_so_far(facts: dict[str, Any]) -> None:
    running = {"state": "running", "n_finished": 3, "n_trials": 10, "running": {"number": 3, "epoch": 2, "epochs": 5}}
    text = verdict("safe", heard("is it safe to pause?", facts, **running))
    assert "is running (3 of 10 trials done)" in text
    assert "Trial 3 trains now, epoch 2 of 5." in text


def test_an_export_that_was_made_is_told_with_its_place(facts: dict[str, Any]) -> None:
    text = verdict("exported", heard("did you export it?", facts, exports=["trial 1 of first was exported to /out"]))
    assert text == "Yes: trial 1 of first was exported to /out."


def test_a_result_below_a_simple_model_is_not_called_good(facts: dict[str, Any]) -> None:
    low = {"model": "ease", "value": 0.9, "low": 0.8, "high": 1.0, "half_width": 0.1, "is_beaten": False}
    standing = facts["study_status"]["standing"] | {"baselines": [low]}
    text = verdict("good", heard("is that good?", facts, standing=standing))
    assert text.startswith("Not yet, ease without any tuning is ahead")
    floor = low | {"model": "popularity"}
    standing = facts["study_status"]["standing"] | {"baselines": [floor]}
    assert verdict("good", heard("is that good?", facts, standing=standing)).startswith("No")


def test_a_gain_within_the_noise_is_not_called_a_gain(facts: dict[str, Any]) -> None:
    beaten = {"model": "popularity", "value": 0.01, "low": 0, "high": 0.02, "half_width": 0.01, "is_beaten": True}
    gain = {"mean": 0.001, "low": -0.01, "high": 0.012}
    known = {"baselines": [beaten], "gain": gain, "is_defaults": False, "defaults": {"number": 0, "value": 0.1}}
    standing = facts["study_status"]["standing"] | known
    unclear = verdict("good", heard("good?", facts, standing=standing | {"is_clear_gain": False}))
    assert unclear.startswith("Fair, but tuning has won nothing that is sure")
    assert "which noise explains" in unclear
    clear = standing | {"is_clear_gain": True, "defaults_cut": ""}
    assert verdict("good", heard("good?", facts, standing=clear)).startswith("Yes")


def test_noise_is_told_by_the_interval(facts: dict[str, Any]) -> None:
    paired = {"of": [0, 2], "metric": "ndcg@10", "mean_difference": -0.02, "low": -0.03, "high": -0.01, "n_users": 9}
    paired |= {"n_seeds": 1, "confidence": 0.95}
    clear = facts | {"compare_trials": facts["compare_trials"] | {"paired": paired | {"is_clear": True}}}
    assert verdict("noise", heard("noise?", clear)).startswith("It is more than noise")
    unsure = facts | {
        "compare_trials": facts["compare_trials"] | {"paired": paired | {"is_clear": False, "high": 0.01}}
    }
    assert verdict("noise", heard("noise?", unsure)).startswith("It may well be noise")


def test_a_state_that_is_not_so_is_set_right_first(facts: dict[str, Any]) -> None:
    says = "since it is still running, how long will it take?"
    assert verdict("how_long", heard(says, facts, state="finished")).startswith("It is not running any more.")
    assert not verdict("how_long", heard(says, facts, state="running")).startswith("It is not")


TRIAL = {
    "number": 5, "state": "complete", "measured": 0.2, "objective": "ndcg@10", "rank": 3, "n_ranked": 6,
    "best": {"number": 7, "value": 0.3}, "is_like_best": False, "group": [7], "uncertainty": 0.01,
}  # fmt: skip


@pytest.mark.parametrize(
    ("says", "facts", "right"),
    [
        (
            "why did trial 5 win?",
            TRIAL,
            "Trial 5 did not win: it is 3rd of 6, with ndcg@10 0.2; trial 7 did, with 0.3.",
        ),
        ("why did trial 5 fail?", TRIAL, "Trial 5 did not fail: it came to its end, with ndcg@10 0.2."),
        ("why was trial 5 pruned?", TRIAL, "Trial 5 was not stopped early: it came to its end, with ndcg@10 0.2."),
        ("why did trial 5 run?", TRIAL, ""),
        ("why is it so bad?", TRIAL | {"number": 7, "rank": 1}, "Trial 7 is not behind: it is the best so far"),
        ("why did it win?", TRIAL | {"number": 7, "rank": 1}, "Trial 7 is the best of 6 trials"),
        ("which was the worst?", TRIAL | {"rank": 6}, "Trial 5 is the worst of 6 trials"),
    ],
)
def test_the_premise_of_a_why_is_checked(says: str, facts: dict[str, Any], right: str) -> None:
    found = premise(says, result_of("explain_trial", facts))
    assert found.startswith(right)
    assert bool(found) == bool(right)


@pytest.mark.parametrize("tool", sorted(ACTS))
def test_every_tool_is_worded_in_chinese(tool: str) -> None:
    assert all(cls in in_chinese.WORDS for cls in RESULTS[tool])


@pytest.mark.parametrize("name", READS)
def test_facts_in_chinese_keep_their_names_and_numbers(name: str, facts: dict[str, Any]) -> None:
    text = in_chinese.word(name, facts[name])
    assert re.search("[\u4e00-\u9fff]", text)
    assert "None" not in text
    if name == "study_status":
        assert facts[name]["study"] in text
        assert f"{facts[name]['n_finished']}/{facts[name]['n_trials']}" in text


@pytest.mark.parametrize("kind", verdicts_in_chinese.VERDICTS)
def test_verdicts_in_chinese_are_of_known_kinds_and_hold(kind: str, facts: dict[str, Any]) -> None:
    assert kind in VERDICTS
    nothing = {name: {"error": "there is no study yet"} for name in READS}
    for known in (facts, nothing):
        text = verdicts_in_chinese.verdict(kind, heard("", known))
        assert text == "" or re.search("[\u4e00-\u9fff]", text)


def test_the_time_of_a_trial_is_told_in_one_way_everywhere(facts: dict[str, Any]) -> None:
    """The median of training times, not the wall time by the number of trials."""
    left = facts["study_status"]["time_left"] | {"each_s": 7.0}
    told = heard("how long did it take?", facts, elapsed_s=6000.0, time_left=left, state="finished")
    for kind in ("how_long", "go_on"):
        assert "7 s" in verdict(kind, told), kind
    assert "7 秒" in verdicts_in_chinese.verdict("how_long", told)


def test_how_much_of_the_catalogue_is_shown_is_counted_in_items() -> None:
    table = {
        "study": "demo-2",
        "objective": "ndcg@10",
        "columns": ["number", "coverage@10"],
        "rows": [[3, 0.25], [1, 0.9]],
    }
    found = {"trials": table, "describe_dataset": {"profile": {"n_items": 400}}}
    says = verdict("covered", heard("how many get shown to nobody?", found))
    assert "trial 3, puts 25 %" in says
    assert "300 of 400 items get shown to nobody" in says


CLEAR = {"learning_rate": (0.5, 0.8), "dropout": (0.1, 0.4)}
UNCLEAR = {"learning_rate": (0.2, 0.8), "dropout": (0.1, 0.4)}


@pytest.mark.parametrize(
    ("says", "intervals", "begins"),
    [
        (
            "is dropout the key?",
            CLEAR,
            "Not by the trials of `sasrec`: `dropout` accounts for 30 %, interval 10 to 40 %",
        ),
        ("is the learning rate the key?", CLEAR, "Yes, for `sasrec`"),
        ("is the learning rate the key?", UNCLEAR, "That is not clear for `sasrec`: `learning_rate` accounts"),
        ("which param matters most?", UNCLEAR, "No param of `sasrec` is clearly the one that moved the results most"),
        ("which param matters most?", CLEAR, "Of the params of `sasrec`, learning_rate moved the results most: 70 %, "),
    ],
)
def test_whether_a_param_is_the_key_is_told_by_its_share_and_interval(
    says: str, intervals: dict[str, tuple[float, float]], begins: str
) -> None:
    model = {"importance": {"learning_rate": 0.7, "dropout": 0.3}, "intervals": intervals, "n_trials": 20}
    found = {"study": "demo-2", "min_trials": 10, "models": {"sasrec": model}}
    assert verdict("key_param", heard(says, {"parameter_importance": found})).startswith(begins)


def test_of_too_few_trials_no_param_is_named() -> None:
    model = {"importance": {}, "n_trials": 6, "n_needed": 14}
    found = {"study": "demo-2", "min_trials": 10, "models": {"sasrec": model}}
    said = verdict("key_param", heard("is dropout the key?", {"parameter_importance": found}))
    assert "its trials are too few" in said and "dropout" not in said
    assert word("parameter_importance", found | {"objective": "ndcg@10", "method": "PED-ANOVA"}).endswith(
        "to say which params matter: `sasrec` has 6 of 14."
    )


@pytest.mark.parametrize(("value", "is_beaten", "first"), [(0.01, True, "Yes, better"), (0.9, False, "No, not better")])
def test_whether_it_beats_what_sells_most_is_said_first(
    facts: dict[str, Any], value: float, is_beaten: bool, first: str
) -> None:
    floor = {"model": "popularity", "value": value, "low": value - 0.005, "high": value + 0.005, "is_beaten": is_beaten}
    standing = facts["study_status"]["standing"] | {"baselines": [floor]}
    says = "which one has won and is it really better than most sold?"
    question = asked(says)
    assert question is not None and question.kind == "good"
    assert verdict("good", heard(says, facts, standing=standing)).startswith(f"{first} than what sells most")
