"""What the reader of arguments takes from a message: one row a message, each tool with its own vectors."""

import time
from dataclasses import replace

import pytest

from agent.llm.pilot.arguments import missing, read_arguments
from agent.llm.pilot.context import PilotContext
from recmodels.models import MODELS
from recmodels.pretrained.adapters import KINDS

BARE = PilotContext(datasets=("demo", "ml-100k"))

START = [
    ("Tune sasrec on the demo data, 6 trials", {"dataset": "demo", "models": ["sasrec"], "n_trials": 6}),
    (
        "use ml-100k, best ndcg@10 under 5 ms, keep coverage above 0.3, one hour",
        {
            "dataset": "ml-100k",
            "objective": "ndcg@10",
            "constraints": ["latency_ms<=5", "coverage@10>=0.3"],
            "time_limit_s": 3600,
        },
    ),
    ("tune bpr and the text tower on ml 100k", {"dataset": "ml-100k", "models": ["bpr_mf", "text_tower"]}),
    ("matrix factorization on ML-100K, 30m", {"dataset": "ml-100k", "models": ["bpr_mf"], "time_limit_s": 1800}),
    ("tune sasrc on dmo", {"dataset": "demo", "models": ["sasrec"]}),
    ("tune the lora one on demo", {"dataset": "demo", "models": ["text_tower"]}),
    ("optimise NDCG at 20 on demo", {"dataset": "demo", "objective": "ndcg@20"}),
    ("maximise hit rate@5 on demo, a dozen trials", {"dataset": "demo", "objective": "hit@5", "n_trials": 12}),
    ("best recall on demo in 1h30", {"dataset": "demo", "objective": "recall@10", "time_limit_s": 5400}),
    ("demo, ease, 2 hours and 15 minutes", {"dataset": "demo", "models": ["ease"], "time_limit_s": 8100}),
    ("demo for an hour and a half", {"dataset": "demo", "time_limit_s": 5400}),
    ("tune demo, half an hour, ten tries", {"dataset": "demo", "time_limit_s": 1800, "n_trials": 10}),
    ("demo, twenty-five trials, 90 s", {"dataset": "demo", "n_trials": 25, "time_limit_s": 90}),
    ("n_trials=40 on demo", {"dataset": "demo", "n_trials": 40}),
    ("do a quick 5-trial tuning on demo", {"dataset": "demo", "n_trials": 5}),
    ("steam / ease / 5", {"dataset": "steam", "models": ["ease"], "n_trials": 5}),
    ("ndcg@10 on demo", {"dataset": "demo", "objective": "ndcg@10"}),
    (
        "recall@50 on demo with latency of at most 3 ms",
        {"dataset": "demo", "objective": "recall@50", "constraints": ["latency_ms<=3"]},
    ),
    (
        "demo: ndcg with at least 0.2 catalog coverage",
        {"dataset": "demo", "objective": "ndcg@10", "constraints": ["coverage@10>=0.2"]},
    ),
    (
        "demo, ndcg, coverage@20 >= .25",
        {"dataset": "demo", "objective": "ndcg@10", "constraints": ["coverage@20>=0.25"]},
    ),
    (
        "demo, ndcg, popularity share under 40%",
        {"dataset": "demo", "objective": "ndcg@10", "constraints": ["popularity_share@10<=0.4"]},
    ),
    (
        "the most accurate model for demo that fits in 50 MB",
        {"dataset": "demo", "constraints": ["weights_bytes<=50000000"]},
    ),
    ("demo, a model smaller than 10M params", {"dataset": "demo", "constraints": ["n_parameters<=10000000"]}),
    (
        "the fastest model on demo with recall@10 over 0.15",
        {"dataset": "demo", "objective": "latency_ms", "constraints": ["recall@10>=0.15"]},
    ),
    (
        "minimise training time on demo but keep recall above .25",
        {"dataset": "demo", "objective": "train_s", "constraints": ["recall@10>=0.25"]},
    ),
    ("high coverage on demo with ndcg as goal", {"dataset": "demo", "objective": "ndcg@10"}),
    ("tune lightgcn on gowalla for auc", {"dataset": "gowalla", "models": ["lightgcn"], "objective": "auc"}),
    ("No no, not lightgcn, start it with ease on demo", {"dataset": "demo", "models": ["ease"]}),
    ("I'd rather tune sasrec than bpr. Dataset demo.", {"dataset": "demo", "models": ["sasrec"]}),
    ("all models on demo", {"dataset": "demo", "models": [*MODELS]}),
    ("als and item knn on demo", {"dataset": "demo", "models": ["ials", "item_knn"]}),
    ("launch tuning on orders23 overnight (8h limit)", {"dataset": "orders23", "time_limit_s": 28800}),
    ("dataset=playlists model=sasrec trials=12", {"dataset": "playlists", "models": ["sasrec"], "n_trials": 12}),
    (
        "begin: text_tower, articles, mrr@10, time_limit 4h",
        {"dataset": "articles", "models": ["text_tower"], "objective": "mrr@10", "time_limit_s": 14400},
    ),
    ("tune sasrec on ./data/x.csv, 5 trials", {"dataset": "./data/x.csv", "models": ["sasrec"], "n_trials": 5}),
    ("tune demo, 0 trials", {"dataset": "demo", "n_trials": 0}),
    ("tune demo with -3 trials", {"dataset": "demo", "n_trials": -3}),
    ("tune sasrec", {"models": ["sasrec"]}),
    ("start a study", {}),
    ("tune demo, ask me before each trial", {"dataset": "demo", "needs_approval": True}),
    (
        "6 trials of ease on demo, top 20 lists matter: recall@20",
        {"dataset": "demo", "models": ["ease"], "objective": "recall@20", "n_trials": 6},
    ),
]
ADD = [
    ("add /data/clicks.csv as clicks", {"path": "/data/clicks.csv", "name": "clicks"}),
    ("load ~/logs/views.tsv, call it views", {"path": "~/logs/views.tsv", "name": "views"}),
    (r"It lives in C:\Users\tom\ratings.csv", {"path": r"C:\Users\tom\ratings.csv"}),
    (r'use "C:\Users\eva\my data\clicks.csv"', {"path": r"C:\Users\eva\my data\clicks.csv"}),
    ("add 'ratings 2024.csv' as r24", {"path": "ratings 2024.csv", "name": "r24"}),
    ("I've got ./my data.csv here", {"path": "./my data.csv"}),
    (
        "import s3://acme/raw/events.parquet and name it acme_events",
        {"path": "s3://acme/raw/events.parquet", "name": "acme_events"},
    ),
    ("file:///data/x/y.csv", {"path": "file:///data/x/y.csv"}),
    ("add data/ml-100k/ml-100k.inter", {"path": "data/ml-100k/ml-100k.inter"}),
    ("../data/books.csv as books", {"path": "../data/books.csv", "name": "books"}),
    ("ingest logs.csv => weblogs", {"path": "logs.csv", "name": "weblogs"}),
    ("register /srv/plays.parquet under the name plays24.", {"path": "/srv/plays.parquet", "name": "plays24"}),
    ("Get the file pinterest.txt from /data/pin", {"path": "/data/pin/pinterest.txt"}),
    ("new dataset: path=/srv/games/plays.csv name=games", {"path": "/srv/games/plays.csv", "name": "games"}),
    ("import the folder /data/beauty", {"path": "/data/beauty"}),
    ("(/data/epinions/trust.txt)", {"path": "/data/epinions/trust.txt"}),
    ("Can you read /data/kuairec.csv.gz?", {"path": "/data/kuairec.csv.gz"}),
    ("add_dataset /data/tmall.csv tmall", {"path": "/data/tmall.csv", "name": "tmall"}),
    ("make /data/jobs.csv a dataset", {"path": "/data/jobs.csv"}),
    ("turn clicks.csv into a dataset named clicks", {"path": "clicks.csv", "name": "clicks"}),
    ("nimm /daten/filme.csv als filme", {"path": "/daten/filme.csv", "name": "filme"}),
    ("add /data/x.csv, the user column is uid", {"path": "/data/x.csv", "columns": {"user": "uid"}}),
    ("I want to add a dataset", {}),
]
SPACE = [
    ("limit lr to between 1e-4 and 1e-2", {"param": "learning_rate", "low": 1e-4, "high": 1e-2}),
    ("dropout between 0.1 and 0.3", {"param": "dropout", "low": 0.1, "high": 0.3}),
    ("Dropout should stay in [0.1, 0.3]", {"param": "dropout", "low": 0.1, "high": 0.3}),
    ("lr: 0.0005 .. 0.005", {"param": "learning_rate", "low": 0.0005, "high": 0.005}),
    ("restrict n_negatives to 1-20", {"param": "n_negatives", "low": 1, "high": 20}),
    ("embedding size from 32 to 256", {"param": "embedding_size", "low": 32, "high": 256}),
    ("fix embedding size at 64", {"param": "embedding_size", "value": 64}),
    ("pin batch_size=2048", {"param": "batch_size", "value": 2048}),
    ("freeze the number of heads to 2.", {"param": "n_heads", "value": 2}),
    ("set the learning rate to 3e-4", {"param": "learning_rate", "value": 3e-4}),
    ("use rank 8 from now on", {"param": "adapter_rank", "value": 8}),
    ("batch size at most 512", {"param": "batch_size", "high": 512}),
    ("Keep dropout below 0.5 from now on.", {"param": "dropout", "high": 0.5}),
    ("Never use a learning rate higher than 0.005 again.", {"param": "learning_rate", "high": 0.005}),
    ("From here on, don't go over 3 layers.", {"param": "n_layers", "high": 3}),
    ("nothing above 256 for the embedding", {"param": "embedding_size", "high": 256}),
    ("no lr smaller than 1e-5", {"param": "learning_rate", "low": 1e-5}),
    ("cap it: lr 2e-3 at most", {"param": "learning_rate", "high": 2e-3}),
    ("lr upper bound → 0.01", {"param": "learning_rate", "high": 0.01}),
    ("raise the lower bound of lr to 1e-4", {"param": "learning_rate", "low": 1e-4}),
    ("lower the upper bound of lr to 0.005", {"param": "learning_rate", "high": 0.005}),
    ("lower limit of weight decay = 1e-8", {"param": "weight_decay", "low": 1e-8}),
    ("the temperature must be at least 0.05", {"param": "temperature", "low": 0.05}),
    ("embedding_size >= 32", {"param": "embedding_size", "low": 32}),
    ("No more trials with dropout 0. Minimum 0.05.", {"param": "dropout", "low": 0.05}),
    ("allow dropout up to 0.7", {"param": "dropout", "high": 0.7}),
    ("widen rank to 128", {"param": "adapter_rank", "high": 128}),
    ("extend the lr range down to 1e-6", {"param": "learning_rate", "low": 1e-6}),
    ("only try batch sizes 256, 512 and 1024", {"param": "batch_size", "choices": [256, 512, 1024]}),
    ("n_layers in {1,2}", {"param": "n_layers", "choices": [1, 2]}),
    ("only lora adapters from now on", {"param": "adapter", "value": "lora"}),
    ("adapter: dora or ia3", {"param": "adapter", "choices": ["dora", "ia3"]}),
    ("only use the softmax loss", {"param": "loss", "value": "softmax"}),
    ("only with loss = bpr", {"param": "loss", "value": "bpr"}),
    ("no more ia3 adapters", {"param": "adapter", "choices": [kind for kind in KINDS if kind != "ia3"]}),
    ("exclude the value 16 for embedding size", {"param": "embedding_size"}),
    ("narrow lr around 0.003", {"param": "learning_rate", "low": 0.001, "high": 0.009}),
    ("the optimizer should be adam or adamw", {"param": "optimizer", "choices": ["adam", "adamw"]}),
    ("sasrec: max_length 20, 50 or 100", {"param": "max_length", "choices": [20, 50, 100], "model": "sasrec"}),
    ("for ease, lambda between 100 and 1000", {"param": "l2", "low": 100, "high": 1000, "model": "ease"}),
    ("dropout must be 7", {"param": "dropout", "value": 7}),
    ("no dropout from now on", {"param": "dropout", "value": 0}),
    ("fix dropout", {"param": "dropout"}),
    ("change the search space", {}),
    ("Lernrate höchstens 0.01", {"param": "learning_rate", "high": 0.01}),
]
RUN = [
    ("run it", {}),
    ("run 3 more trials", {}),
    ("train with lr 0.003 and embedding 128", {"params": {"learning_rate": 0.003, "embedding_size": 128}}),
    ("try dropout=0.2, n_layers=2, batch 1024 now", {"params": {"dropout": 0.2, "n_layers": 2, "batch_size": 1024}}),
    ("4 heads and max_seq_len 200. Train it.", {"params": {"n_heads": 4, "max_length": 200}}),
    ("lr=1e-3, 50 epochs, dropout .35", {"params": {"learning_rate": 0.001, "epochs": 50, "dropout": 0.35}}),
    ("128 dims, 3 layers, 20 negatives", {"params": {"embedding_size": 128, "n_layers": 3, "n_negatives": 20}}),
    ("lr 10^-3 please", {"params": {"learning_rate": 0.001}}),
    ("try a lower learning rate, say 3e-4", {"params": {"learning_rate": 3e-4}}),
    ("run without dropout", {"params": {"dropout": 0}}),
    ("one run with weight decay switched off", {"params": {"weight_decay": 0}}),
    (
        "run text_tower with rank 32 and alpha 64",
        {"params": {"adapter_rank": 32, "adapter_alpha": 64}, "model": "text_tower"},
    ),
    ("run ease with lambda 300", {"params": {"l2": 300}, "model": "ease"}),
    (
        "run bpr with 128 factors and softmax loss",
        {"params": {"embedding_size": 128, "loss": "softmax"}, "model": "bpr_mf"},
    ),
    ("train with dora", {"params": {"adapter": "dora"}}),
    ("train with the defaults", {"params": {}}),
    ("lr = 5, just to see", {"params": {"learning_rate": 5}}),
    ("Entraîne avec lr=0.001 et 64 dimensions", {"params": {"learning_rate": 0.001, "embedding_size": 64}}),
]
TRIALS = [
    ("explain_trial", "why did you pick that learning rate in trial 3?", {"trial": 3, "param": "learning_rate"}),
    ("explain_trial", "why this one?", {}),
    ("explain_trial", "why did the best trial win", {"trial": 2}),
    ("explain_trial", "explain the last one", {"trial": 3}),
    ("explain_trial", "what happened in number 1", {"trial": 1}),
    ("explain_trial", "explain #0", {"trial": 0}),
    ("explain_trial", "explain your choice for 2", {"trial": 2}),
    ("explain_trial", "why is the second trial so slow", {"trial": 1}),
    ("explain_trial", "explain the third trial", {"trial": 2}),
    ("explain_trial", "why is the runner-up slower", {"trial": 0}),
    ("explain_trial", "why did you choose dropout 0.6 in trial 1?", {"trial": 1, "param": "dropout"}),
    ("explain_trial", "Trial 2 took 40 minutes. What's the reason?", {"trial": 2}),
    ("explain_trial", "reason for n_negatives=50?", {"param": "n_negatives"}),
    ("explain_trial", "warum ist der letzte Versuch fehlgeschlagen", {"trial": 3}),
    ("compare_trials", "compare trials 3 and 7", {"trials": [3, 7]}),
    ("compare_trials", "diff 2 vs 9", {"trials": [2, 9]}),
    ("compare_trials", "Put trials 1, 5 and 8 side by side.", {"trials": [1, 5, 8]}),
    ("compare_trials", "how do #4 and #14 differ", {"trials": [4, 14]}),
    ("compare_trials", "compare 5 with 9 on recall@20 only", {"trials": [5, 9]}),
    ("compare_trials", "Compare the top two please", {"trials": [2, 0]}),
    ("compare_trials", "compare the last two", {"trials": [2, 3]}),
    ("compare_trials", "compare the best with the defaults", {"trials": [2, 0]}),
    ("compare_trials", "the best against the worst", {"trials": [2, 3]}),
    ("compare_trials", "is trial 1 better than the best one", {"trials": [1, 2]}),
    ("compare_trials", "is trial 1 any good?", {"trials": [1, 2]}),
    ("compare_trials", "Take trial 1 as the baseline and compare trial 3 to it", {"trials": [1, 3]}),
    ("export_model", "export trial 12 --format onnx", {"trial": 12, "format": "onnx"}),
    ("export_model", "export the best model", {"trial": 2}),
    ("export_model", "compress to 4 bits, trial 6", {"trial": 6}),
    ("export_model", "save it as safetensors", {"format": "safetensors"}),
    ("export_model", "export it in whatever format is the default", {}),
    (
        "run_trial",
        "same as trial 3 but with dropout 0",
        {"params": {"learning_rate": 0.001, "dropout": 0}, "model": "sasrec"},
    ),
    (
        "run_trial",
        "like the best but with dropout 0.5",
        {"params": {"learning_rate": 0.003, "dropout": 0.5}, "model": "sasrec"},
    ),
]
USERS = [
    ("recommend 10 items for user 42", {"user": "42", "k": 10}),
    ("for reader u17", {"user": "u17"}),
    ("top 5 for user 3 please", {"user": "3", "k": 5}),
    ("for the visitor 2048 which hotels?", {"user": "2048"}),
    ("make predictions for customer C-1182", {"user": "C-1182"}),
    ('test the thing with user "maria 88"', {"user": "maria 88"}),
    ("recs user=abc123 k=5", {"user": "abc123", "k": 5}),
    ("list 20 recommendations for uid 500 using trial 8", {"user": "500", "k": 20, "trial": 8}),
    ("Show recommendations to user 5, twelve of them.", {"user": "5", "k": 12}),
    ("user 53 from trial 2, five is enough", {"user": "53", "k": 5, "trial": 2}),
    ("recs for 33", {"user": "33"}),
    ("what would a user like 99999 get?", {"user": "99999"}),
    ("recommend something", {}),
]
LESSONS = [
    ("remember that lr above 0.01 diverges on steam", "lr above 0.01 diverges on steam"),
    ("Note: dropout 0.5 was too much here.", "dropout 0.5 was too much here"),
    ("It turned out that the test split leaked. Please remember this.", "It turned out that the test split leaked"),
    ("so the takeaway is that l2 1e-5 is best. save it", "l2 1e-5 is best"),
    ("Remember for the next study: this client prefers diversity.", "this client prefers diversity"),
    ("save this as a lesson: ease wins on dense data", "ease wins on dense data"),
    ("remember that", None),
    ("keep that in mind", None),
    ("please note", None),
]
OTHERS = [
    ("describe_dataset", "how big is ml100k", {"dataset": "ml-100k"}),
    ("describe_dataset", "describe the Books 2024 data", {"dataset": "Books_2024"}),
    ("describe_dataset", "describe the data", {"dataset": "demo"}),
    ("describe_dataset", "how sparse is yelp2018", {"dataset": "yelp2018"}),
    ("describe_dataset", "info xing17", {"dataset": "xing17"}),
    ("recall_trials", "search memory for lora rank", {"query": "lora rank"}),
    (
        "recall_trials",
        "the ten closest trials on this data",
        {"query": "the ten closest trials on this data", "dataset": "demo", "k": 10},
    ),
    ("propose_trial", "what should we try next?", {}),
    ("propose_trial", "don't start, just propose", {}),
    (
        "propose_trial",
        "suggest something with a bigger embedding",
        {"request": "suggest something with a bigger embedding"},
    ),
    ("control_study", "pause", {"action": "pause"}),
    ("control_study", "please resume", {"action": "resume"}),
    ("control_study", "kill it", {"action": "stop"}),
    ("show_tradeoffs", "show the pareto front", {}),
    ("show_tradeoffs", "coverage vs hit rate@20", {"metrics": ["coverage@10", "hit@20"]}),
    ("show_tradeoffs", "speed against quality", {"metrics": ["latency_ms", "ndcg@10"]}),
    ("show_tradeoffs", "what do I lose with a smaller model", {"metrics": ["ndcg@10", "weights_bytes"]}),
    ("study_status", "how is trial 3 going", {}),
    ("list_datasets", "show the 5 datasets", {}),
]


