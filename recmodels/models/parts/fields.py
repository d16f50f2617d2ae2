"""One embedding table for all fields of a row: its user and item, their attributes and the row's context.

    F  fields: user, item, those of users, of items, of the context, then the context's numbers
    S  places in a row of codes; a field with several values has several
    d  embedding size

Row 0 of the table is no value. Each field has rows of its own, the first for what is unknown: a missing value, or one
that no training row had. Unless values were missing in training, that row stays zero: the mean of what it might be.
Of a user or an item whose number is beyond those of the dataset, nothing is known.
"""

import torch
from torch import Tensor, nn

from recmodels.data.features import NO_VALUE, Codes, Field
from recmodels.data.observations import Observations
from recmodels.models.base import Entities

MAX_DEVIATIONS = 5.0  # numbers further out are cut
INITIAL_STD = 0.01


class FieldEmbeddings(nn.Module):
    """From users, items and contexts to one vector a field."""

    user_places: Tensor  # (n_users + 1, 1 + places of the user fields) rows of the table; the last knows nothing
    item_places: Tensor
    context_offsets: Tensor  # (C,)
    field_of_place: Tensor  # (S,)
    first_row: Tensor  # (rows,) of its field: what is unknown
    row_of: Tensor  # (rows,) the row that stands for each: itself where known, else its field's first
    number_mean: Tensor  # (N,)
    number_std: Tensor

    def __init__(self, entities: Entities, size: int) -> None:
        super().__init__()
        features = entities.features
        users = Field(name="user", size=entities.n_users + 1)
        items = Field(name="item", size=entities.n_items + 1)
        of_users = (users, *(features.user_fields if features else ()))
        of_items = (items, *(features.item_fields if features else ()))
        of_context = features.context_fields if features else ()
        n_numbers = len(features.number_names) if features else 0
        fields = [*of_users, *of_items, *of_context]
        sizes = torch.tensor([field.size for field in fields])
        offsets = 1 + sizes.cumsum(0) - sizes  # (fields,)
        lengths = torch.tensor([field.length for field in fields])
        self.n_fields, self.n_numbers, self.size = len(fields) + n_numbers, n_numbers, size
        self.n_user_fields, self.n_item_fields = len(of_users), len(of_items)
        self.has_bags = bool((lengths > 1).any())
        ends = [len(of_users), len(of_users) + len(of_items)]
        user_offsets, item_offsets = offsets[: ends[0]], offsets[ends[0] : ends[1]]
        for name, value in {
            "user_places": _places(entities.n_users, features.user_codes if features else None, of_users, user_offsets),
            "item_places": _places(entities.n_items, features.item_codes if features else None, of_items, item_offsets),
            "context_offsets": offsets[ends[1] :],
            "field_of_place": torch.arange(len(fields)).repeat_interleave(lengths),
            "first_row": torch.cat([torch.zeros(1, dtype=torch.int64), offsets.repeat_interleave(sizes)]),
        }.items():
            self.register_buffer(name, value, persistent=False)
        n_rows = 1 + int(sizes.sum())
        self.register_buffer("row_of", torch.arange(n_rows))
        self.register_buffer("number_mean", torch.zeros(n_numbers))
        self.register_buffer("number_std", torch.ones(n_numbers))
        self.table = nn.Embedding(n_rows, size)
        vectors = torch.randn(n_numbers, size) * INITIAL_STD
        self.number_vectors = nn.Parameter(vectors, requires_grad=n_numbers > 0)
        nn.init.normal_(self.table.weight, std=INITIAL_STD)
        with torch.no_grad():
            self.table.weight[self.first_row] = 0.0

    def learn_from(self, rows: Observations) -> None:
        """See which values occur in training, and how its numbers are spread."""
        is_known = torch.zeros_like(self.row_of, dtype=torch.bool)
        for part in (
            self.user_places[torch.unique(rows.users)],
            self.item_places[torch.unique(rows.items)],
            rows.context + self.context_offsets,
        ):
            is_known[part] = True
        self.row_of = torch.where(is_known, torch.arange(len(is_known), device=is_known.device), self.first_row)
        if self.n_numbers:
            numbers = rows.numbers.double()
            n = numbers.isfinite().sum(0).clamp(min=1)
            mean = numbers.nan_to_num(0.0).sum(0) / n
            variance = (numbers - mean).nan_to_num(0.0).square().sum(0) / n
            self.number_mean = mean.float()
            self.number_std = variance.sqrt().clamp(min=1e-6).float()

    def forward(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        """One vector a field. (B, F, d); the context's codes (B, C) and numbers (B, N) as in `Observations`."""
        places = [self._of_users(users), self._of_items(items), context + self.context_offsets]
        vectors = self._vectors(torch.cat(places, dim=1), self.field_of_place, self.n_fields - self.n_numbers)
        return self._with_numbers(vectors, numbers)

    def user_side(self, users: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        """The vectors of the fields that are not of the item. (B, F - item fields, d)"""
        n_places, n_of_items = self.user_places.shape[1], self.item_places.shape[1]
        fields = self.field_of_place
        kept = torch.cat([fields[:n_places], fields[n_places + n_of_items :] - self.n_item_fields])
        places = torch.cat([self._of_users(users), context + self.context_offsets], dim=1)
        vectors = self._vectors(places, kept, self.n_fields - self.n_numbers - self.n_item_fields)
        return self._with_numbers(vectors, numbers)

    def item_side(self, items: Tensor) -> Tensor:
        """The vectors of the fields of the item. (B, item fields, d)"""
        start = self.user_places.shape[1]
        fields = self.field_of_place[start : start + self.item_places.shape[1]] - self.n_user_fields
        return self._vectors(self._of_items(items), fields, self.n_item_fields)

    def _of_users(self, users: Tensor) -> Tensor:
        return self.user_places[users.clamp(max=len(self.user_places) - 1)]

    def _of_items(self, items: Tensor) -> Tensor:
        return self.item_places[items.clamp(max=len(self.item_places) - 1)]

    def _vectors(self, places: Tensor, fields: Tensor, n_fields: int) -> Tensor:
        """One vector a field (B, n_fields, d); `fields` (S,) are those of the places (B, S)."""
        rows = self.row_of[places]
        vectors: Tensor = self.table(rows)  # (B, S, d)
        return self._means(rows, vectors, fields, n_fields) if self.has_bags else vectors

    def _with_numbers(self, vectors: Tensor, numbers: Tensor) -> Tensor:
        if not self.n_numbers:
            return vectors
        deviations = ((numbers - self.number_mean) / self.number_std).clamp(-MAX_DEVIATIONS, MAX_DEVIATIONS)
        return torch.cat([vectors, deviations.nan_to_num(0.0).unsqueeze(-1) * self.number_vectors], dim=1)

    def _means(self, rows: Tensor, vectors: Tensor, fields: Tensor, n_fields: int) -> Tensor:
        """The mean of each field's values. (B, n_fields, d)"""
        is_value = (rows > 0).to(vectors.dtype)  # (B, S)
        counts = is_value.new_zeros(len(rows), n_fields).index_add(1, fields, is_value)
        masked = vectors * is_value.unsqueeze(-1)
        sums = masked.new_zeros(len(rows), n_fields, self.size).index_add(1, fields, masked)
        return sums / counts.clamp(min=1).unsqueeze(-1)


def _places(n: int, codes: Codes | None, fields: tuple[Field, ...], offsets: Tensor) -> Tensor:
    """The rows of the table that belong to each of `n` users or items, then to one of whom nothing is known.

    0 where there is no value. (n + 1, places)
    """
    ids = 1 + torch.arange(n)[:, None]  # (n, 1)
    whole = ids if codes is None else torch.cat([ids, torch.as_tensor(codes)], dim=1)  # (n, places)
    lengths = torch.tensor([field.length for field in fields])
    unknown = torch.full((1, whole.shape[1]), NO_VALUE)
    unknown[0, lengths.cumsum(0) - lengths] = 0
    whole = torch.cat([whole, unknown])
    return torch.where(whole >= 0, whole + offsets.repeat_interleave(lengths), 0)
