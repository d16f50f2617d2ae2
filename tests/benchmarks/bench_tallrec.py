"""AUC on the test prompts of TALLRec's film data: counts, logistic regressions on them, and the models that predict.

python tests/benchmarks/bench_tallrec.py [FOLDER] [--seeds 3] [--trials 20]
python tests/benchmarks/bench_tallrec.py --ranker smollm2 [--random] [--epochs 3] [--set adapter_rank=4 …]

FOLDER holds movie_valid.json and movie_test.json. All learn from movie_valid alone (the models from four fifths of it,
the last fifth validates) and from what the first prompt of each user shows. Titles are counted among these answers, a
row's own answer left out. With --trials, a random search chooses the params of each model by validation, once. With
--ranker, llm_ranker alone learns from the prompts with that language model (a kept one, a folder or a hub id), and each
epoch is printed as it ends; --random gives it random weights first.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from common import REAL_DATA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformers import AutoModelForCausalLM

from recmodels.command import assignments
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split, split_examples
from recmodels.models import MODELS
from recmodels.pretrained.causal import load_causal
from recmodels.request import Budget, EpochReport, TrainRequest
from recmodels.search_space import Choice, Int, Param, ParamValue
from recmodels.training import train

NAMES = ("deepfm", "dcnv2", "biased_mf")
SMALL: dict[str, ParamValue] = {
    "batch_size": 256,
    "embedding_size": 4,
    "hidden_size": 16,
    "n_layers": 1,
    "batch_norm": False,
}
REFERENCES = (
    ("n_liked",),
    ("n_liked", "title_answers"),
    ("n_liked", "title_likes"),
    ("n_liked", "n_liked_lately"),
    ("n_liked", "n_liked_lately", "title_answers", "title_like_rate", "age"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=REAL_DATA / "tallrec-movie")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--trials", type=int, default=0)
    parser.add_argument("--ranker")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--set", action="append", default=[])
    args = parser.parse_args()
    if not (args.folder / "movie_test.json").is_file():
        print(f"not run: {args.folder / 'movie_test.json'} is missing")
        return
    data = read_interactions(args.folder, "tallrec-movie")
    if args.ranker:
        ranker(data, args.ranker, args.random, args.epochs, dict(assignments(args.set)))
        return
    for names in REFERENCES:
        print(f"logistic on {', '.join(names):75s} {logistic(data, names):.4f}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        data.save(folder)
        for name in NAMES:
            report(folder, name, "defaults", {}, args.seeds)
            if name != "biased_mf":
                report(folder, name, "small", SMALL, args.seeds)
            if args.trials:
                report(
                    folder,
                    name,
                    f"best of {args.trials} random trials",
                    searched(folder, name, args.trials),
                    args.seeds,
                )


def ranker(data: Interactions, name: str, is_random: bool, epochs: int, params: dict[str, ParamValue]) -> None:
    """Print llm_ranker's AUC after each epoch, then on test."""
    start = time.perf_counter()

    def on_epoch(report: EpochReport) -> None:
        print(f"epoch {report.epoch}: {report.metrics}  {time.perf_counter() - start:.0f} s", flush=True)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        data.save(folder)
        os.environ["RECPILOT_CAUSAL_MODEL"] = randomised(name, Path(temporary) / "random") if is_random else name
        request = TrainRequest(
            dataset=folder,
            model="llm_ranker",
            params=params,
            objective="auc",
            positive="all",
            budget=Budget(epochs=epochs, patience=epochs),
            measures_test=True,
            device="cpu",
            n_threads=1,
        )
        metrics = train(request, on_epoch=on_epoch).metrics
    print(f"{name}{' at random' * is_random} {params}: {metrics}  {time.perf_counter() - start:.0f} s", flush=True)


def randomised(name: str, folder: Path) -> str:
    """A folder with the model as it was before it was trained."""
    opened = load_causal(name)
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(opened.model.config).save_pretrained(folder)
    opened.tokenizer.save_pretrained(folder)
    return str(folder)


def logistic(data: Interactions, names: tuple[str, ...]) -> float:
    """The test AUC of a logistic regression learned on all of movie_valid."""
    train_rows, valid_rows, test_rows = split_examples(data, split(data))
    known = np.union1d(train_rows, valid_rows)
    examples = data.examples
    assert examples is not None and examples.context is not None and examples.labels is not None
    features = counts(data, known)
    matrix = np.stack([features[name] for name in names], axis=1)
    asked = known[examples.context["n_liked"].is_not_null().to_numpy()[known]]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(matrix[asked], examples.labels[asked])
    return float(roc_auc_score(examples.labels[test_rows], model.decision_function(matrix[test_rows])))


def counts(data: Interactions, known: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """Features of all rows; of the answers only the `known` ones are counted, and never a row's own."""
    examples = data.examples
    assert examples is not None and examples.context is not None and examples.labels is not None
    assert data.item_table is not None
    own = np.isin(np.arange(len(examples)), known)
    labels = examples.labels.astype(np.float64)
    answers = np.bincount(examples.items[known], minlength=data.n_items)[examples.items] - own
    likes = (
        np.bincount(examples.items[known], weights=labels[known], minlength=data.n_items)[examples.items] - own * labels
    )
    context = {name: examples.context[name].fill_null(0.0).to_numpy() for name in examples.context.columns}
    years = data.item_table["year"].fill_null(1995).to_numpy()[examples.items]
    rate = labels[known].mean()
    return context | {
        "title_answers": np.log1p(answers),
        "title_likes": np.log1p(likes),
        "title_like_rate": (likes + 5 * rate) / (answers + 5),
        "age": np.log(2000 - years),
    }


def report(folder: Path, name: str, how: str, params: dict[str, ParamValue], seeds: int) -> None:
    start = time.perf_counter()
    found = [run(folder, name, params, seed) for seed in range(seeds)]
    valid, test = ([round(auc[part], 4) for auc in found] for part in (0, 1))
    took_s = time.perf_counter() - start
    print(f"{name:10s} {how:25s} test {np.mean(test):.4f} ± {np.std(test):.4f} {test}  valid {valid}  {took_s:.0f} s")


def run(folder: Path, name: str, params: dict[str, ParamValue], seed: int) -> tuple[float, float]:
    """AUC on valid and on test."""
    request = TrainRequest(
        dataset=folder,
        model=name,
        params=params,
        objective="auc",
        positive="all",
        seed=seed,
        measures_test=True,
        device="cpu",
        n_threads=1,
    )
    metrics = train(request).metrics
    return metrics["valid_auc"], metrics["test_auc"]


def searched(folder: Path, name: str, trials: int) -> dict[str, ParamValue]:
    """The params with the best validation AUC, the defaults among them."""
    rng = np.random.default_rng(0)
    drawn = [
        {key: draw(param, rng) for key, param in MODELS[name].space.items() if not param.held} for _ in range(trials)
    ]
    return max([{}, *drawn[1:]], key=lambda params: run(folder, name, params, 0)[0])


def draw(param: Param, rng: np.random.Generator) -> ParamValue:
    """A value by the param's own scale."""
    if isinstance(param, Choice):
        return param.choices[int(rng.integers(len(param.choices)))]
    low, high = (np.log(param.low), np.log(param.high)) if param.log else (param.low, param.high)
    value = rng.uniform(low, high)
    value = float(np.clip(np.exp(value) if param.log else value, param.low, param.high))
    return round(value) if isinstance(param, Int) else value


if __name__ == "__main__":
    main()
