"""The tiny model, made once a session, and server processes that speak the OpenAI protocol."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")

HERE = Path(__file__).parent


def load_helper(path: Path):
    """A helper module next to the tests, which are no packages."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tiny() -> object:
    """The module `tests/tiny_causal_lm.py`."""
    return load_helper(HERE.parents[1] / "tiny_causal_lm.py")


@pytest.fixture(scope="session")
def tiny_folder(tiny, tmp_path_factory) -> Path:
    return tiny.write_tiny_causal_lm(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def same_draws_every_time(request):
    if "chat" in request.fixturenames:
        import torch

        torch.manual_seed(0)


@pytest.fixture(scope="session")
def chat(tiny_folder):
    """The tiny model, sampling at temperature 1 so that every answer differs."""
    from agent.llm.transformers_chat import TransformersChat

    return TransformersChat.load(tiny_folder, device="cpu", temperature=1.0, max_new_tokens=600)


class Servers:
    """Starts server processes and ends them all."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen] = []

    def __call__(self, command: list[str], ready_path: str) -> str:
        """The address of a server, once `ready_path` answers; `{port}` in the command is the port to listen on."""
        port = free_port()
        environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parents[2])}
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._processes.append(process)
        wait_until_up(process, f"http://127.0.0.1:{port}{ready_path}")
        return f"http://127.0.0.1:{port}"

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def start_server() -> Iterator[Servers]:
    servers = Servers()
    yield servers
    servers.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(process: subprocess.Popen, url: str, limit_s: float = 180.0) -> None:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.communicate()[1].decode()[-2000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  # our own address
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"no server at {url} within {limit_s:g} s")


@pytest.fixture(scope="session")
def grammar_server(start_server, tiny_folder) -> str:
    """The address of a server that decodes under grammars, as vLLM, llama.cpp and Ollama do."""
    return start_server([sys.executable, str(HERE / "grammar_server.py"), str(tiny_folder), "{port}"], "/v1/models")
