"""What tools gave back, as typed facts: one reader of all shapes, which knows trials, params, metrics and differences.

facts_of("study_status", result)
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.grounding.fact import Fact, Part, Subject, fact_id, unit_of
from agent.grounding.facts_of_texts import RESTS_ON, facts_of_text

Node = Mapping[str, Any]
_VALUES = ("value", "measured", "mean_value")  # of the objective
_RANGE = re.compile(r"\[\s*(?P<low>[-+.\deE]+),\s*(?P<high>[-+.\deE]+)\s*\]")


def facts_of(tool: str, result: Node) -> list[Fact]:
    """Every value in a tool's result, in its order."""
    if "error" in result:
        return []
    study = str(result.get("study") or "")
    if "/" in str(result.get("trial", "")) and not study:
        study = str(result["trial"]).rpartition("/")[0]
    reader = _Reader(study=study, objective=_objective(result))
    about = _study(study) if study else Subject(kind="dataset", name=str(result.get("dataset", tool)))
    found = list(reader.walk(result, about))
    return list({(fact.subject, fact.attribute, fact.minus, str(fact.value)): fact for fact in found}.values())


def _objective(result: Node) -> str:
    goal = re.search(r"(?:maximize|minimize) ([\w@]+)", str(result.get("goal", "")))
    told = re.search(r"\b[a-z_]+@\d+", str(result.get("found", "")))  # of a confirmation, which names no objective
    return str(result.get("objective") or (goal[1] if goal else told[0] if told else "value"))


def _study(name: str) -> Subject:
    return Subject(kind="study", name=name)


