"""The names in a message: models, params, metrics, samplers, splits, and what the person's own home holds.

Every word stands where its thing is declared: `words` of a model, a metric, a param, a sampler or a split. A word
misspelt by a letter or two is read as the name next to it, and marked, so that it is said back.
"""

import re
from collections.abc import Sequence

from agent.words.declared import declared, parted
from agent.words.digits import COUNTS
from agent.words.file_names import paths
from agent.words.lexicon import choice_params
from agent.words.misspelt import misspelt
from agent.words.numbered import trials, users
from agent.words.own_names import Names, own
from agent.words.quantities import quantities_in
from agent.words.said import Said, Span
from agent.words.spelling import ORDINARY
from agent.words.wide import narrow

__all__ = ["ORDINARY", "Names", "choice_params", "read"]


def read(text: str, names: Names = Names()) -> Said:  # noqa: B008  frozen
    """The message with its names and amounts marked."""
    text = _ABBREVIATED.sub(r"\1 ", narrow(text))
    split = parted(text, {*names.datasets, *names.studies})
    found = _settled([*paths(split, names.files), *own(split, names), *declared(split), *users(split), *trials(split)])
    found += misspelt(_blanked(split, found), names)
    rest = _blanked(split, found)
    amounts = [Span(kind=q.kind, value=q.value, start=q.start, end=q.end, parts=q.parts) for q in quantities_in(rest)]
    return Said(text, [*found, *amounts])


_ABBREVIATED = re.compile(
    rf"(?<![\w.])(?<!\d )(max|min|approx|ca|i\.e|e\.g)\.(?=\s*\.?\d|\s+(?:{'|'.join(COUNTS)}|an?|half)\b)",
    re.IGNORECASE,
)
"""A full stop that ends a word and no sentence: "max. 5"."""
_PRIORITY = (
    "path",
    "study",
    "dataset",
    "user",
    "trial",
    "split",
    "sampler",
    "metric",
    "model",
    "param",
    "choice",
    "number",
)


def _settled(candidates: Sequence[Span]) -> list[Span]:
    """Of spans that overlap the longest, then the surer kind."""
    kept: list[Span] = []
    for span in sorted(candidates, key=lambda s: (s.start - s.end, _PRIORITY.index(s.kind))):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + "\ue000" * (span.end - span.start) + text[span.end :]
    return text
