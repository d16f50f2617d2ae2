"""Facts in the sentences of this project that results hold: what a confirmation read on test, what a prediction rests on.

facts_of_text("On test: trial 6 0.2392 (95 % interval [0.2221, 0.2558])", study="demo-1", objective="ndcg@10")
"""

import re
from collections.abc import Iterator

from agent.grounding.fact import Fact, Part, Subject, fact_id

_NUMBER = r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
_INTERVAL = rf"\[(?P<low>{_NUMBER}), (?P<high>{_NUMBER})\]"
_WHO = r"[Tt]rial \d+|[Dd]efaults of \w+|\w+ \(baseline\)"
_TESTED = re.compile(rf"(?P<who>{_WHO}) (?P<value>{_NUMBER}) \(95 % interval {_INTERVAL}\)")
_GAINED = re.compile(
    rf"(?P<who>{_WHO}) (?:is clearly (?:better|worse) than|and) (?P<other>{_WHO})(?: was seen)?: "
    rf"(?P<value>{_NUMBER}) (?P<metric>[\w@]+) on test, 95 % interval {_INTERVAL}"
)
_CHOSEN = re.compile(
    rf"Chosen on validation: (?P<who>{_WHO}) with (?P<metric>[\w@]+) (?P<value>{_NUMBER}) ± (?P<error>{_NUMBER})"
    r".*? over (?P<n>\d+) seeds?"
)
_OPTIMISM = re.compile(rf"best trial had shown a value (?P<value>{_NUMBER}) (?P<way>higher|lower) than its mean")
RESTS_ON = re.compile(rf"best of which is trial (?P<n>\d+) with (?P<value>{_NUMBER})")


_BOUND = re.compile(rf"(?P<metric>[a-z_]+(?:@\d+)?) (?P<sign>>=|<=) (?P<value>{_NUMBER})")


def facts_of_text(text: str, *, study: str, objective: str) -> Iterator[Fact]:
    """What one sentence of a result says as facts; nothing where it is of another kind."""
    for match in _TESTED.finditer(text):
        who = _subject(match["who"], study)
        ends = {"low": _value(match["low"]), "high": _value(match["high"])}
        yield _fact(who, objective, _value(match["value"]), "test", **ends)
    for match in _GAINED.finditer(text):
        first, second = _subject(match["who"], study), _subject(match["other"], study)
        yield Fact(
            id=f"test.{fact_id(first, second.name)}",
            subject=first,
            minus=second,
            attribute=match["metric"],
            part="test",
            value=_value(match["value"]),
            low=_value(match["low"]),
            high=_value(match["high"]),
            is_clear="is clearly" in match[0],
            is_told=True,
        )
    for match in _CHOSEN.finditer(text):
        who = _subject(match["who"], study)
        yield _fact(who, f"mean.{match['metric']}", _value(match["value"]), "validation")
        yield _fact(who, "spread", _value(match["error"]), "validation")
        yield _fact(Subject(kind="study", name=study), "n_seeds", _value(match["n"]), "")
    for match in _BOUND.finditer(text):
        yield _fact(Subject(kind="study", name=study), f"bound.{match['metric']}", _value(match["value"]), "")
    for match in _OPTIMISM.finditer(text):
        sign = 1 if match["way"] == "higher" else -1
        yield _fact(Subject(kind="study", name=study), "optimism", sign * _value(match["value"]), "")
    for match in RESTS_ON.finditer(text):
        about = Subject(kind="trial", name=match["n"], study=study)
        yield _fact(about, objective, _value(match["value"]), "validation")


def _subject(text: str, study: str) -> Subject:
    lead, _, name = text.rpartition(" ")
    if lead.lower() == "trial":
        return Subject(kind="trial", name=name, study=study)
    if lead.lower() == "defaults of":
        return Subject(kind="trial", name=f"defaults of {name}", study=study)
    return Subject(kind="baseline", name=lead, study=study)


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _fact(
    subject: Subject, attribute: str, value: float, part: Part, low: float | None = None, high: float | None = None
) -> Fact:
    return Fact(
        id=f"{part}.{fact_id(subject, attribute)}" if part == "test" else fact_id(subject, attribute),
        subject=subject,
        attribute=attribute,
        part=part,
        value=value,
        low=low,
        high=high,
        is_told=True,
    )
