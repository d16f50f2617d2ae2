"""One score out of three: a deep part, a language model over item texts, a recurrent part over the user's sequence.

    f(x, u)      = f_P(x, u) + alpha · f_text(x, u) + beta · f_seq(x, u)
    f_P(x, u)    = <p_u, q_x> + popularity_weight · log popularity of x
    f_text(x, u) = <s_u, t_x>, the cosine of the item's text with the texts that the user read
    f_seq(x, u)  = <h_u, y_x>, the cosine of the item's vector with the state after the user's sequence

A text score that is the same for every user could only shift items, as popularity does, and a sequence score that is
the same for every item could rank nothing: so both compare. Being cosines, they are of one scale: alpha and beta, which
are learned (as logarithms, so they stay above 0), tell how much the text and the order count.

Notation:
    B, L   windows of a batch, positions of the longest       m      positions with an item to name
    n, P   items, those of the softmax                        d      embedding_size
    p      (., d)  the sum of the user's and the context's fields and what a network makes of them
    q      (P, d)  the same of the item's fields
    t      (n, d)  texts through the encoder and a projection, of length 1
    y      (n, d)  a vector of the item's own (0 where training did not see it) plus a projection of t, of length 1
    s      (., d)  the mean of t over the items read, by age, through a linear layer, of length 1
    h      (., d)  a GRU over y of the items read, after a start that all sequences have, of length 1

Two heads are trained together: the click (a softmax that names the next item at each position) and the satisfaction (a
rating or a label, from p, q and t). Sources: Cheng et al. 2016 (wide and deep), Hidasi et al. 2016 (GRU4Rec),
Ma et al. 2018 (several tasks on shared vectors), and those of the text tower, of which this is an extension.
"""

import math
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.data.observations import Observations
from recmodels.models.base import Entities
from recmodels.models.parts import windows
from recmodels.models.parts.fields import FieldEmbeddings
from recmodels.models.parts.gru import GRU
from recmodels.models.parts.predicting import Predictor, mlp, rows_of
from recmodels.models.parts.softmax import full_softmax
from recmodels.models.text_tower import TextTower
from recmodels.search_space import Params

INITIAL_WEIGHT = 10.0  # of alpha and beta: 1 / temperature


