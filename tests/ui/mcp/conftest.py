"""One planted home with a finished study, servers on copies of it, and a person who answers as the test says."""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from mcp import Client
from mcp_types import CallToolResult, ElicitRequestFormParams, ElicitResult

from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.homes import open_home
from ui.mcp.rules import Rules
from ui.mcp.server import Serving

LEGACY, MODERN = "legacy", "2026-07-28"
YES = ElicitResult(action="accept", content={"confirm": True})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with the dataset `tiny` and the finished studies `first` and `second`; copy it."""
    home = tmp_path_factory.mktemp("planted") / "home"
    home.mkdir()
    rng = np.random.default_rng(0)
    rows = [f"u{u},i{(u % 4) * 8 + rng.integers(8)},{1_600_000_000 + t}" for u in range(40) for t in range(8)]
    (home / "tiny.csv").write_text("\n".join(["user,item,timestamp", *rows]))
    with open_home(home) as workspace:
        workspace.catalogue.add(home / "tiny.csv")
        for name, model, n_trials in (("first", "bpr_mf", 2), ("second", "item_knn", 1)):
            spec = StudySpec.create(name=name, dataset="tiny", models=[model], n_trials=n_trials, epochs=1)
            for _ in workspace.runner.create(spec).run():
                pass
    return home


@pytest.fixture
def home(tmp_path: Path, planted: Path) -> Path:
    """A copy of the planted home, to change at will."""
    return Path(shutil.copytree(planted, tmp_path / "home"))


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with open_home(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def unchanged(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for a file whose tests leave it as it is."""
    with open_home(Path(shutil.copytree(planted, tmp_path_factory.mktemp("unchanged") / "home"))) as opened:
        yield opened


@pytest.fixture
def serving(workspace: Workspace) -> Iterator[Callable[..., Serving]]:
    """`serving(allows_acts=True)`: a server with these rules."""
    made: list[Serving] = []

    def make(**rules: Any) -> Serving:
        made.append(Serving(workspace, Rules(**rules)))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Person:
    """Answers questions in order, the last answer again and again, and keeps what was asked."""

    def __init__(self, *answers: ElicitResult | None, before: Callable[[], None] = lambda: None) -> None:
        """`None` never answers; `before` happens while the person reads the question."""
        self.asked: list[str] = []
        self._answers: Sequence[ElicitResult | None] = answers or (YES,)
        self._before = before

    async def __call__(self, _: Any, params: Any) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        self.asked.append(params.message)
        self._before()
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if answer is None:
            await anyio.sleep_forever()
        assert answer is not None
        return answer


@asynccontextmanager
async def client_of(server: Serving, person: Person | None = None, mode: str = LEGACY) -> AsyncIterator[Client]:
    async with Client(server.server, mode=mode, elicitation_callback=person) as client:
        yield client


def facts(result: CallToolResult) -> dict[str, Any]:
    """What a call found; its text says the same as its structure."""
    (block,) = result.content
    assert json.loads(block.text) == result.structured_content  # type: ignore[union-attr]
    assert result.is_error == ("error" in result.structured_content)
    return dict(result.structured_content)


async def asked(client: Client, tool: str, args: dict[str, Any]) -> str:
    """The state of a question that waits for its answer."""
    first = await client.session.call_tool(tool, args, allow_input_required=True)
    return str(first.request_state)


class Kit:
    """What the tests import, which lies in no package."""

    Person = Person
    client_of = staticmethod(client_of)
    facts = staticmethod(facts)
    asked = staticmethod(asked)
    open_home = staticmethod(open_home)
    YES = YES


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit


@pytest.fixture(params=[LEGACY, MODERN])
def mode(request: pytest.FixtureRequest) -> str:
    """Both eras of the protocol: with a handshake, and with everything in each request."""
    return str(request.param)
