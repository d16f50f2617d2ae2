"""Whether two calls that read a file, or questions about its columns, are about the same file."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from agent.results.result import ColumnsAsked


def is_same_file(args: Mapping[str, Any], question: ColumnsAsked) -> bool:
    """Whether a call of `add_dataset` is about the file of a question."""
    if args.get("corrects") or question.corrects:
        return args.get("corrects") == question.corrects
    path = str(args.get("path") or "")
    return bool(path) and (path == question.path or _ends(path, question.path) or _ends(question.path, path))


def takes_place(new: ColumnsAsked, old: ColumnsAsked) -> bool:
    """Whether a question is asked instead of another one: of the same file, or of another by the same name."""
    if new.corrects or old.corrects:
        return new.corrects == old.corrects
    return PurePath(new.path).name == PurePath(old.path).name


def _ends(path: str, other: str) -> bool:
    return path.endswith(f"/{other}")
