"""A change to the body of a function, made in a process that has the module imported: its code is exchanged."""

import gc
from collections import defaultdict
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType

Key = tuple[str, str, int]  # the file, the function's qualified name and its first line


def functions_of(folder: str) -> dict[Key, list[FunctionType]]:
    """All functions of files in a folder that exist in this process."""
    found: dict[Key, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename.startswith(folder):
            found[_key(thing.__code__)].append(thing)
    return found


def changes(
    file: str, original: str, source: str, functions: dict[Key, list[FunctionType]]
) -> list[tuple[list[FunctionType], CodeType]] | None:
    """The functions to change and their new code; None when the change is not only in the bodies of functions."""
    pairs = _pairs(compile(original, file, "exec"), compile(source, file, "exec"))
    if pairs is None or len({_key(old) for old, _ in pairs}) < len(pairs):
        return None
    found = [(functions.get(_key(old), []), new) for old, new in pairs]
    if any(not known or known[0].__code__.co_freevars != new.co_freevars for known, new in found):
        return None
    return found


def _key(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _pairs(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The functions below two module or class bodies that differ; None when the bodies themselves do."""
    if (old.co_code, old.co_names, len(old.co_consts)) != (new.co_code, new.co_names, len(new.co_consts)):
        return None
    pairs: list[tuple[CodeType, CodeType]] = []
    for a, b in zip(old.co_consts, new.co_consts, strict=True):
        if not (isinstance(a, CodeType) and isinstance(b, CodeType)):
            if (type(a), repr(a)) != (type(b), repr(b)):
                return None
        elif not a.co_flags & CO_OPTIMIZED:  # the body of a class
            below = _pairs(a, b)
            if below is None:
                return None
            pairs += below
        elif a != b:
            if a.co_qualname != b.co_qualname:
                return None
            pairs.append((a, b))
    return pairs
