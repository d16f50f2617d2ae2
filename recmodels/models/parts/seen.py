"""Who and what was in training: what embedding models answer for users and items whose embeddings learned nothing."""

import torch
from torch import Tensor, nn

from recmodels.data.histories import Histories


class Seen(nn.Module):
    """Remembers the train histories in two buffers, which are saved with the weights.

    - A user unseen in training who has a history since is folded in: the mean of its items' vectors, as long as the
      vector of a mean user.
    - A user without any history gets the most popular items.
    - An item unseen in training ranks below all others.
    """

    users: Tensor  # (n_users,) bool
    item_counts: Tensor  # (n_items,) float32

    def __init__(self, n_users: int, n_items: int) -> None:
        super().__init__()
        self.register_buffer("users", torch.zeros(n_users, dtype=torch.bool))
        self.register_buffer("item_counts", torch.zeros(n_items))

    def remember(self, histories: Histories) -> None:
        """Look at the train histories."""
        self.users.copy_(histories.lengths() > 0)
        self.item_counts.copy_(histories.counts())

    def vectors(self, users: Tensor, histories: Histories, user_table: Tensor, item_table: Tensor) -> Tensor:
        """The vectors of `users` (B,), folded in where training did not see them. (B, d)"""
        known = self._are_known(users)  # (B,)
        vectors = user_table[users.clamp(max=len(user_table) - 1)]
        if known.all():
            return vectors
        rows, items = histories.entries(users[~known])
        folded = torch.zeros_like(vectors[~known]).index_add_(0, rows, item_table[items])
        length = user_table[self.users].norm(dim=1).mean().nan_to_num(1.0)
        vectors[~known] = nn.functional.normalize(folded) * length
        return vectors

    def finish(self, scores: Tensor, users: Tensor, histories: Histories) -> Tensor:
        """`scores` (B, n_items) with the answers for users without a history and for items unseen in training."""
        has_none = ~self._are_known(users) & (histories.offsets[users + 1] == histories.offsets[users])
        scores = torch.where(has_none[:, None], self.item_counts, scores)
        unseen = self.item_counts == 0  # (n_items,)
        if unseen.any():
            scores = torch.where(unseen, scores.amin(dim=1, keepdim=True) - 1.0, scores)
        return scores

    def _are_known(self, users: Tensor) -> Tensor:
        within = users < len(self.users)
        return within & self.users[users.clamp(max=len(self.users) - 1)]
