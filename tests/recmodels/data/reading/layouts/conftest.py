from collections.abc import Callable
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

Reads = Callable[..., tuple[dict[str, list[str]], tuple[str, ...]]]


def histories(data: Interactions) -> dict[str, list[str]]:
    """The items of each user, in order where one is known."""
    found = {user: [data.item_ids[int(i)] for i in data.history(u)] for u, user in enumerate(data.user_ids)}
    return found if data.time_kind != "none" else {user: sorted(items) for user, items in found.items()}


@pytest.fixture
def read(tmp_path: Path) -> Reads:
    """Write content into a file of that name and read it: each user's items, and the notes."""

    def read_content(name: str, content: str | bytes, **columns: str) -> tuple[dict[str, list[str]], tuple[str, ...]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        data = read_interactions(path, columns=columns)
        return histories(data), data.notes

    return read_content
