"""Operators that cosmic-ray lacks: a term, a named argument or a statement is left out."""

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Operator

Positions = Iterator[tuple[tuple[int, int], tuple[int, int]]]


class DropTerm(Operator):
    """`a + b` to `a` and to `b`; the same for `*`, `and`, `|` and their kin."""

    _KINDS = ("arith_expr", "term", "and_test", "or_test", "expr", "and_expr")

    def mutation_positions(self, node: Any) -> Positions:
        if node.type in self._KINDS:
            for operand in node.children[::2]:
                yield operand.start_pos, operand.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        place = 2 * index
        del node.children[max(place - 1, 0) : max(place + 1, 2)]
        if not place:  # what was before the first operand stays
            first = node.children[0].get_first_leaf()
            first.prefix = first.prefix or " "
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropArgument(Operator):
    """`f(a, b=c)` to `f(a)`."""

    def mutation_positions(self, node: Any) -> Positions:
        for argument in self._named(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        argument = self._named(node)[index]
        place = node.children.index(argument)
        has_comma = node.type == "arglist" and place + 1 < len(node.children)
        del node.children[place : place + 1 + has_comma]
        return node

    @staticmethod
    def _named(node: Any) -> list[Any]:
        if node.type not in ("arglist", "trailer"):
            return []
        return [child for child in node.children if child.type == "argument" and child.children[1] == "="]

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropStatement(Operator):
    """A call for its effect, a change in place or an assignment to a part becomes `pass`."""

    def mutation_positions(self, node: Any) -> Positions:
        if node.type == "simple_stmt" and self._has_effect(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        prefix = node.children[0].get_first_leaf().prefix
        node.children[0] = parso.parse(f"{prefix}pass")
        return node

    @staticmethod
    def _has_effect(statement: Any) -> bool:
        if statement.type == "expr_stmt":
            is_changed_in_place = statement.children[1].type == "operator" and statement.children[1] != "="
            return statement.children[0].type != "name" or is_changed_in_place
        return statement.type in ("atom_expr", "power")

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()
