"""The steps of a gradient run: accumulation, clipping, warm-up and decay, divergence, and batches that do not fit."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import safetensors.torch
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.errors import TrialFailed
from recmodels.loop.preparation import data_on, entities_of
from recmodels.models import MODELS, ModelEntry
from recmodels.models.base import RecModel
from recmodels.models.parts.sampling import shuffled
from recmodels.request import Budget, EpochReport, TrainRequest
from recmodels.schedule import SCHEDULES, Steps, step_params
from recmodels.search_space import Float, Int, SearchSpace
from recmodels.training import train

N_ROWS = 400  # of the circles' train part


class Weighed(RecModel):
    """A weight for each item, which its own readers raise; plain gradient descent, so that each step can be told."""

    rates: ClassVar[list[float]] = []

    def __init__(self, params: Any, entities: Any) -> None:
        super().__init__(params, entities)
        self.weight = nn.Parameter(torch.randn(entities.n_items))

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        for rows in shuffled(len(histories), int(self.params["batch_size"]), generator):
            yield (histories.items[rows],)

    def forward(self, *batch: Tensor) -> Tensor:
        self.rates.append(self.made.param_groups[0]["lr"])
        return F.softplus(-self.weight[batch[0]]).mean()

    def optimizer(self) -> torch.optim.Optimizer:
        self.made = torch.optim.SGD(self.parameters(), lr=float(self.params["learning_rate"]))
        return self.made

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        return self.weight.repeat(len(users), 1)


class Hungry(Weighed):
    """More than `room` rows do not fit."""

    room: ClassVar[int] = 30
    from_epoch: ClassVar[int] = 1
    error: ClassVar[Exception] = torch.OutOfMemoryError("no room\nand a long table")
    n_begun: ClassVar[int] = 0

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        type(self).n_begun += 1
        return super().batches(histories, generator)

    def forward(self, *batch: Tensor) -> Tensor:
        if len(batch[0]) > self.room and self.n_begun >= self.from_epoch:
            raise self.error
        return super().forward(*batch)


class HungryLater(Hungry):
    from_epoch = 3


class Starving(Hungry):
    room = 1


class HungryOnCpu(Hungry):
    error = RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried")


class Broken(Hungry):
    error = RuntimeError("shapes do not match")


class NaNLater(Weighed):
    n_begun = 0

    def forward(self, *batch: Tensor) -> Tensor:
        type(self).n_begun += 1
        return super().forward(*batch) * (math.nan if self.n_begun > 4 else 1.0)  # four batches an epoch


class Exploding(Weighed):
    """A finite loss whose gradient is none."""

    def forward(self, *batch: Tensor) -> Tensor:
        return super().forward(*batch) + (0 * self.weight).sqrt().sum()


KINDS = (Weighed, Hungry, HungryLater, Starving, HungryOnCpu, Broken, NaNLater, Exploding)
SPACE = SearchSpace(
    {
        "batch_size": Int(1, N_ROWS, default=100),
        "learning_rate": Float(0.1, 10.0, default=1.0),
        **step_params(),
        "epochs": Int(1, 10, default=3, held=True),
    }
)


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """The models of this file stand among the others."""
    for kind in KINDS:
        kind.rates, kind.n_begun = [], 0  # type: ignore[attr-defined]
        MODELS[kind.__name__] = ModelEntry(name=kind.__name__, space=SPACE, says="", load=lambda kind=kind: kind)
    yield
    for kind in KINDS:
        del MODELS[kind.__name__]


@pytest.fixture
def asked(circles_folder: Path, tmp_path: Path) -> TrainRequest:
    return TrainRequest(
        dataset=circles_folder,
        model="Weighed",
        budget=Budget(epochs=3, patience=3),
        checkpoint=tmp_path / "model",
        device="cpu",
        n_threads=1,
    )


def weights(request: TrainRequest, **params: Any) -> Tensor:
    folder = train(replace(request, params=params)).checkpoint
    assert folder is not None
    return safetensors.torch.load_file(folder / "model.safetensors")["weight"]


def start(request: TrainRequest) -> Tensor:
    data = Interactions.load(request.dataset)
    torch.manual_seed(request.seed)
    return Weighed({}, entities_of(data, MODELS["bpr_mf"])).weight.detach()


@pytest.mark.parametrize(
    ("name", "params", "norm"),
    [("bpr_mf", {"batch_size": 512}, math.inf), ("sasrec", {"batch_size": 32}, 5.0), ("deepfm", {}, math.inf)],
)
def test_the_defaults_are_the_plain_loop_to_the_bit(
    name: str, params: dict[str, Any], norm: float, asked: TrainRequest
) -> None:
    result = train(replace(asked, model=name, params=params, budget=Budget(epochs=1)))
    data = Interactions.load(asked.dataset)
    parts = data_on(data, split(data, asked.split), torch.device("cpu"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    model = MODELS[name].load()(result.params, entities_of(data, MODELS[name]))
    model.fit(parts.train)
    optimizer, generator = model.optimizer(), torch.Generator().manual_seed(asked.seed)
    for batch in model.train().batches(parts.train, generator):
        model(*batch).backward()
        if norm < math.inf:
            nn.utils.clip_grad_norm_(model.parameters(), norm)
        optimizer.step()
        optimizer.zero_grad()
    torch.set_num_threads(threads)
    assert result.checkpoint is not None
    saved = safetensors.torch.load_file(result.checkpoint / "model.safetensors")
    assert all(torch.equal(saved[key], weight) for key, weight in model.weights().items())


def test_every_model_that_learns_by_gradients_has_the_params_of_the_loop() -> None:
    for name, entry in MODELS.items():
        kind = entry.load()
        if kind.is_closed_form or kind.trains_itself:
            continue
        assert step_params().keys() <= entry.space.keys(), name
        assert all(entry.space[param].held for param in step_params()), name
        assert Steps.from_params(entry.space.defaults()).is_constant, name


def test_accumulated_small_batches_take_the_steps_of_a_large_one(asked: TrainRequest) -> None:
    large = weights(asked, batch_size=100)
    torch.testing.assert_close(weights(asked, batch_size=25, accumulation=4), large)
    assert not torch.allclose(weights(asked, batch_size=25), large, atol=1e-3)


def test_a_last_step_of_fewer_batches_weighs_them_alike(asked: TrainRequest) -> None:
    whole = weights(asked, batch_size=N_ROWS)
    torch.testing.assert_close(weights(asked, batch_size=N_ROWS // 4, accumulation=64), whole)


def test_clipping_bounds_a_step(asked: TrainRequest) -> None:
    one = replace(asked, budget=Budget(epochs=1))
    norms = [(weights(one, batch_size=N_ROWS, **p) - start(one)).norm() for p in ({}, {"max_grad_norm": 1e-3})]
    assert norms[0] > 1e-2
    torch.testing.assert_close(norms[1], torch.tensor(1e-3), rtol=1e-3, atol=0)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"warmup": 0.25}, [1 / 3, 2 / 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        ({"schedule": "linear"}, [1 - step / 12 for step in range(12)]),
        ({"schedule": "linear", "warmup": 0.5}, [step / 6 for step in (1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1)]),
        ({"schedule": "cosine"}, [(1 + math.cos(math.pi * step / 12)) / 2 for step in range(12)]),
        ({"schedule": "linear", "batch_size": 50, "accumulation": 4}, [x for i in range(6) for x in [1 - i / 6] * 4]),
    ],
)
def test_the_learning_rate_follows_its_schedule(
    params: dict[str, Any], expected: list[float], asked: TrainRequest
) -> None:
    train(replace(asked, params={"learning_rate": 2.0, **params}))  # three epochs of four batches of a hundred
    assert Weighed.rates == pytest.approx([2.0 * factor for factor in expected])


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_step_beyond_those_counted_has_the_last_rate(schedule: str) -> None:
    steps = Steps(schedule=schedule)
    assert steps.factor(13, 12) == steps.factor(12, 12) == (1.0 if schedule == "constant" else 0.0)


def test_a_loss_that_is_no_number_fails_the_trial_and_says_in_which_epoch(asked: TrainRequest) -> None:
    reports: list[EpochReport] = []
    with pytest.raises(TrialFailed, match="diverged: the loss became nan in epoch 2"):
        train(replace(asked, model="NaNLater"), reports.append)
    assert len(reports) == 1
    assert asked.checkpoint is not None and not asked.checkpoint.exists()


@pytest.mark.parametrize(("norm", "what"), [(1.0, "gradients"), (0.0, "weights")])
def test_exploding_gradients_fail_the_trial(norm: float, what: str, asked: TrainRequest) -> None:
    with pytest.raises(TrialFailed, match=f"diverged: the norm of the {what} became nan in epoch 1"):
        train(replace(asked, model="Exploding", params={"max_grad_norm": norm, "batch_size": N_ROWS}))


@pytest.mark.parametrize("name", ["Hungry", "HungryOnCpu"])
def test_batches_too_large_for_memory_are_split_and_the_step_stays_the_same(name: str, asked: TrainRequest) -> None:
    reports: list[EpochReport] = []
    result = train(replace(asked, model=name), reports.append)
    assert result.cost["batch_splits"] == 2  # 100, 50, 25
    assert [report.epoch for report in reports] == [1, 2, 3]
    assert result.params["batch_size"] == 100, "as asked"
    assert result.checkpoint is not None
    found = safetensors.torch.load_file(result.checkpoint / "model.safetensors")["weight"]
    assert torch.equal(found, weights(asked, batch_size=25, accumulation=4)), "begun again from the same seed"
    assert train(asked).cost["batch_splits"] == 0


def test_memory_that_runs_out_later_goes_on_from_the_saved_state(asked: TrainRequest, tmp_path: Path) -> None:
    reports: list[EpochReport] = []
    start_s = time.perf_counter()
    result = train(replace(asked, model="HungryLater", resume_folder=tmp_path / "state"), reports.append)
    assert result.cost["total_s"] <= time.perf_counter() - start_s
    assert result.cost["resumed_epochs"] == 0, "nothing was interrupted"
    assert [report.epoch for report in reports] == [1, 2, 3]
    assert result.cost["batch_splits"] == 2
    assert tuple(reports) == result.curve


def test_without_a_state_it_begins_again_and_says_so_by_the_epoch(asked: TrainRequest) -> None:
    reports: list[EpochReport] = []
    result = train(replace(asked, model="HungryLater"), reports.append)
    assert [report.epoch for report in reports] == [1, 2, 1, 2, 3]
    assert tuple(reports[2:]) == result.curve


def test_the_smallest_batches_that_do_not_fit_fail_the_trial(asked: TrainRequest) -> None:
    with pytest.raises(TrialFailed, match=r"out_of_memory: no room \(with batches of 3\)"):
        train(replace(asked, model="Starving"))
    with pytest.raises(TrialFailed, match=r"out_of_memory: no room \(with batches of 2\)"):
        train(replace(asked, model="Starving", params={"batch_size": 5}))


def test_another_error_of_torch_passes_through(asked: TrainRequest) -> None:
    with pytest.raises(RuntimeError, match="shapes do not match"):
        train(replace(asked, model="Broken"))
