"""Bars side by side as a figure of the page: how often each of some ranges occurs."""

from functools import lru_cache

from agent.answers.wording import number
from ui.figures.canvas import at_work
from ui.figures.frame import framed
from ui.figures.picture import Picture, Table
from ui.figures.scales import Scale, between
from ui.figures.theme import SERIES
from ui.views.data_shape import PERIODS, Bars

HEIGHT = 110.0
_LABEL_PX = 46  # a label needs about so much


@lru_cache(maxsize=32)
def drawn(title: str, bars: Bars, of: str, width: int) -> Picture:
    """The bars, with a sentence and a table.

    Args:
        of: What is counted: rows, users, items.
        width: In CSS pixels.
    """
    n, longest = len(bars.counts), max(map(len, bars.labels))
    step = max(1, -(-n * max(_LABEL_PX, 8 * longest) // max(width - 60, 1)))
    ticks = tuple((float(i), bars.labels[i]) for i in range(min(step // 2, n - 1), n, step))
    x = Scale(label=bars.what, low=-0.6, high=n - 0.4, ticks=ticks)
    y = between(of, 0.0, max(1.0, 1.05 * max(bars.counts)), n=4, is_whole=True)
    with at_work():
        canvas, axes = framed(width, HEIGHT, x, y)
        axes.bar(range(n), bars.counts, width=0.8, color=SERIES[0], linewidth=0)
        drawing = canvas.done()
    all_, most, at = number(sum(bars.counts)), number(bars.counts[bars.most]), bars.labels[bars.most]
    where = (
        f"are of {at}, more than of any other {bars.what}"
        if bars.what in PERIODS
        else f"have {at} {'row' if at == '1' else 'rows'}, more than any other number"
    )
    return Picture(
        title=title,
        says=f"{title}: {most} of {all_} {of} {where}.",
        table=Table.of((bars.what, of), tuple(zip(bars.labels, bars.counts, strict=True))),
        drawing=drawing,
    )