@pytest.mark.parametrize(("said", "args"), START)
def test_a_study_is_read_from_the_message(said: str, args: dict[str, object]) -> None:
    assert read_arguments("start_study", said, BARE) == args


@pytest.mark.parametrize(("said", "args"), ADD)
def test_a_file_and_its_name_are_read_from_the_message(said: str, args: dict[str, object]) -> None:
    assert read_arguments("add_dataset", said, BARE) == args


@pytest.mark.parametrize(("said", "args"), SPACE)
def test_a_change_of_the_space_is_read_from_the_message(said: str, args: dict[str, object]) -> None:
    found = read_arguments("set_search_space", said, BARE)
    assert found == pytest.approx(args) if all(isinstance(v, int | float) for v in args.values()) else found == args


@pytest.mark.parametrize(("said", "args"), RUN)
def test_params_of_a_trial_are_read_from_the_message(said: str, args: dict[str, object]) -> None:
    assert read_arguments("run_trial", said, BARE) == args


@pytest.mark.parametrize(("tool", "said", "args"), TRIALS + OTHERS)
def test_trials_and_names_are_resolved_in_the_study_at_hand(
    tool: str, said: str, args: dict[str, object], known: PilotContext
) -> None:
    assert read_arguments(tool, said, known) == args


@pytest.mark.parametrize(("said", "args"), USERS)
def test_the_user_and_the_length_of_the_list_are_read_from_the_message(said: str, args: dict[str, object]) -> None:
    assert read_arguments("recommend_items", said, BARE) == args


