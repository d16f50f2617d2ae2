"""The header of a GGUF file -> its metadata and where its tensors lie, with every count checked against the file first.

The reader of the library `gguf` believes what a file says: a list that claims 2**60 numbers fills the memory.
Source: the GGUF specification in the documentation of ggml.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGUF_DEFAULT_ALIGNMENT, GGMLQuantizationType

from agent.errors import UserError

_VERSIONS = (2, 3)
_MAX_KEYS, _MAX_TENSORS, _MAX_DIMENSIONS = 4_096, 65_536, 4
_MAX_LISTED = 4_000_000  # values in all lists together; a vocabulary of 256,000 tokens with its merges has a million
_MAX_TEXT = 1 << 20  # bytes of one text; a chat template has some 10,000
_MAX_ALIGNMENT = 1 << 16
_STRING, _LIST = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Where one tensor lies."""

    name: str
    shape: tuple[int, ...]  # as torch has it, rows first
    kind: GGMLQuantizationType
    start: int  # in the file
    n_bytes: int

    @property
    def n_rows(self) -> int:
        return math.prod(self.shape[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a file says before its weights."""

    path: Path
    metadata: Mapping[str, Any]
    tensors: Mapping[str, Tensor]

    def text(self, key: str) -> str:
        """Metadata that is a text; empty where there is none.

        Raises:
            UserError: It is of another kind, as in all of these.
        """
        return str(self._checked(key, str, ""))

    def number(self, key: str) -> int | None:
        """Metadata that is one whole number; None where there is none."""
        found = self._checked(key, int, None)
        return None if found is None else int(found)

    def real(self, key: str) -> float | None:
        """Metadata that is one number; None where there is none."""
        found = self._checked(key, float, None)
        return None if found is None else float(found)

    def flag(self, key: str) -> bool | None:
        """Metadata that is true or false; None where there is none."""
        found = self._checked(key, bool, None)
        return None if found is None else bool(found)

    def texts(self, key: str) -> list[str]:
        """Metadata that is a list of texts; empty where there is none."""
        return self._listed(key, str)

    def numbers(self, key: str) -> list[int]:
        """Metadata that is a list of whole numbers."""
        return self._listed(key, int)

    def reals(self, key: str) -> list[float]:
        """Metadata that is a list of numbers."""
        return self._listed(key, float)

    def _checked(self, key: str, kind: type, default: Any) -> Any:
        value = self.metadata.get(key, default)
        if value is not default and not isinstance(value, kind):
            raise UserError(f"{self.path.name} cannot be used: its {key} is no {kind.__name__}")
        return value

    def _listed(self, key: str, kind: type) -> list[Any]:
        found: list[Any] = self._checked(key, list, [])
        if not all(isinstance(one, kind) for one in found):
            raise UserError(f"{self.path.name} cannot be used: its {key} is no list of {kind.__name__}")
        return found


def read_header(path: Path) -> GgufHeader:
    """The header of a file of versions 2 and 3.

    Raises:
        UserError: It is no such file, is cut off, or claims what it cannot hold; one sentence.
    """
    try:
        with path.open("rb") as file:
            return _Reading(path, file).header()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error


class _Reading:
    """One pass over a header."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._size = path.stat().st_size
        self._at = 0
        self._n_listed = 0

    def header(self) -> GgufHeader:
        if self._take(4) != b"GGUF":
            raise UserError(f"{self._path.name} is no GGUF file")
        version = self._number("I")
        if version not in _VERSIONS:
            raise self._damaged(f"its version is {version}, and {_VERSIONS[0]} and {_VERSIONS[1]} can be read here")
        n_tensors = self._count("tensors", _MAX_TENSORS)
        n_keys = self._count("keys", _MAX_KEYS)
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._text()
            if key in metadata:
                raise self._damaged(f"it gives {key!r} twice")
            metadata[key] = self._value(self._number("I"))
        claimed = [self._tensor() for _ in range(n_tensors)]
        return GgufHeader(path=self._path, metadata=metadata, tensors=self._placed(claimed, metadata))

    def _tensor(self) -> tuple[str, tuple[int, ...], int, int]:
        """Name, shape, the number of its kind, and its start behind the header."""
        name, n_dimensions = self._text(), self._number("I")
        if not 1 <= n_dimensions <= _MAX_DIMENSIONS:
            raise self._damaged(f"its tensor {name!r} has {n_dimensions:,} dimensions")
        shape = tuple(self._number("Q") for _ in range(n_dimensions))
        return name, tuple(reversed(shape)), self._number("I"), self._number("Q")

    def _placed(
        self, claimed: list[tuple[str, tuple[int, ...], int, int]], metadata: Mapping[str, Any]
    ) -> dict[str, Tensor]:
        alignment = metadata.get("general.alignment", GGUF_DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= _MAX_ALIGNMENT or alignment & (alignment - 1):
            raise self._damaged(f"its alignment is {alignment}")
        first = -(-self._at // alignment) * alignment
        found: dict[str, Tensor] = {}
        for name, shape, kind, offset in claimed:
            if name in found:
                raise self._damaged(f"it gives the tensor {name!r} twice")
            found[name] = self._at_its_place(name, shape, kind, first + offset)
        return found

    def _at_its_place(self, name: str, shape: tuple[int, ...], number: int, start: int) -> Tensor:
        try:
            kind = GGMLQuantizationType(number)
        except ValueError:
            raise self._damaged(f"its tensor {name!r} is quantised in a way (number {number}) not known here") from None
        block, block_bytes = GGML_QUANT_SIZES[kind]
        if min(shape) < 1 or shape[-1] % block:
            raise self._damaged(f"its tensor {name!r} has the shape {shape}, in blocks of {block}")
        n_bytes = math.prod(shape) // block * block_bytes
        if start + n_bytes > self._size:
            raise self._damaged(f"it ends before its tensor {name!r} does, as after a download that broke off")
        return Tensor(name=name, shape=shape, kind=kind, start=start, n_bytes=n_bytes)

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._text()
        if kind == _LIST:
            return self._list(self._number("I"))
        if kind not in _SCALARS:
            raise self._damaged(f"it holds a value of an unknown kind, {kind}")
        return _shortest(self._number(_SCALARS[kind]), _SCALARS[kind])

    def _list(self, kind: int) -> list[Any]:
        n = self._number("Q")
        self._n_listed += n
        if self._n_listed > _MAX_LISTED:
            raise self._damaged(f"its lists have more than {_MAX_LISTED:,} values")
        if kind == _STRING:
            return [self._text() for _ in range(n)]
        if kind not in _SCALARS:
            raise self._damaged("it holds a list of lists")
        code = _SCALARS[kind]
        return list(struct.unpack(f"<{n}{code}", self._take(n * struct.calcsize(f"<{code}"))))

    def _text(self) -> str:
        n = self._number("Q")
        if n > _MAX_TEXT:
            raise self._damaged(f"it holds a text of {n:,} bytes")
        return self._take(n).decode("utf-8", errors="replace")

    def _count(self, what: str, most: int) -> int:
        n: int = self._number("Q")
        if n > most:
            raise self._damaged(f"it claims {n:,} {what}")
        return n

    def _number(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self._take(struct.calcsize(f"<{code}")))[0]

    def _take(self, n: int) -> bytes:
        if n > self._size - self._at:
            raise self._damaged("it ends in the middle of its header")
        self._at += n
        return self._file.read(n)

    def _damaged(self, why: str) -> UserError:
        return UserError(f"{self._path.name} cannot be read as a GGUF file: {why}")


def _shortest(value: Any, code: str) -> Any:
    """1e-05 for the nearest number of 32 bits, 9.999999747378752e-06."""
    return float(str(np.float32(value))) if code == "f" else value
