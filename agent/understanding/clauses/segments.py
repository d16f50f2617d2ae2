"""From clauses to requests: neighbouring clauses that ask for the same become one, with its act and mood."""

import math
from dataclasses import dataclass

from agent.understanding.clauses.corrections import marker_between
from agent.understanding.clauses.reader import ClauseReading, Reading
from agent.words.said import Said

_SWITCH = 1.2  # log probability that a change of act between neighbouring clauses costs
_SURE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Neighbouring clauses that ask for one thing."""

    label: str  # a tool, an action of `control_study`, or "none"
    parts: tuple[tuple[int, int], ...]
    confidence: float  # of the label, the mean over the clauses
    moods: dict[str, float]  # the mean over the clauses
    runners_up: tuple[str, ...]  # the next likely labels
    clauses: tuple[ClauseReading, ...] = ()

    @property
    def tool(self) -> str:
        """The tool alone."""
        return self.label.partition(":")[0]

    @property
    def action(self) -> str | None:
        """Of `control_study`."""
        return self.label.partition(":")[2] or None

    @property
    def mood(self) -> str:
        """The likeliest mood."""
        return max(self.moods, key=lambda mood: self.moods[mood])


def segments(reading: Reading) -> list[Segment]:
    """The segments in order, those that ask for nothing too."""
    path = _likeliest(reading.clauses)
    found: list[list[ClauseReading]] = []
    labels: list[str] = []
    for clause, label in zip(reading.clauses, path, strict=True):
        if labels and labels[-1] == label:
            found[-1].append(clause)
        else:
            found.append([clause])
            labels.append(label)
    return [_segment(label, group) for label, group in zip(labels, found, strict=True)]


def _likeliest(clauses: tuple[ClauseReading, ...]) -> list[str]:
    """The labels with the greatest probability, where a change costs (Viterbi)."""
    if not clauses:
        return []
    labels = list(clauses[0].acts)
    scores = {label: math.log(max(clauses[0].acts[label], 1e-9)) for label in labels}
    back: list[dict[str, str]] = []
    for clause in clauses[1:]:
        best = max(scores, key=lambda label: scores[label])
        came = {label: label if scores[label] >= scores[best] - _SWITCH else best for label in labels}
        scores = {
            label: math.log(max(clause.acts[label], 1e-9))
            + (scores[label] if came[label] == label else scores[best] - _SWITCH)
            for label in labels
        }
        back.append(came)
    path = [max(scores, key=lambda label: scores[label])]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def _segment(label: str, clauses: list[ClauseReading]) -> Segment:
    n = len(clauses)
    total = {name: sum(clause.acts[name] for clause in clauses) / n for name in clauses[0].acts}
    others = sorted((name for name in total if name != label), key=lambda name: -total[name])[:2]
    return Segment(
        label=label,
        parts=tuple((clause.start, clause.end) for clause in clauses),
        confidence=max(clause.acts[label] for clause in clauses),
        moods={mood: sum(clause.moods[mood] for clause in clauses) / n for mood in clauses[0].moods},
        runners_up=tuple(others),
        clauses=tuple(clauses),
    )


_ONCE = {
    "start_study": "dataset",
    "recommend_items": "user",
    "run_trial": "param",
    "predict": "param",
    "explain_trial": "trial",
    "extend_study": "study",
}
"""What a call of a tool holds once: a second one in a later clause makes a second call."""


def parted(said: Said, segment: Segment) -> list[list[tuple[int, int]]]:
    """The clauses of each call, where one segment asks for the same tool twice: "one with dropout 0.4 and one with 0.1"."""
    kind = _ONCE.get(segment.tool)
    groups: list[list[tuple[int, int]]] = [[]]
    seen: set[object] = set()
    for start, end in segment.parts:
        here = {span.value for span in said.of(kind, start=start, end=end)} if kind else set()
        again = here & seen if kind == "param" else here - seen if seen else set()
        if groups[-1] and again and not marker_between(said, groups[-1][0][0], start):
            groups.append([])
            seen = set()
        groups[-1].append((start, end))
        seen |= here
    return groups
