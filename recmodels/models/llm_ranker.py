"""A causal language model that answers yes or no over a history and a candidate; score = logit(yes) - logit(no).

    B  rows     H  history_length     C  candidates of a row     L  tokens of a packed sequence

Rows with labels are learned as they are, the user's earlier answers being their history; interactions without labels
against sampled items. Prompts are packed without padding: see prompting.py. Lists are made by asking for the
`candidates` that item_knn puts first; the other items keep its order behind them, so the cost of an evaluation is
`candidates` prompts a user whatever the catalogue. Lists are asked for with likes alone.
Sources: Bao et al. 2023 (TALLRec), Hu et al. 2022 (LoRA), Krell et al. 2021 (packing).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.data.observations import NOTHING, Observations, Past, past_of_train
from recmodels.errors import DataError, SetupError
from recmodels.models.base import Entities
from recmodels.models.item_knn import ItemKNN
from recmodels.models.parts.adapted import Adapted
from recmodels.models.parts.predicting import Predictor
from recmodels.models.parts.yes_no_prompts import Prompts, batched
from recmodels.models.spaces import ITEM_KNN
from recmodels.pretrained import adapters, causal
from recmodels.search_space import Params
from recmodels.stored import read_object, typed

NAME_FILE = "causal_model.json"
CALIBRATION_RATE = 1e-2  # learning rate of the scale and the shift of all answers
TOLERANCE = 1e-2  # of a logit that is read in a packed sequence; other prompts shift it by whole numbers


class LLMRanker(Adapted, Predictor):
    """The language model is the one that `RECPILOT_CAUSAL_MODEL` names, in a checkpoint the one it was trained from."""

    reads_past = True
    reads_histories = True
    without_history = "popularity"
    language: nn.Module
    prompts: Prompts

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        if entities.item_texts is None:
            raise DataError("llm_ranker reads item texts, and the dataset has no text columns for its items")
        self._texts = entities.item_texts
        self.length, self.batch_tokens = int(params["history_length"]), int(params["batch_tokens"])
        self.first_stage = ItemKNN(ITEM_KNN.defaults(), entities)
        self.scale, self.shift = nn.Parameter(torch.ones(())), nn.Parameter(torch.zeros(()))
        self._half: torch.dtype | None = None  # of mixed precision in training, then of all answers
        self.name = causal.causal_model_name()
        if self.name is not None:  # a checkpoint brings its own name
            self._open(self.name)

    def _open(self, name: str) -> None:
        opened = causal.load_causal(name)
        self.name = name
        self.max_tokens = min(int(self.params["prompt_tokens"]), opened.max_length)
        self.prompts = Prompts(opened, self._texts)
        for module in opened.model.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # the adapter's own dropout is the one that is tuned
        config = replace(adapters.AdapterConfig.from_params(self.params), task="CAUSAL_LM")
        self.language = adapters.attach(opened.model, config, name)

    def fit(self, histories: Histories) -> None:
        if self.name is None:
            raise causal.no_causal_model("llm_ranker")
        super().fit(histories)
        self.first_stage.fit(histories)
        self._check_packing()

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(history items (B, H), likes (B, H), candidates (B, C), labels (B, C))."""
        rows, n = self._rows, int(self.params["n_negatives"])
        if rows is None:
            return
        has_labels = rows.labels is not None
        order = self._order(rows, generator)
        items, is_liked = self._windows(_past(rows), order)
        candidates = rows.items[order][:, None]  # (m, 1)
        costs = self._costs(items, candidates.expand(-1, 1 if has_labels else 1 + n))
        for part in batched(costs, self.batch_tokens):
            asked = candidates[part]
            if rows.labels is not None:
                labels = rows.labels[order[part]][:, None]
            else:
                asked = torch.cat([asked, self._sampler.draw(rows.users[order[part]], n, generator)], dim=1)
                labels = torch.zeros(asked.shape, device=asked.device)
                labels[:, 0] = 1.0
            yield items[part], is_liked[part], asked, labels

    def forward(self, *batch: Tensor) -> Tensor:
        items, is_liked, candidates, labels = batch
        kind = items.device.type
        self._half = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else None
        return self.loss(self._answers(items, is_liked, candidates).flatten(), labels.flatten())

    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        """The logit for users of whom nothing is known, from the titles alone. (B,)"""
        nothing = torch.full((len(items), 1), NOTHING, device=items.device)
        return self._asked(nothing, nothing > 0, items[:, None]).squeeze(1)

    def predicted(self, rows: Observations) -> Tensor:
        items, is_liked = self._windows(_past(rows), torch.arange(len(rows), device=rows.items.device))
        logits = self._asked(items, is_liked, rows.items[:, None]).squeeze(1)
        return (logits + self.logit_shift).sigmoid()

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        first = self.first_stage.score(users, histories, None)  # (B, n_items)
        unseen = first.clone()
        unseen[histories.masked(users)] = -torch.inf
        chosen = unseen.topk(min(int(self.params["candidates"]), self.n_items)).indices  # (B, C)
        read = histories.last(users, self.length)
        read = self.prompts.fitting(read.masked_fill(read == self.n_items, NOTHING), self.max_tokens)
        answers = self._asked(read, read != NOTHING, chosen)
        behind = first - first.amax(1, keepdim=True) + answers.amin(1, keepdim=True) - 1
        return behind.scatter(1, chosen, answers)

    def optimizer(self) -> torch.optim.Optimizer:
        """AdamW; the scale and the shift of the answers at a rate of their own."""
        trained = [weight for weight in self.language.parameters() if weight.requires_grad]
        calibration = {"params": [self.scale, self.shift], "lr": CALIBRATION_RATE, "weight_decay": 0.0}
        rest = {"params": trained, "weight_decay": float(self.params["weight_decay"])}
        return torch.optim.AdamW(
            [rest, calibration] if trained else [calibration], lr=float(self.params["learning_rate"])
        )

    def embedding_weights(self) -> list[Tensor]:
        return []

    def adapted(self) -> nn.Module:
        return self.language

    def save(self, folder: Path) -> None:
        """With the language model's name."""
        super().save(folder)
        (folder / NAME_FILE).write_text(json.dumps({"name": self.name}), encoding="utf-8")

    def load(self, folder: Path) -> None:
        try:
            name = typed(read_object(folder / NAME_FILE), "name", str)
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"the checkpoint {folder} does not name its language model: {error}") from error
        if name != self.name:
            self._open(name)
        super().load(folder)

    def _windows(self, past: Past, rows: Tensor) -> tuple[Tensor, Tensor]:
        """What is read of the past of these rows: items and likes, oldest first. Both (B, H)"""
        items, is_liked = past.windows(rows, self.length)
        return self.prompts.fitting(items, self.max_tokens), is_liked

    def _costs(self, items: Tensor, candidates: Tensor) -> Tensor:
        """Tokens of each history with its candidates. (B,)"""
        prompts = self.prompts
        return prompts.fixed_cost + prompts.history_costs(items).sum(1) + prompts.branch_costs(candidates).sum(1)

    def _asked(self, items: Tensor, is_liked: Tensor, candidates: Tensor) -> Tensor:
        """`_answers` for any number of histories and candidates, long prompts first. (B, C) float32"""
        history = self._costs(items, candidates[:, :0])
        longest = int(self.prompts.branch_costs(candidates).max())
        width = max((self.batch_tokens - int(history.max())) // longest, 1)  # candidates beside the longest history
        answers = torch.empty(candidates.shape, device=candidates.device)
        order = history.argsort(descending=True, stable=True)
        for columns in torch.split(torch.arange(candidates.shape[1], device=order.device), width):
            costs = history[order] + len(columns) * longest
            for rows in (order[part] for part in batched(costs, self.batch_tokens)):
                asked = candidates[rows][:, columns]
                answers[rows[:, None], columns] = self._answers(items[rows], is_liked[rows], asked)
        return answers

    def _answers(self, items: Tensor, is_liked: Tensor, candidates: Tensor) -> Tensor:
        """scale · (logit(yes) - logit(no)) + shift, of prompts packed into one sequence. (B, C) float32"""
        kind = items.device.type
        with torch.autocast(kind, dtype=self._half, enabled=self._half is not None):
            return self._raw(items, is_liked, candidates) * self.scale + self.shift

    def _raw(self, items: Tensor, is_liked: Tensor, candidates: Tensor) -> Tensor:
        packed = self.prompts.pack(items, is_liked, candidates)
        bare: Any = self.language
        bare = bare.get_base_model() if hasattr(bare, "peft_config") else bare
        mask = packed.is_visible[:, None]  # (R, 1, L, L)
        if bare.config._attn_implementation != "sdpa":  # other implementations add the mask to the attention scores
            mask = torch.zeros(mask.shape, device=mask.device).masked_fill_(~mask, torch.finfo(torch.float32).min)
        states: Tensor = bare.get_decoder()(
            input_ids=packed.ids, attention_mask=mask, position_ids=packed.positions, use_cache=False
        ).last_hidden_state  # (R, L, d)
        last = states.flatten(0, 1)[packed.last.flatten()]  # (B * C, d)
        answers = bare.get_output_embeddings().weight[[self.prompts.yes, self.prompts.no]]  # (2, d)
        with torch.autocast(items.device.type, enabled=False):
            difference: Tensor = last.float() @ (answers[0] - answers[1]).float()
        return difference.view(candidates.shape)

    @torch.no_grad()
    def _check_packing(self) -> None:
        """Two prompts of different length, in one sequence and each in its own.

        Raises:
            SetupError: The language model does not keep them apart, as one with a recurrent state.
        """
        self.eval()
        item = torch.arange(2, device=self.scale.device) % self.n_items
        items = torch.stack([item, torch.full_like(item, NOTHING)])  # (2, 2): two titles, none
        candidates = item.expand(2, 2)
        together = self._raw(items, items >= 0, candidates)
        alone = [self._raw(items[i : i + 1], items[i : i + 1] >= 0, candidates[i : i + 1, :1]) for i in range(2)]
        if not torch.allclose(together[:, :1], torch.cat(alone), atol=TOLERANCE, rtol=TOLERANCE):
            raise SetupError(
                f"the language model {self.name!r} mixes up prompts that are packed into one sequence; "
                "take a transformer that reads attention masks and positions"
            )


def _past(rows: Observations) -> Past:
    return rows.past if rows.past is not None else past_of_train(rows)
