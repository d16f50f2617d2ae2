"""The language model as a ranker: prompts packed without seeing each other, adapters, what it learns and refuses."""

import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.data.examples import Examples
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.observations import NOTHING, past_of
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError, ParamError, SetupError
from recmodels.models import MODELS
from recmodels.models.base import Entities
from recmodels.models.llm_ranker import LLMRanker
from recmodels.models.parts.yes_no_prompts import ANSWER, DISLIKED, LIKED, ONE_MORE, TASK, Prompts, batched
from recmodels.pretrained import causal
from recmodels.pretrained.causal import load_causal
from recmodels.request import Budget, EpochReport, SplitSpec, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")
SPACE = MODELS["llm_ranker"].space
TITLES = ("Alien", "Heat", "A Room with a View", "Ran", "The Wrong Trousers and other adventures", "M")
QUICK = {"learning_rate": 0.01, "history_length": 4, "batch_tokens": 1024, "candidates": 10}


def ranker(**params: Any) -> LLMRanker:
    torch.manual_seed(0)
    return LLMRanker(SPACE.check(params), Entities(n_users=3, n_items=len(TITLES), item_texts=TITLES)).eval()


def save_answers(folder: Path, likes: Any, n_users: int = 24, length: int = 9) -> Path:
    """Twelve titles in two genres; `likes(user, title)` says who likes what."""
    rng = np.random.default_rng(0)
    titles = [f"{genre} {number}" for genre in ("war", "love") for number in range(6)]
    rows = [
        (f"u{user}", titles[item], float(likes(user, titles[item])), step)
        for user in range(n_users)
        for step, item in enumerate(rng.permutation(len(titles))[:length])
    ]
    answers = pl.DataFrame(rows, schema=["user", "item", "weight", "time"], orient="row")
    liked = answers.filter(pl.col("weight") == 1).drop("weight")
    data = Interactions.from_events("films", liked, answers, time_kind="order", columns={"weight": "liked"})
    replace(data, item_table=pl.DataFrame({"title": data.item_ids}), text_columns=("title",)).save(folder)
    return folder


def run(folder: Path, objective: str = "auc", epochs: int = 2, **rest: Any) -> TrainResult:
    request = TrainRequest(dataset=folder, model="llm_ranker", objective=objective, device="cpu", n_threads=1, **rest)
    return train(replace(request, budget=Budget(epochs=epochs, patience=epochs), measures_test=True))


