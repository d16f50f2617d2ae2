"""The mutants of source files, by cosmic-ray's operators and ours, and a seeded sample of them."""

import ast
import difflib
import random
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

from tests.mutation.dropping import DropArgument, DropStatement, DropTerm

# They need arguments, or ask whether two equal strings are one object.
_LEFT_OUT = {"VariableReplacer", "VariableInserter"}
_LEFT_OUT |= {f"ReplaceComparisonOperator_{name}" for name in ("Eq_Is", "NotEq_IsNot", "Is_Eq", "IsNot_NotEq")}


@dataclass(frozen=True)
class Mutant:
    """One change to one file."""

    path: str  # from the root of the repository
    line: int  # from 1, where the change is
    operator: str
    original: str
    source: str

    @cached_property
    def diff(self) -> tuple[str, ...]:
        """The lines that go, with `-`, and those that come, with `+`."""
        lines = difflib.unified_diff(self.original.splitlines(), self.source.splitlines(), lineterm="", n=0)
        return tuple(line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---"))

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from all others."""
        return (self.path, str(self.line), *self.diff)

    @property
    def statement(self) -> range:
        """The lines of the statement that holds the change; of one with a body, those before the body."""
        found = range(self.line, self.line + 1)
        for node in ast.walk(ast.parse(self.original)):
            if isinstance(node, ast.stmt) and node.lineno <= self.line <= (node.end_lineno or 0):
                body = getattr(node, "body", None)
                start = min([node.lineno, *(x.lineno for x in getattr(node, "decorator_list", ()))])
                end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or 0
                if self.line <= end:
                    found = range(start, end + 1)  # walked from the outside in, so that the last is the smallest
        return found


@cache
def operators() -> dict[str, Operator]:
    """By name, those that need no arguments."""
    provider = OperatorProvider()
    found = {name: provider[name]() for name in provider if name not in _LEFT_OUT}
    return found | {kind.__name__: kind() for kind in (DropTerm, DropArgument, DropStatement)}


def sampled(root: Path, paths: list[str], seed: int) -> Iterator[Mutant]:
    """All mutants in a random order in which each place comes once before any comes twice.

    Left out are those that say the same as another or as the original, annotations apart.
    """
    random_state = random.Random(seed)  # noqa: S311 - a sample, no secret
    sites = _sites(root, paths)
    for changes in sites.values():
        random_state.shuffle(changes)
    originals = {path: (root / path).read_text(encoding="utf-8") for path in paths}
    seen = {path: {_meaning(source)} for path, source in originals.items()}
    order = [
        (turn, random_state.random(), *site[:2], change)
        for site, many in sites.items()
        for turn, change in enumerate(many)
    ]
    for _, _, path, line, (name, occurrence) in sorted(order):
        source = mutate_code(originals[path], operators()[name], occurrence)
        meaning = source and _meaning(source)
        if meaning and meaning not in seen[path]:
            seen[path].add(meaning)
            yield Mutant(path=path, line=line, operator=name, original=originals[path], source=source)


def _sites(root: Path, paths: list[str]) -> dict[tuple[str, int, int], list[tuple[str, int]]]:
    """What can be done at each place: the operator and which of its occurrences it is."""
    found: dict[tuple[str, int, int], list[tuple[str, int]]] = defaultdict(list)
    for path in paths:
        nodes = list(ast_nodes(get_ast((root / path).read_text(encoding="utf-8"))))
        for name, operator in operators().items():
            positions = (start for node in nodes for start, _ in operator.mutation_positions(node))
            for occurrence, (line, column) in enumerate(positions):
                found[path, line, column].append((name, occurrence))
    return found


class _Unannotated(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _meaning(source: str) -> str | None:
    """None when it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(source)
            compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None
    return ast.dump(_Unannotated().visit(tree))
