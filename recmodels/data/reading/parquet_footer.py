"""What the footer of a Parquet file promises, read before any of its data: how many values, how large, how deep.

Source: the Apache Parquet format (parquet.thrift), in Thrift's compact protocol.
"""

import struct
from dataclasses import dataclass
from typing import Any

MAGIC = b"PAR1"
MAX_FOOTER_BYTES = 16 << 20
_MAX_NESTING = 16  # of Thrift structs; Parquet has about six
_WIDTHS = {0: 1, 1: 4, 2: 8, 3: 12, 4: 4, 5: 8}  # bytes in memory by physical type; text takes 16 and more
_TEXT_WIDTH = 16

Struct = dict[int, Any]  # field id → value, as Thrift numbers them


class FooterError(ValueError):
    """The footer is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """Bounds on what the file takes in memory."""

    n_columns: int  # leaves of the schema
    depth: int
    n_bytes: int  # of all values unpacked, at least


def read_footer(data: bytes) -> Footer:
    """The footer of a whole file.

    Raises:
        FooterError: There is none, or it is damaged.
    """
    size = int.from_bytes(data[-8:-4], "little")
    if len(data) < 12 or data[-4:] != MAGIC or size > len(data) - 12 or size > MAX_FOOTER_BYTES:
        raise FooterError("its footer is missing, cut off or too large")
    try:
        meta = _Compact(data[-8 - size : -8]).struct()
        schema, groups = meta[2], meta.get(4, [])
        chunks = [column[3] for group in groups for column in group.get(1, []) if 3 in column]
        n_values = sum(abs(chunk[5]) * _WIDTHS.get(chunk[1], _TEXT_WIDTH) for chunk in chunks)
        n_unpacked = sum(abs(chunk[6]) for chunk in chunks)
        depth = _depth([element.get(5, 0) for element in schema])
        n_columns = sum(not element.get(5, 0) for element in schema)
    except (IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise FooterError("its footer is damaged") from error
    return Footer(n_columns=n_columns, depth=depth, n_bytes=max(n_values, n_unpacked))


def _depth(n_children: list[int]) -> int:
    """Of the schema, a tree in preorder; the root does not count."""
    open_nodes: list[int] = []
    deepest = 0
    for n in n_children:
        while open_nodes and open_nodes[-1] == 0:
            open_nodes.pop()
        if open_nodes:
            open_nodes[-1] -= 1
        deepest = max(deepest, len(open_nodes))
        open_nodes.append(n)
    return deepest


class _Compact:
    """A reader of Thrift's compact protocol, for any schema."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, nesting: int = 0) -> Struct:
        if nesting > _MAX_NESTING:
            raise FooterError("its footer is nested too deep")
        fields: Struct = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            kind = head & 15
            fields[field] = kind == 1 if kind in (1, 2) else self._value(kind, nesting)
        return fields

    def _value(self, kind: int, nesting: int) -> Any:
        if kind in (1, 2, 3):
            return self._byte()
        if kind in (4, 5, 6):
            return self._zigzag()
        if kind == 7:
            return struct.unpack("<d", self._bytes(8))[0]
        if kind == 8:
            return self._bytes(self._varint())
        if kind in (9, 10):
            return self._list(nesting)
        if kind == 11:
            return self._map(nesting)
        if kind == 12:
            return self.struct(nesting + 1)
        if kind == 13:
            return self._bytes(16)
        raise FooterError(f"its footer has a value of the unknown type {kind}")

    def _list(self, nesting: int) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        self._check_fits(size)
        return [self._value(head & 15, nesting + 1) for _ in range(size)]

    def _map(self, nesting: int) -> list[tuple[Any, Any]]:
        size = self._varint()
        self._check_fits(size)
        kinds = self._byte() if size else 0
        return [(self._value(kinds >> 4, nesting + 1), self._value(kinds & 15, nesting + 1)) for _ in range(size)]

    def _check_fits(self, size: int) -> None:
        if size > len(self._data) - self._at:  # each value takes a byte or more
            raise FooterError("its footer is cut off")

    def _byte(self) -> int:
        byte = self._data[self._at]
        self._at += 1
        return byte

    def _bytes(self, n: int) -> bytes:
        self._check_fits(n)
        self._at += n
        return self._data[self._at - n : self._at]

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise FooterError("its footer has a number that is too long")

    def _zigzag(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
