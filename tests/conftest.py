"""How the tests run: one thread a process, since two processes share two cores, and the longest files first."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest  # noqa: E402 - the threads are counted when numpy is first imported

_LONGEST = ("browser", "end_to_end", "studies")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders whose files take minutes go first, so that no process is left with one of them at the end."""
    items.sort(key=lambda item: next((i for i, name in enumerate(_LONGEST) if name in item.path.parts), len(_LONGEST)))