@pytest.mark.parametrize(
    ("said", "objective", "further"),
    [
        ("tune item_knn on demo for ndcg@10 and coverage@10, 5 trials", "ndcg@10", ["coverage@10"]),
        ("tune ease on demo, ndcg@10, coverage@10 and gini@10", "ndcg@10", ["coverage@10", "gini@10"]),
        ("tune ease on demo for ndcg@10 and keep coverage@10 above 0.3", "ndcg@10", None),
        ("tune ease on demo for recall@20", "recall@20", None),
    ],
)
def test_several_objectives_in_one_list_are_all_read(said: str, objective: str, further: list[str] | None) -> None:
    read = read_arguments("start_study", said, BARE)
    assert (read["objective"], read.get("further_objectives")) == (objective, further)


@pytest.mark.parametrize(("said", "lesson"), LESSONS)
def test_a_lesson_is_kept_without_the_words_around_it(said: str, lesson: str | None) -> None:
    assert read_arguments("remember_lesson", said, BARE).get("text") == lesson


def test_a_follow_up_keeps_the_arguments_of_the_call_before(known: PilotContext) -> None:
    before = replace(known, last_tool="recommend_items", last_args={"user": "3", "k": 5, "trial": 2})
    assert read_arguments("recommend_items", "and for user 8?", before) == {"user": "8", "k": 5, "trial": 2}