@pytest.fixture(scope="module")
def war_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody likes films of war alone; read only."""
    return save_answers(tmp_path_factory.mktemp("war") / "saved", lambda user, title: title.startswith("war"))


HISTORIES = torch.tensor([[NOTHING, 0, 4, 2], [NOTHING, NOTHING, NOTHING, NOTHING], [5, 3, 1, 0]])
LIKES = torch.tensor([[False, True, False, True], [False] * 4, [True, True, False, True]])
CANDIDATES = torch.tensor([[3, 4, 5], [0, 1, 2], [2, 2, 4]])


def prompt(history: torch.Tensor, likes: torch.Tensor, candidate: int) -> list[str]:
    """The pieces of one prompt as they should stand."""
    known = [(TITLES[item], liked) for item, liked in zip(history.tolist(), likes.tolist(), strict=True) if item >= 0]
    liked, disliked = ([f"\n- {title}" for title, answer in known if answer == wanted] for wanted in (True, False))
    return [TASK + LIKED, *liked, DISLIKED, *disliked, ONE_MORE, f"\n- {TITLES[candidate]}", ANSWER + " "]


@torch.inference_mode()
def test_packed_prompts_are_answered_as_each_is_by_itself(causal_model: Path) -> None:
    model = ranker(adapter="frozen", candidates=10)
    together = model._asked(HISTORIES, LIKES, CANDIDATES)
    alone = load_causal(str(causal_model))
    yes, no = (alone.tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in "YN")
    for row in range(3):
        for column in range(3):
            pieces = prompt(HISTORIES[row], LIKES[row], int(CANDIDATES[row, column]))
            ids = [token for ids in alone.tokenizer(pieces, add_special_tokens=False)["input_ids"] for token in ids]
            logits = alone.model(input_ids=torch.tensor([ids])).logits[0, -1]
            torch.testing.assert_close(together[row, column], logits[yes] - logits[no], rtol=1e-5, atol=1e-5)
    assert together.std() > 1e-3  # the answers differ at all


def test_rows_are_filled_alike_and_nearly_nothing_is_padding(causal_model: Path) -> None:
    model = ranker(adapter="frozen")
    generator = torch.Generator().manual_seed(0)
    items = torch.randint(-4, len(TITLES), (60, 10), generator=generator).clamp(min=NOTHING)
    costs = model._costs(items, CANDIDATES[:1].expand(60, 3))
    packed = model.prompts.pack(items, items % 2 == 0, CANDIDATES[:1].expand(60, 3))
    assert costs.max() > 1.3 * costs.min()
    assert packed.ids.shape[0] > 5
    assert costs.sum() > 0.9 * packed.ids.numel()
    for part in batched(costs, 1000):
        assert len(part) >= 1
        assert costs[part].sum() < 1000 + costs.max()
    assert sum(map(len, batched(costs, 1000))) == 60


def test_long_prompts_lose_their_oldest_titles(causal_model: Path) -> None:
    prompts = Prompts(load_causal(str(causal_model)), TITLES)
    empty = int(prompts.fixed_cost + prompts.branch_costs(torch.tensor([4])).max())
    items = HISTORIES[2:]  # 5, 3, 1, 0 from the oldest
    costs = prompts.history_costs(items)[0].tolist()
    assert prompts.fitting(items, empty + sum(costs)).tolist() == items.tolist()
    assert prompts.fitting(items, empty + sum(costs) - 1).tolist() == [[NOTHING, 3, 1, 0]]
    assert prompts.fitting(items, empty + costs[3]).tolist() == [[NOTHING, NOTHING, NOTHING, 0]]
    with pytest.raises(SetupError, match=f"may have {empty - 1} tokens, but one without a history has {empty}"):
        prompts.fitting(items, empty - 1)


@pytest.mark.parametrize("adapter", ["full", "lora"])
def test_a_word_that_all_likes_share_is_learned(adapter: str, causal_model: Path, war_folder: Path) -> None:
    strong = {"adapter_rank": 16, "adapter_alpha": 128} if adapter == "lora" else {}
    result = run(war_folder, params=QUICK | {"adapter": adapter} | strong, epochs=4)
    assert result.metrics["test_auc"] > 0.9
    assert result.metrics["test_user_auc"] > 0.9
    assert result.curve[-1].loss < result.curve[0].loss


def test_what_a_user_answered_before_is_read(causal_model: Path, tmp_path: Path) -> None:
    folder = save_answers(tmp_path / "saved", lambda user, title: user % 2 == 0)  # one half likes all, one nothing
    params = QUICK | {"adapter": "full"}
    assert run(folder, params=params, epochs=5, split=SplitSpec(kind="random")).metrics["test_auc"] > 0.9


def test_lists_are_asked_for_where_item_knn_begins_and_unseen_items_come_first(causal_model: Path) -> None:
    model = ranker(candidates=10)
    items = torch.tensor([0, 1, 2, 0, 1, 3])
    histories = Histories.from_arrays(np.array([0, 0, 0, 1, 1, 1]), items.numpy(), n_users=3, n_items=6)
    model.fit(histories)
    model.params["candidates"] = 2
    with torch.inference_mode():
        scores = model.eval().score(torch.arange(3), histories, None)
        assert scores.isfinite().all()
        first = model.first_stage.score(torch.arange(3), histories, None)
        asked = model._asked(torch.tensor([[0, 1, 2]]), torch.ones(1, 3) > 0, torch.tensor([[3]]))
    assert scores[0, 3].item() == pytest.approx(asked.item(), abs=1e-5)  # item 3 is nearest to what user 0 has
    assert set(scores[0].topk(2).indices.tolist()) & {0, 1, 2} == set()
    left = [item for item in range(6) if item not in scores[0].topk(2).indices.tolist()]
    assert scores[0, left].argsort().tolist() == first[0, left].argsort().tolist()


def test_interactions_without_labels_are_told_from_sampled_items(causal_model: Path, few_circles_folder: Path) -> None:
    data = Interactions.load(few_circles_folder)
    seen = Histories.from_arrays(data.users, data.items, n_users=data.n_users, n_items=data.n_items)
    model = LLMRanker(
        SPACE.check({"n_negatives": 3, "history_length": 4}),
        Entities(n_users=data.n_users, n_items=data.n_items, item_texts=tuple(data.item_texts())),
    )
    model.fit(seen)
    batches = list(model.batches(seen, torch.Generator().manual_seed(0)))
    items, is_liked, candidates, labels = (torch.cat(column) for column in zip(*batches, strict=True))
    assert len(candidates) == len(seen)
    assert candidates.shape[1] == 4
    assert labels.sum(1).tolist() == [1.0] * len(seen)
    assert torch.equal(is_liked, items != NOTHING)
    asked = Counter(
        (tuple(item for item in history if item != NOTHING), wanted)
        for history, wanted in zip(items.tolist(), candidates[:, 0].tolist(), strict=True)
    )
    own = [data.items[data.users == user].tolist() for user in range(data.n_users)]
    assert asked == Counter((tuple(o[max(stop - 4, 0) : stop]), o[stop]) for o in own for stop in range(len(o)))


def examples(times: bool) -> tuple[Examples, np.ndarray]:
    users, items = np.array([0, 0, 0, 0, 0, 1, 1]), np.arange(7)
    parts = np.array([0, 1, 0, 2, 2, 0, 2], dtype=np.int8)
    labels = np.array([1, 0, 0, 1, 1, 0, 1], dtype=np.float32)
    return Examples(users=users, items=items, labels=labels, times=np.arange(7) if times else None), parts


@pytest.mark.parametrize(
    ("times", "part", "expected"),
    [
        (True, 0, [[], [0], []]),  # train sees train alone
        (True, 1, [[0]]),
        (True, 2, [[0, 1, 2], [0, 1, 2, 3], [5]]),
        (False, 0, [[], [0], []]),
        (False, 1, [[0, 2]]),
        (False, 2, [[0, 2, 1], [0, 2, 1], [5]]),  # without times no row of test sees another's answer
    ],
)
def test_a_row_sees_earlier_answers_of_its_user_and_never_those_of_a_later_part(
    times: bool, part: int, expected: list[list[int]]
) -> None:
    found, parts = examples(times)
    past = past_of(found, parts, part, torch.device("cpu"))
    items, is_liked = past.windows(torch.arange(len(expected)), 4)
    assert [[item for item in row if item != NOTHING] for row in items.tolist()] == expected
    assert all(
        row[: len(row) - len(e)] == [NOTHING] * (4 - len(e)) for row, e in zip(items.tolist(), expected, strict=True)
    )
    assert torch.equal(is_liked, (items != NOTHING) & (torch.tensor(found.labels)[items.clamp(min=0)] > 0))


@pytest.mark.parametrize("adapter", ["lora", "dora", "ia3"])
def test_the_adapter_of_a_checkpoint_loads_with_peft(
    adapter: str, causal_model: Path, war_folder: Path, tmp_path: Path
) -> None:
    import peft

    run(war_folder, params=QUICK | {"adapter": adapter}, epochs=1, checkpoint=tmp_path / "model")
    loaded = peft.PeftModel.from_pretrained(load_causal(str(causal_model)).model, tmp_path / "model" / "adapter")
    assert type(loaded).__name__ == "PeftModelForCausalLM"
    data = Interactions.load(war_folder)
    ours = Recommender.load(tmp_path / "model")._model
    assert isinstance(ours, LLMRanker)
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        theirs = loaded.eval()(input_ids=ids).logits
        torch.testing.assert_close(ours.language(input_ids=ids).logits, theirs)
        plain = load_causal(str(causal_model)).model(input_ids=ids).logits
    assert not torch.allclose(theirs, plain)
    saved = pl.Series([file.stat().st_size for file in (tmp_path / "model").rglob("*.safetensors")])
    assert saved.sum() < data.n_items * 2000 + 60_000  # no weight of the language model itself


def write_signed(folder: Path, name: str, text: str) -> None:
    """Change a file of a checkpoint as one that was written so."""
    (folder / name).write_text(text)
    about = json.loads((folder / "checkpoint.json").read_text())
    about["digests"].pop(name, None)
    (folder / "checkpoint.json").write_text(json.dumps(about))


def test_a_checkpoint_brings_the_name_of_its_language_model(
    causal_model: Path, war_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(war_folder, params=QUICK | {"adapter": "full"}, epochs=1, checkpoint=tmp_path / "model")
    before = Recommender.load(tmp_path / "model").recommend("u1", k=3)
    monkeypatch.delenv(causal.VARIABLE)
    assert Recommender.load(tmp_path / "model").recommend("u1", k=3) == before
    with pytest.raises(SetupError, match=r"llm_ranker needs a causal language model, .* set RECPILOT_CAUSAL_MODEL"):
        run(war_folder, params=QUICK, epochs=1)
    write_signed(tmp_path / "model", "causal_model.json", '{"name": "/nowhere/at/all"}')
    with pytest.raises(SetupError, match="no causal language model '/nowhere/at/all'"):
        Recommender.load(tmp_path / "model")
    write_signed(tmp_path / "model", "causal_model.json", "[]")
    with pytest.raises(DataError, match="does not name its language model"):
        Recommender.load(tmp_path / "model")


def test_a_run_does_not_go_on_with_another_language_model(
    causal_model: Path, war_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(report: EpochReport) -> None:
        raise InterruptedError

    request = TrainRequest(
        dataset=war_folder,
        model="llm_ranker",
        params=QUICK,
        objective="auc",
        budget=Budget(epochs=2),
        resume_folder=tmp_path / "state",
        device="cpu",
        n_threads=1,
    )
    with pytest.raises(InterruptedError):
        train(request, cut_off)
    monkeypatch.setenv(causal.VARIABLE, str(shutil.copytree(causal_model, tmp_path / "other")))
    with pytest.raises(ParamError, match="is of another run, which differs in causal_model"):
        train(request)


def test_frozen_trains_only_the_scale_and_the_shift_of_the_answers(causal_model: Path, war_folder: Path) -> None:
    result = run(war_folder, params=QUICK | {"adapter": "frozen"}, epochs=2)
    assert result.cost["n_trainable"] == 2


def test_a_chat_template_frames_the_prompt(tiny: ModuleType, tmp_path: Path) -> None:
    opened = load_causal(str(tiny.write_tiny_causal_lm(tmp_path / "chat")))
    prompts = Prompts(opened, TITLES)
    packed = prompts.pack(HISTORIES[:1], LIKES[:1], CANDIDATES[:1, :1])
    read = opened.tokenizer.decode(packed.ids[0])
    body = "".join(prompt(HISTORIES[0], LIKES[0], 3)).strip()
    assert read.startswith(f"<|im_start|>user\n{body}<|im_end|>\n<|im_start|>assistant\n")
    assert opened.tokenizer.decode([prompts.yes])[0] == "Y"
    assert opened.tokenizer.decode([prompts.no])[0] == "N"


def test_a_tokenizer_that_cannot_tell_yes_from_no_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    from tokenizers import normalizers

    opened = load_causal(str(tiny.write_tiny_causal_lm(tmp_path / "blind", chat_template=None)))
    opened.tokenizer.backend_tokenizer.normalizer = normalizers.Replace("Yes", "No")
    with pytest.raises(SetupError, match="has no tokens that tell Yes from No"):
        Prompts(opened, TITLES)


def test_language_models_that_cannot_be_used_are_refused_with_the_reason(tmp_path: Path, causal_folder: Path) -> None:
    from transformers import AutoTokenizer, MambaConfig, MambaForCausalLM

    for name, message in (
        ("nowhere", "say an existing folder or a hub id"),
        (str(tmp_path), r"has no config\.json"),
    ):
        with pytest.raises(SetupError, match=message):
            load_causal(name)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises(SetupError, match="has no weights"):
        load_causal(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(SetupError, match="cannot load the causal language model"):
        load_causal(str(tmp_path))
    recurrent = MambaForCausalLM(MambaConfig(vocab_size=700, hidden_size=8, num_hidden_layers=1, state_size=4))
    recurrent.save_pretrained(tmp_path / "mamba")
    AutoTokenizer.from_pretrained(causal_folder).save_pretrained(tmp_path / "mamba")
    with pytest.raises(SetupError, match="takes no positions, so prompts cannot be packed"):
        load_causal(str(tmp_path / "mamba"))


def test_what_it_cannot_predict_and_data_without_text_are_refused(
    causal_model: Path, war_folder: Path, tmp_path: Path
) -> None:
    rows = [f"u{row % 6},i{row % 7},{row % 2}" for row in range(42)]
    (tmp_path / "bare.csv").write_text("\n".join(["user,item,clicked", *rows]))
    read_interactions(tmp_path / "bare.csv").save(tmp_path / "bare")
    with pytest.raises(DataError, match="llm_ranker reads item texts, and `bare` has none"):
        run(tmp_path / "bare", params=QUICK)
    with pytest.raises(ParamError, match="llm_ranker predicts no ratings, so `rmse` needs another model: biased_mf"):
        run(war_folder, objective="rmse")


def test_users_of_whom_nothing_is_known_are_predicted_from_the_title(causal_model: Path) -> None:
    model = ranker()
    with torch.inference_mode():
        cold = model.predict(torch.tensor([0, 2]), torch.tensor([3, 3]), torch.empty(2, 0), torch.empty(2, 0))
        empty = model._asked(HISTORIES[1:2], LIKES[1:2], torch.tensor([[3]]))
    torch.testing.assert_close(cold, empty[0].expand(2))


def test_no_test_names_a_language_model_by_accident() -> None:
    assert causal.VARIABLE not in os.environ
