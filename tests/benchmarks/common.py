"""What benchmarks and tests share: histories, epochs by the plain loop and on the clock, results kept as they come."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch

from recmodels.data.histories import Histories
from recmodels.models.base import RecModel
from recmodels.schedule import Steps

if TYPE_CHECKING:
    from ui.figures.scales import Scale

Model = TypeVar("Model", bound=RecModel)
REAL_DATA = Path(os.environ.get("RECPILOT_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def commit() -> str:
    """The commit that a figure was measured at."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


class Kept:
    """Results by name in a JSON file, so that a benchmark that was cut off goes on where it was."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.found: dict[str, Any] = json.loads(path.read_text()) if path and path.is_file() else {}

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """What is kept under `name`, else what `make` gives, which is kept unless it is None."""
        if name not in self.found:
            made = make()
            if made is None:
                return None
            self.found[name] = made
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                temporary = self.path.with_suffix(".part")
                temporary.write_text(json.dumps(self.found, indent=1))
                temporary.replace(self.path)
        return self.found[name]


def histories_of(rows: Sequence[Sequence[int]], n_items: int) -> Histories:
    """From the items of each user, oldest first."""
    users = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    items = np.array([item for row in rows for item in row], dtype=np.int64)
    return Histories.from_arrays(users, items, n_users=len(rows), n_items=n_items)


def random_histories(seed: int, n_users: int = 30, n_items: int = 25, longest: int = 20) -> Histories:
    """Of any length up to `longest`, the empty one too; nobody has an item twice."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, longest + 1, n_users)
    return histories_of([rng.choice(n_items, length, replace=False) for length in lengths], n_items)


def made_up(n_rows: int, n_users: int, n_items: int, seed: int = 0) -> tuple[Histories, Histories]:
    """Train histories of about equal length with a few popular items, and one held-out item for each user."""
    rng = np.random.default_rng(seed)
    shares = np.cumsum(1.0 / np.arange(1, n_items + 1))

    def items(n: int) -> np.ndarray:
        drawn = np.searchsorted(shares, rng.random(n) * shares[-1]).clip(max=n_items - 1)
        return rng.permutation(n_items)[drawn]

    users = np.sort(rng.integers(0, n_users, n_rows))
    train = Histories.from_arrays(users, items(n_rows), n_users=n_users, n_items=n_items)
    held_out = Histories.from_arrays(np.arange(n_users), items(n_users), n_users=n_users, n_items=n_items)
    return train, held_out


def steps(model: RecModel, histories: Histories, generator: torch.Generator, epochs: int = 1) -> Iterator[int]:
    """Gradient steps; yields how many items each was asked to name."""
    optimizer, max_grad_norm = model.optimizer(), Steps.from_params(model.params).max_grad_norm
    model.train()
    for _ in range(epochs):
        for batch in model.batches(histories, generator):
            model(*batch).backward()
            if max_grad_norm:
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_grad_norm)
            optimizer.step()
            optimizer.zero_grad()
            yield int((batch[-1] != model.n_items).sum()) if hasattr(model, "length") else len(batch[0])


def fitted(model: Model, histories: Histories, epochs: int) -> Model:
    """The model after its closed form or these epochs, ready to score."""
    model.fit(histories)
    generator = torch.Generator().manual_seed(0)
    if model.trains_itself:
        model.train()
        with torch.no_grad():
            for _ in range(epochs):
                model.train_epoch(histories, generator)
    elif not model.is_closed_form:
        for _ in steps(model, histories, generator, epochs):
            pass
    return model.eval()


def epoch_s(model: RecModel, histories: Histories, limit_s: float = float("inf")) -> tuple[float, float]:
    """Processor seconds of an epoch, after a step to warm up, and the share that was run before `limit_s`."""
    if model.trains_itself:
        start = time.process_time()
        with torch.no_grad():
            model.train_epoch(histories, torch.Generator().manual_seed(0))
        return time.process_time() - start, 1.0
    n_all = len(histories) - int((histories.lengths() > 0).sum()) * hasattr(model, "length")
    next(steps(model, histories, torch.Generator().manual_seed(1)))
    start, n_done = time.process_time(), 0
    for n in steps(model, histories, torch.Generator().manual_seed(0)):
        n_done += n
        if time.process_time() - start > limit_s:
            break
    share = min(n_done / n_all, 1.0)
    return (time.process_time() - start) / share, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of a picture."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    looks: Mapping[str, Any]  # of matplotlib's lines
    band: tuple[Sequence[float], Sequence[float]] | None = None  # from where to where it may be


def picture(curves: Sequence[Curve], x: "Scale", y: "Scale", path: Path) -> None:
    """The curves as a file .png, .svg or .pdf by its ending, in the looks of all figures."""
    from ui.figures.canvas import at_work  # not needed by what measures memory
    from ui.figures.frame import Entry, framed

    with at_work():
        entries = [Entry(label=curve.name, marker="", looks=dict(curve.looks)) for curve in curves]
        canvas, axes = framed(720, 320, x, y, entries, has_x_grid=True)
        for curve in curves:
            if curve.band is not None:
                axes.fill_between(curve.xs, *curve.band, color=curve.looks["color"], alpha=0.15, linewidth=0, zorder=1)
            axes.plot(curve.xs, curve.ys, zorder=3, **curve.looks)
        drawing = canvas.done()
    drawing.save(path, ", ".join(curve.name for curve in curves))
