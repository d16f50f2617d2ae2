"""Adam of large tables: torch's own where every row has a gradient, and untouched rows stay as they are."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from recmodels.models.parts import lazy_adam
from recmodels.models.parts.lazy_adam import LazyAdam, read_rows
from recmodels.request import Budget, TrainRequest
from recmodels.training import train


def test_sparse_gradients_take_the_steps_of_sparse_adam_and_dense_ones_those_of_adam() -> None:
    torch.manual_seed(0)
    table, dense = torch.randn(9, 4), torch.randn(3, 4)
    ours = [table.clone().requires_grad_(), dense.clone().requires_grad_()]
    theirs = [table.clone().requires_grad_(), dense.clone().requires_grad_()]
    optimizers = [
        LazyAdam(ours, lr=0.1, eps=1e-15, fused=True),
        torch.optim.SparseAdam(theirs[:1], lr=0.1, eps=1e-15),
        torch.optim.Adam(theirs[1:], lr=0.1, eps=1e-15),
    ]
    for batch in ([0, 3, 3], [3, 8, 1], [0, 0, 1]):
        numbers = torch.tensor(batch)
        for some_table, some_dense in (ours, theirs):
            (F.embedding(numbers, some_table, sparse=True) * some_dense).square().sum().backward()
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        for left, right in zip(ours, theirs, strict=True):
            torch.testing.assert_close(left, right)
    assert torch.equal(ours[0][[2, 4, 5, 6, 7]], table[[2, 4, 5, 6, 7]])


def test_a_gradient_is_sparse_only_where_the_table_is_large_and_nothing_is_clipped() -> None:
    numbers = torch.tensor([1, 1, 2])
    for n_rows, params, is_sparse in (
        (lazy_adam.MIN_ROWS, {}, True),
        (lazy_adam.MIN_ROWS - 1, {}, False),
        (lazy_adam.MIN_ROWS, {"max_grad_norm": 0.0}, True),
        (lazy_adam.MIN_ROWS, {"max_grad_norm": 1.0}, False),
    ):
        table = torch.zeros(n_rows, 2, requires_grad=True)
        read_rows(numbers, table, params).sum().backward()
        assert table.grad is not None and table.grad.is_sparse == is_sparse


def test_it_stays_dense_among_several_processes_which_sum_their_gradients(tmp_path: Path) -> None:
    table = torch.zeros(lazy_adam.MIN_ROWS, 2, requires_grad=True)
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path / 'group'}", rank=0, world_size=1)
    try:
        read_rows(torch.tensor([1]), table, {}).sum().backward()
    finally:
        torch.distributed.destroy_process_group()
    assert table.grad is not None and not table.grad.is_sparse


def test_bpr_mf_learns_and_goes_on_alike_with_such_a_table(
    circles_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CutOff(Exception):
        pass

    def stop(report: object) -> None:
        raise CutOff

    params = {"embedding_size": 16, "batch_size": 512}
    request = TrainRequest(
        dataset=circles_folder, model="bpr_mf", params=params, budget=Budget(epochs=6), n_threads=1, device="cpu"
    )
    dense = train(request)
    monkeypatch.setattr(lazy_adam, "MIN_ROWS", 1)
    steps, plain = [], LazyAdam._step_rows
    monkeypatch.setattr(LazyAdam, "_step_rows", lambda *given: steps.append(plain(*given)))
    lazy = train(request)
    assert steps
    assert lazy.curve[-1].loss == pytest.approx(dense.curve[-1].loss, rel=1e-4)  # every batch has all users
    cut_off = replace(request, resume_folder=tmp_path / "state")
    with pytest.raises(CutOff):
        train(cut_off, stop)
    again = train(cut_off)
    assert again.cost["resumed_epochs"] == 1
    assert [report.loss for report in again.curve] == [report.loss for report in lazy.curve]