class Hybrid(TextTower, Predictor):
    """Ranks by f, whether training knew the user and the item or not; predicts ratings or labels by its other head."""

    reads_histories = True
    without_history = "average_user"
    rating_std: Tensor  # of the ratings; 1 for labels

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__({**params, "user_embedding": False}, entities)  # the tower's; here a user has fields
        self.params = dict(params)
        with torch.no_grad():  # 1 / (1 + age): from equal weights the latest texts are long in coming to count more
            self.ages.copy_(-torch.arange(1.0, self.length + 1).log())
        size, hidden = int(params["embedding_size"]), int(params["hidden_size"])
        self.fields = FieldEmbeddings(entities, size)
        n_inputs = size * self.fields.n_item_fields
        plain = {**params, "batch_norm": False}
        self.deep_user = mlp(size * self.fields.n_fields - n_inputs, plain).append(nn.Linear(hidden, size))
        self.deep_item = mlp(n_inputs, plain).append(nn.Linear(hidden, size))
        self.own = nn.Embedding(entities.n_items, size)
        nn.init.normal_(self.own.weight, std=0.02)
        self.to_own = nn.Linear(size, size, bias=False)
        self.start = nn.Parameter(torch.randn(size) / size**0.5)
        self.gru = GRU(size, hidden)
        self.to_state = nn.Linear(hidden, size)
        self.log_alpha = nn.Parameter(torch.tensor(INITIAL_WEIGHT).log())
        self.log_beta = nn.Parameter(torch.tensor(INITIAL_WEIGHT).log())
        self.satisfaction = nn.Sequential(nn.Linear(4 * size, hidden), nn.ReLU(), nn.Linear(hidden, 1))
        self.register_buffer("rating_std", torch.ones(()))

    @property
    def alpha(self) -> float:
        """The learned weight of the text."""
        return float(self.log_alpha.detach().exp())

    @property
    def beta(self) -> float:
        """The learned weight of the sequence."""
        return float(self.log_beta.detach().exp())

    def see(self, rows: Observations) -> None:
        self.fields.learn_from(rows)
        if rows.ratings is not None and rows.target != "label":
            self.mean = rows.ratings.mean()
            self.rating_std = rows.ratings.std(correction=0).clamp(min=1e-6)

    def fit(self, histories: Histories) -> None:
        super().fit(histories)
        if self._rows is None:
            self.learn_from(rows_of(histories, self.user_context, self.user_numbers))
        self._started = self._with_start(histories)

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users (B,), windows (B, L + 1), live), then, where there are ratings, a share of their rows.

        Each window is read up to its last entry and named from its second on; `live` are encoded in this step.
        """
        starts, stops = windows.cut(self._started, self.length, generator)
        size, n_live = int(self.params["batch_size"]), int(self.params.get("encoded_items", 0))
        groups = windows.grouped(starts, stops, size, generator)
        for rated, (rows, longest) in zip(self._rated(math.ceil(len(starts) / size), generator), groups, strict=True):
            users = torch.searchsorted(self._started.offsets, starts[rows], right=True) - 1
            live = torch.randperm(self.n_items, generator=generator, device=generator.device)[:n_live]
            yield users, self._started.window(starts[rows], stops[rows], longest), live, *rated

    def forward(self, *batch: Tensor) -> Tensor:
        users, sequences, live, *rated = batch
        texts = self._embed(self._vectors_with(live))  # t (n, d)
        inputs, targets = sequences[:, :-1], sequences[:, 1:]
        is_named = targets != self.n_items  # (B, L)
        wanted = targets[is_named]  # (m,)
        pool, log_chance = self._pool(wanted)
        own = self._own(texts)
        deep, text, sequence = self._read(users, inputs, texts, own)
        states = torch.cat([deep[is_named.nonzero()[:, 0]], text[is_named], sequence[is_named]], dim=1)  # (m, 3d)
        deep_items = self._deep_items(pool)
        named = torch.cat([deep_items, texts[pool], own[pool]], dim=1)  # (P, 3d)
        places = torch.zeros(self.n_items, dtype=torch.int64, device=pool.device)
        places[pool] = torch.arange(len(pool), device=pool.device)
        with torch.autocast(states.device.type, enabled=False):  # as in the tower
            prior = (self._prior()[pool] - log_chance)[:, None]
            states, named = F.pad(states.float(), (0, 1), value=1.0), torch.cat([named.float(), prior], dim=1)
            click = full_softmax(states, named, places[wanted])
        lengths = [vectors.square().sum(dim=1).mean() for vectors in (states[:, : deep_items.shape[1]], deep_items)]
        return self._with_satisfaction(click, rated, texts) + float(self.params["deep_decay"]) * sum(lengths)

    def encode_items(self) -> Tensor:
        """q, t and y side by side. (n, 3d)"""
        texts = super().encode_items()
        items = torch.arange(self.n_items, device=texts.device)
        return torch.cat([self._deep_items(items), texts, self._own(texts)], dim=1)

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        items = self.encode_items() if items is None else items
        return torch.addmm(self._prior(), self._last_states(users, histories, items).float(), items.float().T)

    def score_texts(self, users: Tensor, histories: Histories, items: Tensor, texts: Sequence[str]) -> Tensor:
        new = self._embed(self.encoder.encode_texts(texts))  # (k, d)
        unknown = torch.full((len(new),), self.n_items, device=new.device)
        vectors = torch.cat([self._deep_items(unknown), new, F.normalize(self.to_own(new), dim=1)], dim=1)
        return self._last_states(users, histories, items) @ vectors.T + self._prior().min()

    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        return self._satisfied(users, items, context, numbers, super().encode_items()) * self.rating_std

    def embedding_weights(self) -> list[Tensor]:
        return [*self.fields.parameters(), self.own.weight]

    def _deep_users(self, users: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        fields = self._without_some_ids(self.fields.user_side(users, context, numbers))  # (B, fields, d)
        made: Tensor = fields.sum(1) + self.deep_user(fields.flatten(1))
        return made

    def _deep_items(self, items: Tensor) -> Tensor:
        fields = self._without_some_ids(self.fields.item_side(items))
        made: Tensor = fields.sum(1) + self.deep_item(fields.flatten(1))
        return made

    def _without_some_ids(self, fields: Tensor) -> Tensor:
        """In training, a share of users and items known by their attributes alone, as new ones are. As `fields`."""
        return torch.cat([self._kept(fields[:, :1]), fields[:, 1:]], dim=1)

    def _kept(self, vectors: Tensor) -> Tensor:
        """With a share of the rows 0 in training."""
        if not self.training:
            return vectors
        shape = (len(vectors), *[1] * (vectors.dim() - 1))
        return vectors * (torch.rand(shape, device=vectors.device) >= float(self.params["id_dropout"]))

    def _own(self, texts: Tensor) -> Tensor:
        """y. (n, d) to (n, d)"""
        return F.normalize(self._kept(self.own.weight) * self.is_seen[:, None] + self.to_own(texts), dim=1)

    def _read(self, users: Tensor, inputs: Tensor, texts: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """p (B, d), and alpha · s and beta · h after each position (B, L, d)."""
        deep = self._deep_users(users, *self._context_of(users))
        text = self.log_alpha.exp() * self._tastes(inputs, texts)
        return deep, text, self.log_beta.exp() * self._states_after(inputs, own)

    def _tastes(self, inputs: Tensor, texts: Tensor) -> Tensor:
        """s. (B, L, d)"""
        places = torch.arange(inputs.shape[1], device=inputs.device)
        ages = places[:, None] - places  # (L, L)
        weights = self.ages[ages.clamp(min=0)].exp() * (ages >= 0)
        read = F.embedding(inputs, F.pad(texts, (0, 0, 0, 2)))  # (B, L, d) padding and the start say nothing
        total = weights @ (inputs < self.n_items).to(weights.dtype).unsqueeze(2)  # (B, L, 1)
        mean = (weights @ read) / total.clamp(min=1e-6)
        return F.normalize(self.to_user(self.dropout(mean)), dim=2)

    def _states_after(self, inputs: Tensor, own: Tensor) -> Tensor:
        """h. (B, L, d)"""
        table = torch.cat([own, torch.zeros_like(own[:1]), self.start[None]])
        states = self.gru(self.dropout(F.embedding(inputs, table) * math.sqrt(own.shape[1])))
        return F.normalize(self.to_state(self.dropout(states)), dim=2)

    def _last_states(self, users: Tensor, histories: Histories, items: Tensor) -> Tensor:
        """(B, 3d)"""
        _, texts, own = items.chunk(3, dim=1)
        latest = self._latest(users, histories)
        at = torch.arange(len(users), device=users.device), (latest != self.n_items).sum(dim=1) - 1
        deep, text, sequence = self._read(users, latest, texts, own)
        return torch.cat([deep, text[at], sequence[at]], dim=1)

    def _latest(self, users: Tensor, histories: Histories) -> Tensor:
        """The latest items, oldest first, after the start where there is room for it. (B, <= history_length)"""
        begin, stops = histories.offsets[users] - 1, histories.offsets[users + 1]
        starts = torch.maximum(begin, stops - self.length)
        latest = histories.window(starts, stops, max(int((stops - starts).max()), 1))
        latest[:, 0] = torch.where(starts == begin, self.n_items + 1, latest[:, 0])
        return latest

    def _with_start(self, histories: Histories) -> Histories:
        """The histories with the start, n + 1, before each; n stays the padding."""
        users = torch.arange(histories.n_users, device=histories.device)
        items = torch.full((len(histories) + len(users),), self.n_items + 1, device=histories.device)
        items[torch.arange(len(histories), device=histories.device) + histories.users + 1] = histories.items
        return Histories(
            offsets=histories.offsets + torch.arange(len(users) + 1, device=histories.device),
            items=items,
            users=users.repeat_interleave(histories.lengths() + 1),
            n_items=self.n_items,
        )

    def _rated(self, n_parts: int, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """The rows with a rating or a label in random order, in parts: users, items, context, numbers, labels."""
        rows = self._rows
        labels = None if rows is None else rows.labels if rows.target else rows.ratings
        if rows is None or labels is None or not float(self.params["rating_weight"]):
            yield from [()] * n_parts
            return
        for part in torch.randperm(len(rows), generator=generator, device=generator.device).tensor_split(n_parts):
            yield *rows.batch(part), labels[part]

    def _with_satisfaction(self, click: Tensor, rated: list[Tensor], texts: Tensor) -> Tensor:
        """Both losses by `rating_weight`."""
        if not rated:  # on several devices every weight needs a gradient
            return click + 0.0 * sum(weight.sum() for weight in self.satisfaction.parameters())
        users, items, context, numbers, labels = rated
        outputs = self._satisfied(users, items, context, numbers, texts).float()
        if self._rows is not None and self._rows.target == "label":
            loss = F.binary_cross_entropy_with_logits(outputs, labels)
        else:
            loss = F.mse_loss(outputs, (labels - self.mean) / self.rating_std)
        weight = float(self.params["rating_weight"])
        return (1 - weight) * click + weight * loss

    def _satisfied(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor, texts: Tensor) -> Tensor:
        """The logit of a label, or the rating in standard deviations from the mean. (B,)"""
        deep_user, deep_item = self._deep_users(users, context, numbers), self._deep_items(items)
        output: Tensor = self.satisfaction(
            torch.cat([deep_user * deep_item, deep_user, deep_item, texts[items]], dim=1)
        )
        return output.squeeze(1)
