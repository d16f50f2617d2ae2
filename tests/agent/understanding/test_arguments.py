"""The arguments of a request as a person says them: each line shows one kind of wording."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.understanding.arguments.arguments import _READERS, read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.clauses import clauses
from agent.understanding.clauses.corrections import settled
from agent.understanding.clauses.leftovers import unused
from agent.understanding.known import Known
from agent.understanding.plan import Request
from agent.words.names import read
from agent.words.spelling import words_of
from recmodels.models import whole_space

KNOWN = Known(datasets=("demo", "shop", "films"), studies=("demo-1", "demo-2"), objective="ndcg@10")


def stretch_of(text: str, start: int = 0) -> Stretch:
    said = settled(read(text, KNOWN.names))
    return Stretch(said, [part for part in clauses(said) if part[0] >= start] if start == 0 else [(start, len(text))])


def told(tool: str, text: str, *, is_edit: bool = False) -> list[dict[str, Any]]:
    return read_arguments(tool, stretch_of(text), KNOWN, is_edit=is_edit)


WORDS = sorted(
    words_of("lr dropout 0.1 5 20 and , not best trial u12 demo to between more over x2 hours 学习率 次 ? seed")
)

ADAPTERS = whole_space("hybrid")["adapter"].choices  # type: ignore[union-attr]

CASES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "start_study": [
        ("tune sasrec on shop trials 5 epochs 1", {"models": ["sasrec"], "dataset": "shop", "n_trials": 5, "epochs": 1}),
        ("retune demo-1 on shop, 5 trials", {"base": "demo-1", "dataset": "shop", "n_trials": 5, "retune": True}),
        ("ease on demo, l2 100..1000, seed 3, 8 trials", {"models": ["ease"], "dataset": "demo", "space": {"l2": [100, 1000]}, "seed": 3, "n_trials": 8}),
        ("bpr on demo, nothing over 5 ms, coverage of at least a third", {"models": ["bpr_mf"], "dataset": "demo", "constraints": ["latency_ms<=5", "coverage@10>=0.3333333333"]}),
        ("gru4rec on shop, hidden size 128, 3 epochs, 5 minutes per trial, two hours", {"models": ["gru4rec"], "dataset": "shop", "space": {"hidden_size": 128}, "epochs": 3, "time_limit_s": 7200.0, "trial_time_limit_s": 300.0}),
        ("shop, all models except deepfm, stop after 3 epochs without improvement", {"dataset": "shop", "without": ["deepfm"], "patience": 3}),
        ("ease on shop, weights of at least 2 MB, latency above 3 ms", {"models": ["ease"], "dataset": "shop", "constraints": ["latency_ms>=3", "weights_bytes>=2000000"]}),
        ("same as demo-1 but on films", {"base": "demo-1", "dataset": "films"}),
        ("ease on demo, half an hour, no single training above 2 minutes", {"models": ["ease"], "dataset": "demo", "time_limit_s": 1800.0, "trial_time_limit_s": 120.0}),
        ("shop, gru4rec, every answer within 0.02 seconds", {"dataset": "shop", "models": ["gru4rec"], "constraints": ["latency_ms<=20"]}),
        ("ease on shop, at most 0.02 seconds", {"dataset": "shop", "models": ["ease"], "constraints": ["latency_ms<=20"]}),
        ("bestsellers may make up a quarter at most, ials on shop", {"dataset": "shop", "models": ["ials"], "constraints": ["popularity_share@10<=0.25"]}),
        ("ease on shop, not the tpe sampler, the random one", {"dataset": "shop", "models": ["ease"], "sampler": "random"}),
        ("ease on shop, split the data random, 5 trials", {"dataset": "shop", "models": ["ease"], "split": "random", "n_trials": 5}),
        ("ease on shop, use no rules", {"dataset": "shop", "models": ["ease"], "use_rules": False}), ("ease on shop without any of your rules", {"dataset": "shop", "models": ["ease"], "use_rules": False}), ("ease on shop, rules off", {"dataset": "shop", "models": ["ease"], "use_rules": False}), ("ease on shop with the rules", {"dataset": "shop", "models": ["ease"], "use_rules": True}), ("在shop上用ease，不用规则", {"dataset": "shop", "models": ["ease"], "use_rules": False}),
        ("before each trial you have to ask me; ease on shop", {"dataset": "shop", "models": ["ease"], "needs_approval": True}),
        ("hybrid on shop, rank 4, a 0.2 dropout in the adapter", {"dataset": "shop", "models": ["hybrid"], "space": {"adapter_rank": 4, "adapter_dropout": 0.2}}),
        ("bpr on shop, lr in [1e-4; 1e-2], 9 trials", {"dataset": "shop", "models": ["bpr_mf"], "space": {"learning_rate": [0.0001, 0.01]}, "n_trials": 9}),
        ("ease on shop so that I am not accused of laziness", {"dataset": "shop", "models": ["ease"]}),
        ("shop, everything but ease and ials, 3 trials", {"dataset": "shop", "without": ["ease", "ials"], "n_trials": 3}),
        ("ials on shop, answers in half a second at the latest, seed one", {"dataset": "shop", "models": ["ials"], "constraints": ["latency_ms<=500"], "seed": 1}),
        ("bpr on shop, embeddings 16-64 in powers of two", {"dataset": "shop", "models": ["bpr_mf"], "space": {"embedding_size": {"choices": [16, 32, 64]}}}),
        ("raise the coverage floor from .3 to .35 on shop", {"dataset": "shop", "constraints": ["coverage@10>=0.35"]}),
        ("shop, ials, a model must train in under a minute and a half", {"dataset": "shop", "models": ["ials"], "constraints": ["train_s<=90"]}),
        ("gru4rec on shop, never more than 4 minutes on one trial", {"dataset": "shop", "models": ["gru4rec"], "trial_time_limit_s": 240.0}),
        ("ease on demo, the lightest model you can find", {"dataset": "demo", "models": ["ease"], "objective": ["weights_bytes"]}),
        ("在demo上用bpr和lightgcn,20次试验,最多一个小时", {"dataset": "demo", "models": ["bpr_mf", "lightgcn"], "n_trials": 20, "time_limit_s": 3600.0}),
        ("hstu/demo, tpe, 30t, 2h, patience 3, lat<=4ms", {"models": ["hstu"], "dataset": "demo", "sampler": "tpe", "n_trials": 30, "time_limit_s": 7200.0, "patience": 3, "constraints": ["latency_ms<=4"]}),
        ("demo/hstu/30 tr, 5 epochs", {"models": ["hstu"], "dataset": "demo", "n_trials": 30, "epochs": 5}), ("ease@shop, seed number 13, trials 18", {"models": ["ease"], "dataset": "shop", "seed": 13, "n_trials": 18}), ("ease on shop, random seed is 13", {"models": ["ease"], "dataset": "shop", "seed": 13}),
        ("bpr on shop; n_negatives a score at most, starting from 1", {"models": ["bpr_mf"], "dataset": "shop", "space": {"n_negatives": [1, 20]}}), ("ials on shop, with dropout a twentieth", {"models": ["ials"], "dataset": "shop", "space": {"dropout": 0.05}}),
        ("hybrid on shop, adapter lora rank 8", {"models": ["hybrid"], "dataset": "shop", "space": {"adapter": "lora", "adapter_rank": 8}}), ("hybrid on shop, a rank-8 lora adapter", {"models": ["hybrid"], "dataset": "shop", "space": {"adapter": "lora", "adapter_rank": 8}}), ("hybrid on shop, lora rank 4 to 16", {"models": ["hybrid"], "dataset": "shop", "space": {"adapter": "lora", "adapter_rank": [4, 16]}}),
        ("ease on shop, coverage at least a third... take 0,33", {"models": ["ease"], "dataset": "shop", "constraints": ["coverage@10>=0.33"]}), ("ease on shop, cov >= .2", {"models": ["ease"], "dataset": "shop", "constraints": ["coverage@10>=0.2"]}), ("ease on shop, show at least 40 % of the items", {"models": ["ease"], "dataset": "shop", "constraints": ["coverage@10>=0.4"]}),
        ("ease on shop, memory max. 1.5GB", {"models": ["ease"], "dataset": "shop", "constraints": ["peak_memory_bytes<=1500000000"]}), ("ease on shop, parameters under 2M", {"models": ["ease"], "dataset": "shop", "constraints": ["n_parameters<=2000000"]}), ("ease on shop, max 40 thousand k parameters", {"models": ["ease"], "dataset": "shop", "constraints": ["n_parameters<=40000000"]}),
        ("在demo上用bpr,25次试验,覆盖率至少三分之一", {"models": ["bpr_mf"], "dataset": "demo", "n_trials": 25, "constraints": ["coverage@10>=0.3333333333"]}), ("在demo上用ease跑30次,最多三刻钟", {"models": ["ease"], "dataset": "demo", "n_trials": 30, "time_limit_s": 2700.0}),
        ("bpr on shop with successive halving, 9 trials", {"models": ["bpr_mf"], "dataset": "shop", "n_trials": 9, "pruner": "halving"}),
        ("bpr on shop, don't prune anything", {"models": ["bpr_mf"], "dataset": "shop", "pruner": "none"}), ("bpr on shop without the hurdle", {"models": ["bpr_mf"], "dataset": "shop", "pruner": "none"}),
        ("bpr on shop, pruner none", {"models": ["bpr_mf"], "dataset": "shop", "pruner": "none"}), ("在shop上用bpr,不剪枝", {"models": ["bpr_mf"], "dataset": "shop", "pruner": "none"}),
        ("sasrec on shop, stop bad trials by the lower quartile", {"models": ["sasrec"], "dataset": "shop", "pruner": "quartile"}), ("bpr on shop, pruner hurdle", {"models": ["bpr_mf"], "dataset": "shop", "pruner": "hurdle"}),
        ("shop mit ease, 20 Versuche, höchstens eine Stunde", {"dataset": "shop", "models": ["ease"], "n_trials": 20, "time_limit_s": 3600.0}),
    ],
    "extend_study": [
        ("20 more", {"n_trials": 20}), ("extend it by 8", {"n_trials": 8}), ("up to 50 in all", {"total_trials": 50}), ("give it two more hours", {"time_limit_s": 7200.0}),
        ("5 more, only sasrec", {"n_trials": 5, "models": ["sasrec"]}), ("add lightgcn", {"more_models": ["lightgcn"]}), ("go on without ease", {"without": ["ease"]}), ("ease has nothing to tune, drop it", {"without": ["ease"]}), ("up to 45 trials, add ease", {"total_trials": 45, "more_models": ["ease"]}), ("eight more altogether", {"n_trials": 8}),
        ("+8, ease only", {"n_trials": 8, "models": ["ease"]}), ("+8 trials", {"n_trials": 8}), ("+1h", {"time_limit_s": 3600.0}), ("two dozen, I mean on top of the four there already were", {"n_trials": 24}), ("from 4 to 28", {"total_trials": 28}), ("28 all told", {"total_trials": 28}),
        ("a dozen more runs, but nothing with less than half the catalogue shown", {"n_trials": 12, "constraints": ["coverage@10>=0.5"]}), ("overall limit: an hour and a quarter", {"total_time_s": 4500.0}),
        ("twice as many trials", {"n_trials": "x2"}), ("half as many again, so 30 overall", {"total_trials": 30}), ("あと7回お願いします", {"n_trials": 7}),
    ],
    "run_trial": [
        ("trial 2 with twice the batch size", {"base": 2, "params": {"batch_size": "x2"}}), ("the best with two more layers", {"base": "best", "params": {"n_layers": "+2"}}),
        ("bpr with 128 factors and 5 negatives, lr .05", {"model": "bpr_mf", "params": {"embedding_size": 128, "n_negatives": 5, "learning_rate": 0.05}}),
        ("dropout 0.05 higher than there", {"params": {"dropout": "+0.05"}}), ("lr ten times smaller", {"params": {"learning_rate": "x0.1"}}),
        ("one layer fewer", {"params": {"n_layers": "-1"}}), ("dropout minus five hundredths", {"params": {"dropout": "-0.05"}}), ("one run with 5epochs", {"params": {"epochs": 5}}),
        ("Try dropout 0.5 — hmm, actually 0.4, and two layers", {"params": {"dropout": 0.4, "n_layers": 2}}), ("two-layer sasrec, dropout .4", {"model": "sasrec", "params": {"n_layers": 2, "dropout": 0.4}}), ("dropout + 0.1", {"params": {"dropout": "+0.1"}}),
        ("reduce lr by half", {"params": {"learning_rate": "x0.5"}}), ("raise dropout by a third", {"params": {"dropout": "x1.33333"}}), ("lower lr by 20%", {"params": {"learning_rate": "x0.8"}}), ("twice the layers, so 4", {"params": {"n_layers": 4}}), ("halved its layers to one", {"params": {"n_layers": 1}}), ("ten times fewer negatives... say 5", {"params": {"n_negatives": 5}}), ("twice the batch and dropout 0.4", {"params": {"batch_size": "x2", "dropout": 0.4}}),
        ("one trial with 1 head and max_length 30", {"params": {"n_heads": 1, "max_length": 30}}),
    ],
    "set_search_space": [
        ("is it a good idea to cap dropout at 0.3?", {"param": "dropout", "high": 0.3}), ("no l2 over 1000", {"param": "l2", "high": 1000}), ("double the upper limit of l2", {"param": "l2", "high": "x2"}),
        ("raise dropout's top by 0.1", {"param": "dropout", "high": "+0.1"}), ("dropout betwen 0 and .5", {"param": "dropout", "low": 0, "high": 0.5}), ("batch size 32, 64 or 128", {"param": "batch_size", "choices": [32, 64, 128]}),
        ("l2 of ease 100 … 5000", {"param": "l2", "model": "ease", "low": 100, "high": 5000}), ("dropout to 0.7, from 0", {"param": "dropout", "low": 0, "high": 0.7}), ("n_layers: any", {"param": "n_layers", "reset": True}), ("adapter of hybrid, not dora", {"param": "adapter", "model": "hybrid", "choices": [one for one in ADAPTERS if one != "dora"]}),
        ("don't tune dropout", {"param": "dropout", "value": "default"}), ("any value again for lr", {"param": "learning_rate", "reset": True}), ("widen dropout to 0.6", {"param": "dropout", "high": 0.6}),
        ("dropout不要超过0.3", {"param": "dropout", "high": 0.3}), ("not over 8 layers, at least 2", {"param": "n_layers", "low": 2, "high": 8}), ("lr below 0.1. Oh and above 0.001", {"param": "learning_rate", "low": 0.001, "high": 0.1}),
        ("dropout from 50 % down to 20 %", {"param": "dropout", "low": 0.2, "high": 0.5}), ("rank from 4 to twice the present one", {"param": "adapter_rank", "low": 4, "high": "x2"}),
        ("batch size 32, 64, ... up to 256", {"param": "batch_size", "choices": [32, 64, 128, 256]}), ("n_layers 1, 2, …, 5", {"param": "n_layers", "choices": [1, 2, 3, 4, 5]}),
        ("embedding size in powers of two between 16 and 64", {"param": "embedding_size", "choices": [16, 32, 64]}), ("dropout between 10 and 40 percent", {"param": "dropout", "low": 0.1, "high": 0.4}),
        ("drop the lr floor by a factor of ten", {"param": "learning_rate", "low": "x0.1"}), ("bring dropout's ceiling down to 0.2", {"param": "dropout", "high": 0.2}), ("raise dropout's top from 0.3 to 0.5", {"param": "dropout", "high": 0.5}),
        ("dropout nowhere above .6", {"param": "dropout", "high": 0.6}), ("8+ negatives", {"param": "n_negatives", "low": 8}), ("widen both ends of l2 by a factor of ten", {"param": "l2", "low": "x0.1", "high": "x10"}),
    ],
    "recommend_items": [
        ("eight films to c77", {"k": 8, "user": "c77"}), ("12 itmes for anna", {"k": 12, "user": "anna"}), ("top-20 for maria please", {"k": 20, "user": "maria"}), ("what would trial 3 show him", {"trial": 3, "user": "it"}),
        ("5 flims for u88", {"k": 5, "user": "u88"}), ("for the user right after u100", {"user": "u101"}), ("for c7 by the default model", {"trial": 0, "user": "c7"}), ("recs for number 12, 5 of them", {"user": "12", "k": 5}), ("u4, a dozen", {"user": "u4", "k": 12}),
    ],
    "compare_trials": [
        ("is 3 really better than 1?", {"trials": [3, 1]}), ("the top 2", {"trials": ["best 2"]}), ("how different is that from the best", {"trials": ["it", "best"]}), ("best against the defaults", {"trials": ["best", 0]}), ("are those two different?", {"trials": ["two"]}),
    ],
    "explain_trial": [("why 3 layers in 9", {"trial": 9, "param": "n_layers"}), ("the bset one", {"trial": "best"}), ("why does the best have 3 heads", {"trial": "best", "param": "n_heads"}), ("do number 14 once more", {"trial": 14}), ("and the one after that?", {"trial": "next"})],
    "confirm": [("against trial 2 with 4 seeds", {"against": 2, "n_seeds": 4}), ("versus 0, 3 seeds", {"against": 0, "n_seeds": 3}), ("wiht 4 sedes", {"n_seeds": 4}), ("a few seeds — five, that is", {"n_seeds": 5}), ("not with one seed. Ten seeds", {"n_seeds": 10})],
    "repeat_trial": [("run 4 again with seed 11", {"trial": 4, "seed": 11}), ("rerun 1, seed 11", {"trial": 1, "seed": 11})],
    "export_model": [("save 3 to parquet", {"trial": 3, "format": "parquet"}), ("the last model, I mean the best", {"trial": "best"}), ("from trial 2. No — the best, as csv, hmm, parquet I mean", {"trial": "best", "format": "parquet"})],
    "inspect_data": [("bestsellers in demo", {"what": "popular", "dataset": "demo"}), ("what did u12 watch", {"what": "user", "filter": "u12"}), ("cols?", {"what": "columns"}), ("which film is the more seen", {"what": "popular"}), ("are there ties in time in demo", {"what": "times", "dataset": "demo"}), ("how do train and valid overlap in demo", {"what": "parts", "dataset": "demo"}), ("distribution of ratings in shop", {"what": "values", "dataset": "shop"}), ("users with fewer than 5 rows in demo", {"what": "counts", "dataset": "demo"})],
    "show_tradeoffs": [("accuracy and how diverse the lists are", {"metrics": ["ndcg@10", "diversity@10"]}), ("ndcg/coverage", {"metrics": ["ndcg@10", "coverage@10"]})],
    "remove_dataset": [("the dataset that isn't films nor demo", {"dataset": "shop"}), ("not shop, shop_old!", {"dataset": "shop_old"})],
    "add_dataset": [("load ratings.csv as votes, user column is uid", {"path": "ratings.csv", "name": "votes", "columns": {"user": "uid"}}),
                    ("add ratings.csv, the dates are day-first", {"path": "ratings.csv", "columns": {"dates": "day-first"}}),
        ("take x.csv, its user column is 'who', the item one is 'what'", {"path": "x.csv", "columns": {"user": "who", "item": "what"}}),
        ("add x.csv, the column of person is called 'viewer' and the column of thing is called 'film'", {"path": "x.csv", "columns": {"user": "viewer", "item": "film"}}),
        ("add x.csv under the name clicks, no, visits is better", {"path": "x.csv", "name": "visits"}),
        ("add x.csv as d2, leave out the lat and lon columns", {"path": "x.csv", "name": "d2", "columns": {"ignore": "lat,lon"}}), ("put may.csv on top of shop", {"path": "may.csv", "append": "shop"}),
        ("append may.csv to shop", {"path": "may.csv", "append": "shop"}), ("add the events of may.csv to shop as june", {"path": "may.csv", "append": "shop", "name": "june"}),
    ],
    "rename_study": [("rename demo-1 to final", {"study": "demo-1", "name": "final"}), ('call it "night run"', {"name": "night run"}), ("'ease, but slower' would be a better name", {"name": "ease, but slower"})],
    "rename_dataset": [("call the shop data store", {"dataset": "shop", "name": "store"}), ("that's a silly name, call it movies", {"dataset": "it", "name": "movies"})],
    "open_study": [("the other study", {"study": "other"}), ("open demo-1", {"study": "demo-1"})],
}  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "text", "want"), [(tool, text, want) for tool, cases in CASES.items() for text, want in cases]
)
def test_what_is_said_is_read_and_nothing_else(tool: str, text: str, want: dict[str, Any]) -> None:
    assert told(tool, text) == [want]


@pytest.mark.parametrize(
    ("tool", "text", "want"),
    [
        ("start_study", "no, 15", {"n_trials": 15}), ("extend_study", "make that 40 instead", {"n_trials": 40}), ("extend_study", "so thirty overall", {"total_trials": 30, "n_trials": None}), ("start_study", "without the time limit", {"time_limit_s": None}),
        ("start_study", "two hours, not twenty minutes", {"time_limit_s": 7200.0}), ("set_search_space", "0.4, not 0.3", {"value": 0.4}), ("set_search_space", "as the upper limit 0.4", {"high": 0.4}),
        ("recommend_items", "maria", {"user": "maria"}), ("recommend_items", "only 3", {"k": 3}), ("run_trial", "0.05", {"value": 0.05}), ("rename_study", "no, storefront", {"name": "storefront"}),
    ],
)  # fmt: skip
def test_a_few_words_that_edit_fill_the_main_argument(tool: str, text: str, want: dict[str, Any]) -> None:
    assert told(tool, text, is_edit=True) == [want]


def test_each_param_of_a_sentence_is_a_change_of_its_own() -> None:
    assert told("set_search_space", "no more than 3 layers and lr under 0.01") == [
        {"param": "n_layers", "high": 3},
        {"param": "learning_rate", "high": 0.01},
    ]


@pytest.mark.parametrize(
    ("tool", "text", "want"),
    [
        ("recommend_items", "3 items for kunde005@gmx.de", [{"k": 3, "user": "kunde005@gmx.de"}]),
        ("recommend_items", "3 items for +49-170-55", [{"k": 3, "user": "+49-170-55"}]),
        ("recommend_items", "for 192.168.0.1", [{"user": "192.168.0.1"}]),
        ("recommend_items", "5 items each for u1 and u2", [{"k": 5, "user": "u1"}, {"k": 5, "user": "u2"}]),
        ("predict", "dropout .1 and dropout .5", [{"params": {"dropout": 0.1}}, {"params": {"dropout": 0.5}}]),
        ("run_trial", "two trials: 1 layer, lr 0.1 or 0.01", [{"params": {"n_layers": 1, "learning_rate": 0.1}}, {"params": {"n_layers": 1, "learning_rate": 0.01}}]),
        ("repeat_trial", "repeat 2 with seed 5, and then again with seed 6", [{"trial": 2, "seed": 5}, {"trial": 2, "seed": 6}]),
        ("repeat_trial", "repeat trial 3 with seeds 5 and 6", [{"trial": 3, "seed": 5}, {"trial": 3, "seed": 6}]),
        ("set_search_space", "any n_layers again, but lr up to 0.1", [{"param": "n_layers", "reset": True}, {"param": "learning_rate", "high": 0.1}]),
    ],
)  # fmt: skip
def test_people_values_seeds_and_params_each_make_a_call(tool: str, text: str, want: list[dict[str, Any]]) -> None:
    stretch = stretch_of(text)
    assert read_arguments(tool, stretch, KNOWN) == want
    assert not stretch.spans("number")


def test_values_of_two_params_that_do_not_go_in_step_stay_unused() -> None:
    stretch = stretch_of("try dropout 0.1, 0.2 and 0.3 with lr 0.1 or 0.01")
    read_arguments("run_trial", stretch, KNOWN)
    assert {0.1, 0.2, 0.3, 0.01} == {span.value for span in stretch.spans("number")}


@pytest.mark.parametrize(
    ("tool", "text"), [("start_study", "ease on demo, 3 seeds"), ("start_study", "ials on demo, l2 twice that"), ("repeat_trial", "trial 2 with 3 seeds")]
)  # fmt: skip
def test_what_a_tool_cannot_be_told_stays_unused(tool: str, text: str) -> None:
    stretch = stretch_of(text)
    args = read_arguments(tool, stretch, KNOWN)[0]
    assert not {"seed", "space"} & set(args)
    assert stretch.spans("number", "factor")


def test_the_dataset_of_a_later_request_is_the_renamed_one() -> None:
    text = "call the shop data 'boutique', then tune ease on it"
    assert read_arguments("start_study", stretch_of(text, text.index("tune")), KNOWN)[0]["dataset"] == "boutique"


def test_of_two_known_datasets_the_one_that_is_not_ruled_out_is_meant() -> None:
    said = settled(read("the dataset that isn't demo", KNOWN.names))
    two = Known(datasets=("demo", "shop"))
    assert read_arguments("describe_dataset", Stretch(said, clauses(said)), two) == [{"dataset": "shop"}]


def test_an_amount_that_no_argument_takes_stays_unused() -> None:
    stretch = stretch_of("tune ease on shop, 6 trials and 40 bananas")
    assert read_arguments("start_study", stretch, KNOWN) == [{"models": ["ease"], "dataset": "shop", "n_trials": 6}]
    assert [span.value for span in stretch.spans("number")] == [40]


def test_what_is_pointed_at_is_what_the_message_named_before() -> None:
    text = "explain the last trial and run it again"
    assert read_arguments("repeat_trial", stretch_of(text, text.index("run")), KNOWN) == [{"trial": "last"}]


PER_TRIAL = (
    "{} per trial", "{} per trial at most", "at most {} a trial", "{}/trial", "each trial at most {}", "stop anything that takes longer than {}", "kill everything that runs over {}", "nothing that takes more than {}", "no trial longer than {}",
    "trials of at most {}", "trials not longer than {}", "skip trials which take longer than {}", "cut off trials after {}", "stop any trial after {}", "abort whatever needs more than {}", "trial timeout {}", "a trial must not take more than {}",
)  # fmt: skip
IN_ALL = (
    "within {}",
    "stop after {}",
    "it must not take longer than {}",
    "no longer than {}",
    "{} in total",
    "at most {}",
)
DURATIONS = {"5 min": 300.0, "five minutes": 300.0, "a quarter hour": 900.0, "3/4 h": 2700.0, "1:30 h": 5400.0, "seven-and-a-half minutes": 450.0}  # fmt: skip


@pytest.mark.parametrize("said", DURATIONS)
def test_a_limit_of_each_trial_is_told_from_one_of_the_study(said: str) -> None:
    for words in PER_TRIAL:
        want = {"models": ["sasrec"], "dataset": "shop", "trial_time_limit_s": DURATIONS[said]}
        assert told("start_study", f"sasrec on shop, {words.format(said)}") == [want], words
        whole = told("start_study", f"sasrec on shop, {words.format(said)}, overall 6h")
        assert whole == [want | {"time_limit_s": 21600.0}], words
    for words in IN_ALL:
        want = {"models": ["sasrec"], "dataset": "shop", "n_trials": 20, "time_limit_s": DURATIONS[said]}
        assert told("start_study", f"sasrec on shop, 20 trials, {words.format(said)}") == [want], words


MEMORY = ("memory below {}", "at most {} of memory", "{} ram", "ram <= {}", "GPU memory {}", "under {} memory")
WEIGHTS = ("weights below {}", "at most {} of weights", "{} weights", "size <= {}", "model size {}", "under {} on disk", "file at most {}")  # fmt: skip


@pytest.mark.parametrize("memory", MEMORY)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_each_amount_of_bytes_is_of_the_words_next_to_it(memory: str, weights: str) -> None:
    said = memory.format("1,5 GB"), weights.format("5 MB")
    want = ["peak_memory_bytes<=1500000000", "weights_bytes<=5000000"]
    for text in (f"{said[0]} and {said[1]}", f"{said[1]}, {said[0]}"):
        [args] = told("start_study", f"sasrec on shop, {text}")
        assert sorted(args["constraints"]) == want, text


RANGES = ("{} - {}", "{}-{}", "{}–{}", "{}..{}", "{} … {}", "{}...{}", "from {} to {}", "between {} and {}", "[{}, {}]", "{} bis {}", "from {} until {}")  # fmt: skip


@given(ends=st.lists(st.integers(min_value=1, max_value=99), min_size=2, max_size=2, unique=True), way=st.sampled_from(RANGES), comma=st.booleans())  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_range_is_read_in_every_writing_and_whichever_end_comes_first(ends: list[int], way: str, comma: bool) -> None:
    low, high = sorted(end / 100 for end in ends)
    written = [f"{end / 100:g}".replace(".", ",") if comma else f"{end / 100:g}"[1:] for end in ends]
    if comma and way == "[{}, {}]":
        way = "[{}; {}]"
    want = {"param": "dropout", "low": low, "high": high}
    assert told("set_search_space", f"dropout {way.format(*written)}") == [want]


@pytest.mark.parametrize("joint", [", ", "; ", " and ", " with ", ", and ", " "])
@pytest.mark.parametrize("layers", ["two layers", "2 layers", "layers 2", "n_layers=2", "layers: two"])
@pytest.mark.parametrize("dropout", ["dropout 0.4", "dropout=.4", "dropout 0,4", "a dropout of 40 %", "dropout at two fifths"])  # fmt: skip
def test_params_next_to_one_another_keep_their_values(dropout: str, layers: str, joint: str) -> None:
    for text in (f"{dropout}{joint}{layers}", f"{layers}{joint}{dropout}"):
        assert told("run_trial", text) == [{"params": {"dropout": pytest.approx(0.4), "n_layers": 2}}], text


@pytest.mark.parametrize("said", ["more epochs, 10", "with more epochs: 10", "fewer epochs, 10", "longer epochs (10)", "10 epochs", "epochs 10"])  # fmt: skip
def test_a_comparative_before_a_param_bounds_nothing(said: str) -> None:
    want = {"models": ["sasrec"], "dataset": "shop", "epochs": 10, "n_trials": 25}
    assert told("start_study", f"sasrec on shop, {said}, 25 trials") == [want]


def test_of_twice_as_many_in_total_the_total_is_told_where_the_trials_are_known() -> None:
    stretch = stretch_of("twice as many trials as now in total, please")
    assert read_arguments("extend_study", stretch, Known(trials=(0, 1, 2, 3))) == [{"total_trials": 8}]


@pytest.mark.parametrize("said", ["dropout 0.1, not 0.3x", "coverage 40+%", "lr .1...3, 20bananas"])
def test_an_amount_in_a_form_that_nothing_reads_is_left_for_a_question(said: str) -> None:
    stretch = stretch_of(f"sasrec on shop, {said}")
    args = read_arguments("start_study", stretch, KNOWN)
    assert unused(stretch.said, stretch.used, [Request(tool="start_study", args=args[0])], ())


def test_each_param_is_of_the_model_next_to_it_and_a_count_after_a_range_of_none() -> None:
    for text in (
        "bpr's n_negatives to 4, ease l2 between 50 and 500, 10 more",
        "n_negatives of bpr 4, l2 of ease from 50 to 500, 10 more",
    ):
        stretch = stretch_of(text)
        assert read_arguments("set_search_space", stretch, KNOWN) == [
            {"param": "n_negatives", "model": "bpr_mf", "value": 4},
            {"param": "l2", "model": "ease", "low": 50, "high": 500},
        ]
        assert [span.value for span in stretch.spans("number")] == [10]


def test_a_value_that_is_ruled_out_and_no_choice_stays_unused() -> None:
    stretch = stretch_of("dropout not 0.3")
    assert read_arguments("set_search_space", stretch, KNOWN) == [{"param": "dropout"}]
    assert [span.value for span in stretch.spans("number")] == [0.3]


@pytest.mark.parametrize("tool", [*_READERS, "set_search_space"])
@given(
    words=st.lists(
        st.sampled_from(WORDS),
        max_size=12,
    )
)
@settings(max_examples=20, deadline=None)
def test_any_order_of_words_is_read_without_an_error(tool: str, words: list[str]) -> None:
    text = " ".join(words)
    for is_edit in (False, True):
        assert all(isinstance(args, dict) for args in told(tool, text, is_edit=is_edit))


@pytest.mark.parametrize(
    ("said", "tries", "space"),
    [
        ("try l2 100 first", [{"l2": 100}], None),
        ("start with l2 50 and dropout 0.2, l2 from 10 to 500", [{"l2": 50, "dropout": 0.2}], {"l2": [10, 500]}),
        ("first try l2 50, keep dropout at 0", [{"l2": 50}], {"dropout": 0}),
        ("try l2 50 and l2 80 first", [{"l2": 50}, {"l2": 80}], None),
        ("try ease with l2 100 right after the defaults", [{"model": "ease", "l2": 100}], None),
        ("try l2 from 10 to 50 first", None, {"l2": [10, 50]}),
        ("先试 l2 100", [{"l2": 100}], None),
        ("dropout 0.2", None, {"dropout": 0.2}),
    ],
)
def test_params_to_run_first_are_no_range(said: str, tries: Any, space: Any) -> None:
    (args,) = told("start_study", f"tune ease on demo, 6 trials, {said}")
    assert (args.get("try_first"), args.get("space"), args["n_trials"]) == (tries, space, 6)


@pytest.mark.parametrize("said", ["without the defaults", "skip the defaults", "don't run the defaults", "no defaults"])
def test_a_study_without_the_defaults_is_heard(said: str) -> None:
    assert told("start_study", f"tune ease on demo, 6 trials, {said}")[0]["run_defaults"] is False
    assert (
        "run_defaults" not in told("start_study", "tune ease on demo with the default split, dropout at its default")[0]
    )
