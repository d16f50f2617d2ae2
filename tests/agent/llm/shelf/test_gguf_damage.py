"""Damaged and hostile GGUF files: one sentence, and never more memory than the file has bytes for."""

import struct
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from gguf.constants import GGMLQuantizationType as Kind

from agent.errors import UserError
from agent.llm.shelf.adding import add_model
from agent.llm.shelf.gguf_header import read_header

HUGE = 2**60


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def header(n_tensors: int, n_keys: int, *parts: bytes) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, n_tensors, n_keys) + b"".join(parts)


def key(name: str, kind: int, *parts: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + b"".join(parts)


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    sizes = struct.pack(f"<{len(shape)}Q", *shape)
    return text(name) + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", kind, offset)


LIST, STRING, UINT8, UINT32 = 9, 8, 0, 4
HOSTILE = {
    "no GGUF file": b"PK\x03\x04" + bytes(64),
    "ends in the middle": b"GGUF",
    "its version is 1": b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
    "its version is 50331648": b"GGUF" + struct.pack(">IQQ", 3, 0, 0),
    "claims 1,152,921,504,606,846,976 tensors": header(HUGE, 0),
    "claims 1,152,921,504,606,846,976 keys": header(0, HUGE),
    "a text of 1,152,921,504,606,846,976 bytes": header(0, 1, key("a", STRING, struct.pack("<Q", HUGE))),
    "lists have more than": header(0, 1, key("a", LIST, struct.pack("<IQ", UINT8, HUGE))),
    "lists have more than 4,000,000": header(
        0, 2, *(key(n, LIST, struct.pack("<IQ", 0, 3_000_000), bytes(3_000_000)) for n in "ab")
    ),
    "a list of lists": header(0, 1, key("a", LIST, struct.pack("<IQIQ", LIST, 1, LIST, 1))),
    "an unknown kind, 99": header(0, 1, key("a", 99)),
    "gives 'a' twice": header(0, 2, key("a", UINT8, b"1"), key("a", UINT8, b"1")),
    "has 4,000,000,000 dimensions": header(1, 0, text("t") + struct.pack("<I", 4_000_000_000)),
    "ends before its tensor": header(1, 0, tensor("t", (HUGE, 2))),
    "ends before its tensor 't'": header(1, 0, tensor("t", (4,), offset=HUGE)),
    "number 77": header(1, 0, tensor("t", (4,), kind=77)),
    "in blocks of 32": header(1, 0, tensor("t", (33,), kind=int(Kind.Q4_1)), bytes(64)),
    "has the shape (0,)": header(1, 0, tensor("t", (0,)), bytes(64)),
    "the tensor 't' twice": header(2, 0, tensor("t", (1,)), tensor("t", (1,)), bytes(64)),
    "alignment is 0": header(0, 1, key("general.alignment", UINT32, struct.pack("<I", 0))),
    "alignment is 3": header(0, 1, key("general.alignment", UINT32, struct.pack("<I", 3))),
}


@pytest.mark.parametrize("said", HOSTILE)
def test_what_a_file_cannot_hold_is_said_before_memory_is_taken_for_it(said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(HOSTILE[said])
    with pytest.raises(UserError) as raised:
        read_header(tmp_path / "bad.gguf")
    assert said in str(raised.value)


def test_a_file_cut_off_anywhere_is_said_to_be(gguf_file: Path, tmp_path: Path) -> None:
    whole, cut = gguf_file.read_bytes(), tmp_path / "cut.gguf"
    for size in (*range(4, 600), len(whole) // 2, len(whole) - 64):
        cut.write_bytes(whole[:size])
        with pytest.raises(UserError, match=r"cut\.gguf cannot be read as a GGUF file: it (ends|holds|claims)"):
            read_header(cut)


def test_bytes_that_are_wrong_anywhere_in_the_header_bring_a_sentence_or_a_model(
    gguf_file: Path, tmp_path: Path
) -> None:
    whole, rng = gguf_file.read_bytes(), np.random.default_rng(0)
    for attempt in range(40):
        wrong = bytearray(whole)
        for at in rng.integers(4, 1_200, size=3):  # where the sizes of the model stand
            wrong[at] = rng.integers(256)
        path = tmp_path / f"wrong-{attempt}.gguf"
        path.write_bytes(wrong)
        try:
            add_model(str(path), tmp_path / "shelf")
        except UserError as error:
            assert "\n" not in str(error)
        path.unlink()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"general.architecture": "mamba"},
            "of the architecture 'mamba'; those that can be read are llama, qwen2, qwen3",
        ),
        ({"llama.expert_count": 8}, "'llama' with experts"),
        ({"general.type": "adapter"}, "holds a 'adapter' and no language model"),
        ({"split.count": 2}, "one part of several"),
        ({"llama.block_count": 1}, r"does not fit its own description: model\.layers\.1"),
        ({"llama.block_count": 100_000}, "claims 100,000 layers"),
        ({"llama.attention.head_count": 5}, "describes no model that can be made: .* heads"),
        ({"llama.embedding_length": None}, r"does not say a usable llama\.embedding_length"),
        ({"llama.attention.head_count": [2, 2]}, r"its llama\.attention\.head_count is no int"),
        ({"llama.rope.scaling.type": "longrope", "llama.rope.scaling.factor": 4.0}, "'longrope', that is not known"),
        ({"tokenizer.ggml.pre": "mystery"}, "by the rule 'mystery'; those known here are"),
        ({"tokenizer.ggml.model": "rwkv"}, "a tokenizer of the kind 'rwkv'"),
        ({"tokenizer.ggml.tokens": ["a", "a"]}, "tokens twice"),
        ({"tokenizer.ggml.merges": ["zz zz"]}, "'zz' and 'zz' into what is no token"),
    ],
)
def test_a_model_that_cannot_be_read_is_said_with_what_can(
    changed: dict[str, object], said: str, folders: Callable[[str], Path], gguf_files: ModuleType, tmp_path: Path
) -> None:
    architecture = changed.pop("general.architecture", None)
    path = gguf_files.write_gguf(folders("llama"), tmp_path / "Tiny.gguf", **changed)
    if architecture:
        path.write_bytes(path.read_bytes().replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0mamba", 1))
    with pytest.raises(UserError, match=said):
        add_model(str(path), tmp_path / "shelf")
    assert [one.name for one in (tmp_path / "shelf").iterdir()] == [".lock"]