def test_the_second_one_after_a_list_is_the_second_dataset(known: PilotContext) -> None:
    before = replace(known, last_tool="list_datasets")
    assert read_arguments("describe_dataset", "tell me more about the second one", before) == {"dataset": "ml-100k"}


def test_a_param_without_a_name_is_the_one_that_was_spoken_of(known: PilotContext) -> None:
    before = replace(known, last_tool="set_search_space", last_args={"param": "learning_rate", "high": 0.01})
    assert read_arguments("set_search_space", "no, up to 0.05", before) == {"param": "learning_rate", "high": 0.05}


def test_a_word_means_the_param_that_the_studys_model_declares() -> None:
    ease = PilotContext(study_models=("ease",))
    assert read_arguments("set_search_space", "regularisation below 500", ease) == {"param": "l2", "high": 500}
    assert read_arguments("set_search_space", "regularisation below 0.01", BARE) == {
        "param": "weight_decay",
        "high": 0.01,
    }


def test_required_arguments_that_are_not_there_are_named() -> None:
    assert missing("start_study", {"models": ["ease"]}) == ("dataset",)
    assert missing("compare_trials", {"trials": [3]}) == ("trials",)
    assert missing("explain_trial", {}) == ()


@pytest.mark.parametrize("said", ["tune bpr_mf on demo, 5 trials, 3 epochs", "tune bpr_mf on demo, 5 trials, epochs=3"])
def test_the_epochs_of_a_study_are_read(said: str) -> None:
    read = read_arguments("start_study", said, BARE)
    assert (read["n_trials"], read["epochs"]) == (5, 3)
    assert "epochs" not in read_arguments("start_study", "tune bpr_mf on demo, 5 trials", BARE)


@pytest.mark.parametrize(
    "tool", ["start_study", "add_dataset", "set_search_space", "run_trial", "recommend_items", "remember_lesson"]
)
@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "?" * 50,
        "1e999 9" * 40,
        "@@@ ndcg@ @10 trial trial #",
        "a" * 5000,
        "\x00\n\t",
        "(" * 200,
        "a_" * 2000,
        "lr " * 1300,
        "1,2 " * 1000,
        "/a b" * 1000,
        "not above " * 400,
        "keep that in mind " * 220,
    ],
)
def test_nonsense_is_read_without_an_error_and_at_once(tool: str, said: str) -> None:
    started = time.process_time()
    read_arguments(tool, said, BARE)
    assert time.process_time() - started < 2  # no pattern may backtrack without end
