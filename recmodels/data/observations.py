"""Examples on a device: what models that predict learn from and are measured on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor

from recmodels.data.examples import Target

if TYPE_CHECKING:
    from recmodels.data.past import Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Rows of users, items and their context, by user, then time."""

    users: Tensor  # (m,) int64
    items: Tensor  # (m,) int64
    context: Tensor  # (m, C) int64 codes as in `Features.context_codes`
    numbers: Tensor  # (m, N) float32, NaN where missing
    labels: Tensor | None = None  # (m,) float32; None: all rows were wanted
    target: Target | None = None  # what `labels` are
    ratings: Tensor | None = None  # (m,) float32, where the data have them, whatever the task is
    past: "Past | None" = None  # what was answered before each row; only for models that read it

    def __len__(self) -> int:
        return len(self.users)

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What `Predictor.predict` reads of these rows."""
        return self.users[rows], self.items[rows], self.context[rows], self.numbers[rows]