class _Reader:
    """Walks one result."""

    def __init__(self, *, study: str, objective: str) -> None:
        self._study = study
        self._objective = objective

    def walk(self, node: Node, subject: Subject, prefix: str = "") -> Iterator[Fact]:
        """The facts of a node, which may name a subject of its own."""
        if isinstance(node.get("study"), str) and node["study"]:
            self._study = node["study"]
        if isinstance(node.get("objective"), str):
            self._objective = node["objective"]
        own = self._subject(node)
        subject, prefix = (own, "") if own and own != subject else (subject, prefix)
        for key, value in node.items():
            yield from self._entry(key, value, node, subject, prefix)

    def _subject(self, node: Node) -> Subject | None:
        trial = node.get("trial")
        if isinstance(trial, str) and "/" in trial:
            study, _, number = trial.rpartition("/")
            return self._trial(number, study)
        if isinstance(trial, int):
            return self._trial(trial, str(node.get("study") or self._study))
        if isinstance(node.get("number"), int):
            return self._trial(node["number"])
        if "item" in node and "rank" in node:
            return Subject(kind="item", name=_bare(node["item"]))
        if "param" in node and "range" in node:
            return Subject(kind="param", name=str(node["param"]), study=str(node.get("model", "")))
        if "study" in node and isinstance(node["study"], str):
            return _study(node["study"])
        if isinstance(node.get("dataset"), str) or ("n_users" in node and "name" in node):
            return Subject(kind="dataset", name=str(node.get("dataset") or node.get("name") or ""))
        return None

    def _trial(self, number: object, study: str = "") -> Subject:
        return Subject(kind="trial", name=str(number), study=study or self._study)

    def _entry(self, key: str, value: Any, node: Node, subject: Subject, prefix: str) -> Iterator[Fact]:
        if special := _SPECIAL.get(key):
            with contextlib.suppress(AttributeError, IndexError, KeyError, TypeError, ValueError):  # of another shape
                yield from list(special(self, value, node, subject))
        elif isinstance(value, Mapping) and value and all(str(name).isdigit() for name in value):
            for number, one in value.items():
                yield from self._fact(self._trial(number), key, one)
        elif isinstance(value, Mapping):
            if key in ("best", "defaults") and isinstance(value.get("number", value.get("trial")), int):
                yield from self._fact(_study(self._study), key, value.get("number", value.get("trial")))
            yield from self.walk(value, subject, "" if key == "profile" else f"{prefix}{key}.")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from self._listed(key, value, subject, prefix)
        elif key in _VALUES and subject.kind == "trial" and not prefix:
            yield from self._fact(subject, self._objective, value)
        elif key not in ("trial", "number", "study", "item", "param"):
            yield from self._fact(subject, f"{prefix}{key}", value)

    def _listed(self, key: str, value: Sequence[Any], subject: Subject, prefix: str) -> Iterator[Fact]:
        if len(value) == 2 and key == "interval":
            yield from self._fact(subject, f"{prefix}low", value[0])
            yield from self._fact(subject, f"{prefix}high", value[1])
            return
        yield from self._fact(subject, f"n_listed.{key}", len(value))
        if key == "front" and all(isinstance(one, Mapping) for one in value):
            value = [*value, *(one["number"] for one in value if "number" in one)]
        for one in value:
            if isinstance(one, Mapping):
                yield from self.walk(one, subject)
            else:
                yield from self._fact(subject, f"{prefix}{key}", one)

    def _fact(self, subject: Subject, attribute: str, value: Any) -> Iterator[Fact]:
        if not isinstance(value, bool | int | float | str):
            return
        part: Part = ""
        name = attribute
        leads: tuple[tuple[str, Part], ...] = (("valid_", "validation"), ("test_", "test"))
        for lead, which in leads:
            if attribute.startswith(lead):
                part, name = which, attribute.removeprefix(lead)
        if "@" in name or name == self._objective:
            part = part or "validation"
        found = Fact(
            id=fact_id(subject, name), subject=subject, attribute=name, part=part, unit=unit_of(name), value=value
        )
        yield replace(found, value=_bare(value)) if isinstance(value, str) else found
        if isinstance(value, str) and " " in value:
            yield from facts_of_text(value, study=self._study, objective=self._objective)

    def _params(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        for fact in self._keyed(value, subject):
            yield replace(fact, is_param=fact.attribute not in ("model", "state"))

    def _keyed(self, value: Any, subject: Subject) -> Iterator[Fact]:
        """By name, and below it by trial where several are meant."""
        for name, one in value.items() if isinstance(value, Mapping) else ():
            if isinstance(one, Mapping):
                for number, its in one.items():
                    yield from self._fact(self._trial(number), name, its)
            else:
                yield from self._fact(subject, name, one)

    def _metrics(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        if isinstance(value, Mapping) and not all(isinstance(one, str) for one in value.values()):
            yield from self._keyed(value, subject)

    def _candidates(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        for place, one in enumerate(value or ()):
            about = Subject(kind="candidate", name=f"{one.get('source', '')} {place + 1}", study=self._study)
            yield from self._fact(about, "is_chosen", bool(one.get("chosen")))
            for name, own in (one.get("params") or {}).items():
                yield from self._fact(about, name, own)
            for name, own in (("expected", one.get("mean")), ("spread", one.get("spread"))):
                for whose in (about, subject) if one.get("chosen") else (about,):
                    yield from self._fact(whose, name, own)
            for whose in (about, subject) if one.get("chosen") else (about,):
                for name, own in zip(("expected.low", "expected.high"), one.get("interval") or (), strict=False):
                    yield from self._fact(whose, name, own)
                yield from self._fact(whose, "expected.confidence", one.get("confidence"))
            yield from self._fact(about, "model", one.get("model"))
            yield from self._fact(about, "reason", one.get("reason"))

    def _contenders(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        """Of a confirmation that could be made: the defaults of a model, and trials."""
        yield from self._fact(subject, "n_listed.contenders", len(value))
        for one in value:
            yield from self._fact(Subject(kind="contender", name=str(one), study=self._study), "is_contender", True)

    def _proposal(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        if isinstance(value, Mapping):
            yield from self.walk(value, subject)
            yield from self._fact(_study(self._study), "proposed", value.get("number"))
            yield from self._fact(self._trial(value.get("number", "")), "is_proposed", True)
            if best := RESTS_ON.search(str(value.get("rationale"))):
                yield from self._fact(_study(self._study), "best_so_far", int(best["n"]))

    def _paired(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        if not isinstance(value, Mapping) or "mean_difference" not in value:
            return
        if isinstance(value["of"], list):  # of an earlier version: the second minus the first
            minus, of = map(self._trial, value["of"])
        else:
            of, minus = self._trial(value["of"]), self._trial(value["minus"])
        yield _difference(
            of, minus, value["metric"], value["mean_difference"], value["low"], value["high"], value["is_clear"]
        )
        for name in ("confidence", "n_users", "n_seeds"):
            yield from self._fact(_study(self._study), f"paired.{name}", value.get(name))

    def _gain(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        best, defaults = node.get("best"), node.get("defaults")
        if value and best and defaults:
            of, minus = value.get("of", best["number"]), value.get("minus", defaults["number"])
            ends = (self._trial(of), self._trial(minus))
            is_clear = node.get("is_clear_gain")
            yield _difference(*ends, self._objective, value["mean"], value["low"], value["high"], is_clear)

    def _baselines(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        yield from self._fact(_study(self._study), "n_listed.baselines", len(value or ()))
        for one in value or ():
            about = Subject(kind="baseline", name=str(one["model"]), study=self._study)
            for key, own in one.items():
                yield from self._fact(about, self._objective if key == "value" else key, own)

    def _importance(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        of = subject.name if subject.kind == "model" else self._study
        for name, own in value.items() if isinstance(value, Mapping) else ():
            yield from self._fact(Subject(kind="param", name=name, study=of), "importance", own)

    def _intervals(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        """From where to where the importance of each param goes."""
        of = subject.name if subject.kind == "model" else self._study
        for name, ends in value.items() if isinstance(value, Mapping) else ():
            if isinstance(ends, Sequence) and not isinstance(ends, str) and len(ends) == 2:
                about = Subject(kind="param", name=name, study=of)
                yield from self._fact(about, "importance.low", ends[0])
                yield from self._fact(about, "importance.high", ends[1])

    def _models(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        if isinstance(value, Sequence):
            yield from self._fact(subject, "n_listed.models", len(value))
            for one in value:
                yield from self._fact(subject, "models", one)
            return
        for model, own in value.items():
            about = Subject(kind="model", name=model, study=self._study)
            if isinstance(own, Mapping):
                yield from self.walk(own, about)
            else:
                yield from self._fact(about, "n_listed.params", len(own))
                for param in own:
                    yield from self.walk({**param, "model": model}, about)

    def _range(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        yield from self._ends(value, subject, "")

    def _declared(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        """The range that a model declares, where the study searches another."""
        yield from self._ends(value, subject, "declared.")

    def _ends(self, value: Any, subject: Subject, prefix: str) -> Iterator[Fact]:
        match = _RANGE.search(str(value))
        if match:
            yield from self._fact(subject, f"{prefix}low", float(match["low"]))
            yield from self._fact(subject, f"{prefix}high", float(match["high"]))
        for choice in () if match else str(value).split(", "):
            yield from self._fact(subject, f"{prefix}choice", _typed(choice))

    def _rows(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        columns = node.get("columns")
        yield from self._fact(subject, "n_listed.rows", len(value))
        if not columns:
            for one in value:
                if isinstance(one, Mapping):
                    yield from self.walk(one, subject)
            return
        for row in value:
            named = dict(zip(columns, row, strict=False))
            about = self._trial(named.get("number", ""))
            for name, own in named.items():
                if name != "number":
                    yield from self._fact(about, self._objective if name == "value" else name, own)

    def _changed(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        for name, pair in value.items() if isinstance(value, Mapping) else ():
            yield from self._fact(subject, name, pair[0])

    def _of(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        """Which trial a difference is of; of a place, among how many it is."""
        return iter(()) if "minus" in node else self._fact(subject, "of", value)

    def _nothing(self, value: Any, node: Node, subject: Subject) -> Iterator[Fact]:
        return iter(())


_SPECIAL = {
    "params": _Reader._params,
    "given": _Reader._nothing,
    "metrics": _Reader._metrics,
    "values": _Reader._metrics,
    "considered": _Reader._candidates,
    "contenders": _Reader._contenders,
    "proposal": _Reader._proposal,
    "pending": _Reader._proposal,
    "paired": _Reader._paired,
    "gain": _Reader._gain,
    "baselines": _Reader._baselines,
    "importance": _Reader._importance,
    "intervals": _Reader._intervals,
    "models": _Reader._models,
    "range": _Reader._range,
    "declared": _Reader._declared,
    "rows": _Reader._rows,
    "changed": _Reader._changed,
    "differs": _Reader._changed,
    "focus": _Reader._nothing,
    "part": _Reader._nothing,
    "of": _Reader._of,
    "minus": _Reader._nothing,
}
"""Keys whose values are read in their own way."""


def _difference(
    subject: Subject, minus: Subject, metric: str, mean: float, low: float, high: float, is_clear: bool | None
) -> Fact:
    return Fact(
        id=f"t{subject.name}-t{minus.name}.{metric}",
        subject=subject,
        minus=minus,
        attribute=metric,
        part="validation",
        value=mean,
        low=low,
        high=high,
        is_clear=is_clear,
    )


def _typed(text: str) -> float | str | bool:
    if text in ("True", "False"):
        return text == "True"
    try:
        return float(text)
    except ValueError:
        return text


def _bare(value: object) -> str:
    """A quoted text without its quotation marks."""
    return str(value).strip("“”")
