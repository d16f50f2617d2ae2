"""A real `recpilot mcp` on a pipe, with the official client, noise from every side, and a client that leaves."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.streams.text import TextReceiveStream
from mcp import Client
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

NOISY = """
import os, subprocess
from ui.mcp.rules import Rules
told = Rules.instructions
def noisy(self):
    print("noise" * 5000)
    os.write(1, b"noise\\n")
    subprocess.run(["echo", "noise"])
    return told(self)
Rules.instructions = noisy
from ui.cli import main
main()
"""


@dataclass
class Pipe:
    """The process and every line that it wrote; as a transport it sends broken lines between good ones."""

    home: Path
    lines: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    errors: str = ""
    status: int | None = None

    def run(self, kit: Any) -> "Pipe":
        anyio.run(self._session, kit)
        return self

    async def _session(self, kit: Any) -> None:
        with (self.home / "stderr").open("w+") as errors:
            async with Client(self._transport(errors), elicitation_callback=kit.Person()) as client:
                self.found["version"] = client.protocol_version
                self.found["tools"] = len((await client.list_tools()).tools)
                self.found["first"] = kit.facts(await client.call_tool("study_status", {"study": "first"}))
                begun = {"dataset": "tiny", "models": ["bpr_mf"], "n_trials": 500}
                self.found["begun"] = kit.facts(await client.call_tool("start_study", begun))
            errors.seek(0)
            self.errors = errors.read()

    @asynccontextmanager
    async def _transport(self, errors: Any) -> AsyncIterator[Any]:
        env = os.environ | {"RECPILOT_HOME": str(self.home), "PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}
        process = await anyio.open_process(
            [sys.executable, "-c", NOISY, "mcp"], stderr=errors, env=env, cwd=self.home, stdin=subprocess.PIPE
        )
        sends, sent = anyio.create_memory_object_stream[SessionMessage](0)
        gives, given = anyio.create_memory_object_stream[SessionMessage | Exception](0)

        async def write() -> None:
            async for message in sent:
                line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.stdin.send(b'{"broken\n\xff\xfe\n\n' + line.encode() + b"\n[]\n")

        async def read() -> None:
            rest = ""
            async for part in TextReceiveStream(process.stdout):
                *whole, rest = (rest + part).split("\n")
                for line in whole:
                    self.lines.append(line)
                    await gives.send(SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False)))

        async with sends, sent, gives, given, anyio.create_task_group() as group:
            group.start_soon(write)
            group.start_soon(read)
            yield given, sends
            await process.stdin.aclose()
            self.status = await process.wait()
            group.cancel_scope.cancel()


@pytest.fixture(scope="module")
def pipe(planted: Path, kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Pipe:
    home = tmp_path_factory.mktemp("pipe") / "home"
    shutil.copytree(planted, home, ignore=shutil.ignore_patterns("memory"))  # of another embedder
    return Pipe(home=home).run(kit)


def test_the_tools_are_there_and_find_what_the_home_holds(pipe: Pipe) -> None:
    assert pipe.found["version"] == "2026-07-28"
    assert pipe.found["tools"] > 30
    assert pipe.found["first"]["n_finished"] == 2


def test_nothing_but_the_protocol_reaches_standard_output(pipe: Pipe) -> None:
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in pipe.lines)
    assert pipe.errors.count("noise\n") >= 2


def test_broken_lines_are_passed_over(pipe: Pipe) -> None:
    assert pipe.found["begun"]["n_trials"] == 500
    assert "Traceback" not in pipe.errors


def test_a_study_of_a_client_that_leaves_stops_and_can_be_resumed(pipe: Pipe, kit: Any) -> None:
    assert pipe.status == 0
    with kit.open_home(pipe.home.rename(pipe.home.with_name("after"))) as workspace:
        study = workspace.runner.open(pipe.found["begun"]["study"])
        assert study.state == "stopped"
        study.resume()
        assert study.state in ("queued", "running")
