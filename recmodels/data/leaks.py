"""What tells the answers in a dataset: an input that knows its label, parts that share rows, a test before train."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.examples import Examples
from recmodels.data.interactions import Interactions

MAX_AUC = 0.95  # of one input alone; nothing known before a recommendation tells so much
MAX_EXPLAINED = 0.9  # of the variance of ratings
MIN_ROWS = 20  # of a value, before what its labels are says anything
MIN_LABELS = 10  # of each kind, before an AUC says anything
CHANCE = 1e-6  # that the labels of a value are all the same by luck, for all values together
MIN_SHARED = 0.01  # of the rows of test
MIN_BACKWARDS = 0.1  # of the users in both parts
_SAMPLED = 200_000  # rows


def leaks(interactions: Interactions) -> tuple[str, ...]:
    """A sentence for each; none for data that keep to themselves what they ask for."""
    examples = interactions.all_examples()
    return (
        *_telling_inputs(examples, examples.target(interactions.columns.get("weight", ""))),
        *_shared_rows(interactions),
        *_backwards(interactions),
    )


def _telling_inputs(examples: Examples, target: str | None) -> Iterator[str]:
    if examples.context is None or examples.labels is None or target is None:
        return
    step = max(len(examples) // _SAMPLED, 1)
    labels = pl.Series("label", examples.labels[::step].astype(np.float64))
    for column in examples.context.gather_every(step):
        value = column.alias("value")
        told = _told_by_value(value, labels) if target == "label" and not value.dtype.is_float() else None
        if target == "rating":
            share = _explained(value, labels)
            told = f"explains {share:.0%} of the ratings" if share > MAX_EXPLAINED else None
        elif told is None and (auc := _auc_alone(value, labels)) > MAX_AUC:
            told = f"has an AUC of {auc:.2f}"
        if told:
            yield (
                f"the input `{column.name}` alone {told}, which is beyond belief for what is known before a "
                f"recommendation; if it is known only after, leave it out: `ignore={column.name}`"
            )


def _told_by_value(value: pl.Series, labels: pl.Series) -> str | None:
    """Which value of a category has the same label in all of its rows, far beyond luck."""
    groups = (
        pl.DataFrame([value, labels])
        .drop_nulls()
        .group_by("value")
        .agg(pl.len().alias("n"), pl.col("label").mean().alias("rate"))
        .filter((pl.col("n") >= MIN_ROWS) & pl.col("rate").is_in([0.0, 1.0]))
        .sort("n", "value", descending=[True, False])
    )
    rate, n_values = float(labels.mean()), value.n_unique()  # type: ignore[arg-type]  # labels are numbers
    for shown, n, label in groups.iter_rows():
        luck = (rate if label else 1 - rate) ** n
        if luck * n_values < CHANCE:
            return f"tells the label ({n:,} rows have {str(shown)[:40]!r}, all of them labelled {label:.0f})"
    return None


def _auc_alone(value: pl.Series, labels: pl.Series) -> float:
    """The AUC of an input without a model: a category's rates come from every other row, and are tried on the rest."""
    if value.dtype.is_float():
        is_known = value.is_not_null()
        return _auc(value.filter(is_known).to_numpy(), labels.filter(is_known).to_numpy(), either_way=True)
    rates, tried = _rates_of_half(value, labels)
    return _auc(rates, tried, either_way=False)


def _explained(value: pl.Series, labels: pl.Series) -> float:
    """The share of the labels' variance on one half of the rows that the other half's means by value explain."""
    if value.dtype.is_float():
        value = value.round(1).cast(pl.String)
    means, tried = _rates_of_half(value, labels)
    spread = float(np.var(tried)) if len(tried) >= MIN_ROWS else 0.0
    return 0.0 if not spread else 1 - float(np.mean((tried - means) ** 2)) / spread


def _rates_of_half(value: pl.Series, labels: pl.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The mean label of each row's value among the even rows, and its own label; (m,) each, of the odd rows."""
    rows = pl.DataFrame([value, labels]).with_row_index("row")
    even, odd = rows.filter(pl.col("row") % 2 == 0), rows.filter(pl.col("row") % 2 == 1)
    means = even.group_by("value").agg(pl.col("label").mean().alias("mean"))
    joined = odd.join(means, on="value", how="left", nulls_equal=True, maintain_order="left")
    return joined["mean"].fill_null(even["label"].mean()).to_numpy(), joined["label"].to_numpy()


def _auc(scores: npt.NDArray[np.float64], labels: npt.NDArray[np.float64], *, either_way: bool) -> float:
    """The area under the ROC curve, ties counted half (Mann and Whitney 1947); 0.5 where there are too few rows."""
    n_yes = int((labels > 0).sum())
    n_no = len(labels) - n_yes
    if min(n_yes, n_no) < MIN_LABELS:
        return 0.5
    ranks = pl.Series(scores).rank("average").to_numpy()
    auc = float((ranks[labels > 0].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))
    return max(auc, 1 - auc) if either_way else auc


def _shared_rows(interactions: Interactions) -> Iterator[str]:
    """Rows of the data's own test that stand in its train too: the same user and item and, where known, context."""
    examples = interactions.all_examples()
    if (parts := examples.given_split) is None:
        return
    rows, same = pl.DataFrame({"user": examples.users, "item": examples.items}), ["user", "item"]
    if interactions.times is not None and interactions.time_kind == "timestamp":
        rows, same = rows.with_columns(time=examples.times), [*same, "time"]
    if examples.context is not None:
        rows, same = rows.hstack(examples.context.rename(lambda name: f" {name}")), [*same, "inputs"]
    test, train = rows.filter(parts == 2), rows.filter(parts == 0)
    n_shared = test.join(train, on=rows.columns, how="semi", nulls_equal=True).height
    if n_shared > MIN_SHARED * test.height:
        yield (
            f"{n_shared:,} of {test.height:,} rows of test stand in train too (the same {', '.join(same)}), where a "
            "model only has to remember"
        )


def _backwards(interactions: Interactions) -> Iterator[str]:
    """Users of whom the data's own test has a row before the last of train."""
    parts, times = interactions.given_split, interactions.times
    if parts is None or times is None or interactions.time_kind != "timestamp":
        return
    rows = pl.DataFrame({"user": interactions.users, "time": times, "part": parts})
    last = rows.filter(pl.col("part") == 0).group_by("user").agg(pl.col("time").max().alias("last"))
    first = rows.filter(pl.col("part") == 2).group_by("user").agg(pl.col("time").min().alias("first"))
    both = last.join(first, on="user")
    n_backwards = int((both["first"] < both["last"]).sum())
    if both.height and n_backwards >= MIN_BACKWARDS * both.height:
        yield (
            f"time runs backwards between the data's own parts: of {n_backwards:,} of {both.height:,} users a row of "
            "test is older than the last one of train, so that models learn from what came later"
        )
