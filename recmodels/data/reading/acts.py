"""Columns of kinds of events (view, purchase) or of how orders ended (paid, refunded): what their rows count as."""

import re
from collections.abc import Iterator

import polars as pl

from recmodels.data.act_words import KIND_NAMES, meaning_of
from recmodels.data.checks import CHECK
from recmodels.data.column_names import OUTCOME, plain
from recmodels.data.reading.schema import Schema
from recmodels.data.reading.table import Table, shown
from recmodels.data.reading.verdict_words import are_verdicts

_MAX_KINDS = 20  # that a column may name
_SAMPLED = 10_000  # rows
_SAID = 6  # kinds in a note
_UNDONE = re.compile(
    r".*(refund|cancell?ed|cancell?ation|fail|void|declined|charge ?back|charged ?back|disputed|rejected|reversed|"
    r"returned|expired|abandoned|uncaptured|storniert|erstattet|annul|remboursé|reembolsad|cancelad|退款|取消|отмен|возврат).*"
)
_DONE = re.compile(
    r".*(paid|succe|complete|captured|authori[sz]ed|pending|processing|on-?hold|shipped|delivered|fulfilled|open|draft|"
    r"closed|confirmed|approved|settled|已完成|已支付).*"
)
_STATUS_NAME = re.compile(r".*(status|state|zustand|estado|statut|stato|状态|статус)")


def names_acts(values: pl.Series) -> bool:
    """Whether the values are kinds of events, such as view, addtocart and transaction, or verdicts."""
    kinds = _kinds(values)
    if are_verdicts(kinds):
        return True
    return len(kinds) > 1 and sum(map(_is_act, kinds)) > len(kinds) / 2


def _is_act(kind: str) -> bool:
    return meaning_of(kind) is not None or OUTCOME.fullmatch(re.sub(r"[^a-z]", "", kind.lower())) is not None


def names_kinds(name: str, values: pl.Series) -> bool:
    """Whether the values are kinds of events, or one is and the column is called so: `action`."""
    return names_acts(values) or (plain(name) in KIND_NAMES and any(map(_is_act, _kinds(values))))


def tells_status(name: str, values: pl.Series) -> bool:
    """Whether the values say how orders or payments ended, and that some came to nothing."""
    kinds = [kind.lower() for kind in _kinds(values)]
    n_undone = sum(_UNDONE.fullmatch(kind) is not None for kind in kinds)
    n_told = sum((_UNDONE.fullmatch(kind) or _DONE.fullmatch(kind)) is not None for kind in kinds)
    return n_undone > 0 and (_STATUS_NAME.fullmatch(plain(name)) is not None or n_told > len(kinds) / 2)


def notes_on_kinds(table: Table, schema: Schema) -> Iterator[str]:
    """What the rows of each kind count as, a sentence a column; none for what is the same in all rows of an item."""
    for name, is_status in _columns_of_kinds(table, schema):
        if _is_of_items(table, schema, name):
            continue
        yield _on_status(name, table.frame[name]) if is_status else _on_acts(table, schema, name)


def kind_columns(table: Table, schema: Schema) -> list[str]:
    """The columns that name kinds of events, such as view and purchase."""
    return [name for name, is_status in _columns_of_kinds(table, schema) if not is_status]


def _columns_of_kinds(table: Table, schema: Schema) -> Iterator[tuple[str, bool]]:
    """Each column of kinds, and whether it says how orders ended."""
    if table.kind in ("sequences", "attributes"):
        return
    used = schema.columns(table)
    for name in (name for name, dtype in table.frame.schema.items() if name not in used and dtype == pl.String):
        values = table.frame[name]
        is_status = tells_status(name, values)
        if not (is_status or names_kinds(name, values)) or are_verdicts(_kinds(values)):
            continue
        yield name, is_status


def _kinds(values: pl.Series) -> pl.Series:
    """The different ones of a sample; none where there are too many."""
    if values.dtype != pl.String:
        return pl.Series(dtype=pl.String)
    kinds = values.head(_SAMPLED).drop_nulls().unique()
    return kinds if 2 <= len(kinds) <= _MAX_KINDS else kinds.clear()


def _is_of_items(table: Table, schema: Schema, name: str) -> bool:
    pairs = table.frame.select(schema.item, name)
    return pairs.n_unique() == pairs[schema.item].n_unique()


def _on_status(name: str, values: pl.Series) -> str:
    counts = [(kind, n) for kind, n in _counts(values) if _UNDONE.fullmatch(kind.lower())]
    return (
        f"{CHECK}`{shown(name, 40)}` says that rows came to nothing: {_listed(counts)}; they count as events like the "
        f"others; where they should not, {_way(name, '!=', *(kind for kind, _ in counts))} leaves them out"
    )


def _on_acts(table: Table, schema: Schema, name: str) -> str:
    said = f"`{shown(name, 40)}` names kinds of events: {_listed(_counts(table.frame[name]))}"
    spans = _spans(table, schema.weight, name) if schema.weight else []
    if len({low == high for _, low, high in spans}) < 2:
        kinds = [kind for kind, _ in _counts(table.frame[name])]
        return f"{said}; all count as events alike{_unless_weighed(kinds)}; {_way(name, '=', kinds[0])} keeps one kind"
    parts = (f"{shown(kind, 30)} {f'{low:g}' if low == high else f'{low:g} to {high:g}'}" for kind, low, high in spans)
    return (
        f"{CHECK}{said}; `{schema.weight}` is another thing for each ({', '.join(parts)}), and all are read as one "
        f"weight: {_way(name, '=', spans[0][0])} keeps one kind, `--column weight=` reads none"
    )


def _unless_weighed(kinds: list[str]) -> str:
    """How to weigh the rarest known kind and the most frequent one, where both are one word."""
    rare = next((kind for kind in reversed(kinds[1:]) if _is_act(kind)), None)
    if rare is None or not all(re.fullmatch(r"[^\W\d_]{1,30}", kind) for kind in (rare, kinds[0])):
        return " unless `--outcome` weighs them"
    return f' unless `--outcome "{rare}=10,{kinds[0]}=1"` weighs them'


def _way(name: str, sign: str, *kinds: str) -> str:
    """How to say which kinds are kept, or left out."""
    return f'`recpilot data add` with `--where "{shown(name, 40)}{sign}{"|".join(shown(kind, 40) for kind in kinds)}"`'


def _spans(table: Table, weight: str, name: str) -> list[tuple[str, float, float]]:
    """Kind, lowest and highest weight."""
    number = pl.col(weight).cast(pl.Float64, strict=False)
    spans = table.frame.group_by(name).agg(number.min().alias("low"), number.max().alias("high")).drop_nulls()
    return sorted(spans.select(name, "low", "high").iter_rows())[:_SAID]


def _counts(values: pl.Series) -> list[tuple[str, int]]:
    counts = values.drop_nulls().value_counts(sort=True, name="n")
    return [(str(kind), int(n)) for kind, n in counts.iter_rows()]


def _listed(counts: list[tuple[str, int]]) -> str:
    few = ", ".join(f"{shown(kind, 30)} ({n:,} rows)" for kind, n in counts[:_SAID])
    return few + (f" and {len(counts) - _SAID} more" if len(counts) > _SAID else "")
