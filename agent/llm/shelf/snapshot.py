"""A model folder or a hub id -> its files that may be kept: safetensors, JSON and vocabulary; no pickle, no code."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import SetupError, UserError

KEPT = (
    "config.json",
    "generation_config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "LICENSE*",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a hub says of a model."""

    licence: str
    n_bytes: int  # of the files that would be kept


Download = Callable[[str, Path, Callable[[int], None]], Found]


def copy_folder(source: Path, target: Path) -> None:
    """Copy what may be kept.

    Raises:
        UserError: It is no model folder.
    """
    if not (source / "config.json").is_file():
        raise UserError(f"{source} holds no config.json, so it is no model folder of transformers")
    for path in _kept(source):
        shutil.copyfile(path, target / path.name)


def folder_bytes(source: Path) -> int:
    """What a copy of a folder takes."""
    return sum(path.stat().st_size for path in _kept(source))


def _kept(folder: Path) -> Iterator[Path]:
    yield from sorted({path for pattern in KEPT for path in folder.glob(pattern) if path.is_file()})


def download(name: str, target: Path, check_room: Callable[[int], None]) -> Found:
    """The files of a hub id.

    Args:
        check_room: Is told how many bytes will come, and raises where they do not fit.

    Raises:
        SetupError: No network, no such model, or none with safetensors; one sentence.
    """
    import httpx
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        about = HfApi().model_info(name, files_metadata=True)
        files = [file for file in about.siblings or [] if any(Path(file.rfilename).match(one) for one in KEPT)]
        files = [file for file in files if "/" not in file.rfilename]
        if not any(file.rfilename.endswith(".safetensors") for file in files):
            raise SetupError(f"the model {name} has no weights in safetensors, and others are not read here")
        found = Found(licence=_licence(about), n_bytes=sum(file.size or 0 for file in files))
        check_room(found.n_bytes)
        snapshot_download(name, revision=about.sha, local_dir=target, allow_patterns=[f.rfilename for f in files])
    except OfflineModeIsEnabled as error:
        raise SetupError(
            f"the model {name} cannot be fetched, since HF_HUB_OFFLINE is set, which switches the hub off; unset it"
        ) from error
    except (httpx.TransportError, ConnectionError) as error:
        raise SetupError(
            f"the model {name} cannot be fetched, since the hub does not answer: is there a network?"
        ) from error
    except (HfHubHTTPError, HFValidationError) as error:
        why = " ".join(str(error).split())[:160]
        raise SetupError(
            f"the hub does not give the model {name} (is the name right, and is it open to all?): {why}"
        ) from error
    shutil.rmtree(target / ".cache", ignore_errors=True)
    return found


def _licence(about: Any) -> str:
    card = about.card_data
    found = card.get("license") if card is not None else None
    return found if isinstance(found, str) else ""


def count_parameters(folder: Path) -> int:
    """The numbers in the safetensors files, each of which is checked to be whole.

    Raises:
        UserError: There is none, or one is damaged.
    """
    from safetensors import SafetensorError, safe_open

    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise UserError(f"{folder.name} has no weights in safetensors, and others are not read here")
    total = 0
    for path in files:
        try:
            with safe_open(path, framework="numpy") as opened:
                for key in opened.keys():  # noqa: SIM118  # it is no mapping
                    n = 1
                    for size in opened.get_slice(key).get_shape():
                        n *= size
                    total += n
        except SafetensorError as error:
            raise UserError(f"{path.name} is damaged: {error}") from error
    return total


def refuse_code(folder: Path) -> None:
    """Refuse a model that needs code of its own, which is not run.

    Raises:
        UserError: It does.
    """
    for name in ("config.json", "tokenizer_config.json"):
        try:
            about = json.loads((folder / name).read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise UserError(f"{name} cannot be read: {error}") from error
        if isinstance(about, dict) and about.get("auto_map"):
            raise UserError(f"the model needs code of its own ({name}), which is not run here")
