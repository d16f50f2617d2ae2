"""What is known in a chat: the facts of its tools' results, indexed, and the calls that gave them."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.grounding.fact import Call, Fact, Subject
from agent.grounding.facts_of_results import facts_of
from agent.grounding.numbers import Evidence
from agent.grounding.titles import shortened, titles_of
from agent.words.names import Names, choice_params
from recmodels.metrics import METRICS, direction_of
from recmodels.models import MODELS

if TYPE_CHECKING:
    from agent.grounding.quoted import Quoted

DEFAULTS = "defaults"
DEFAULTS_OF = "defaults of "  # a model: the name of a trial of which only that is known
_TEXTS = (
    "reason",
    "rationale",
    "verdict",
    "details",
    "description",
    "note",
    "text",
    "shape",
    "goal",
    "why_not",
    "notes",
    "rule",
)
"""Attributes whose values are sentences."""


class Known:
    """Facts, calls, and the numbers of texts that are quoted in them; what is worked out of them is kept."""

    def __init__(
        self,
        *,
        facts: tuple[Fact, ...] = (),
        calls: tuple[Call, ...] = (),
        about: Subject | None = None,
        said: Evidence | None = None,
    ) -> None:
        """
        Args:
            about: What is spoken of where nothing else is named; None: what was explained, else the best.
            said: The person's words.
        """
        self.facts = facts
        self.calls = calls
        self.about = about
        self.said = Evidence.of() if said is None else said

    @classmethod
    def of(cls, calls: Sequence[Call], said: Iterable[object] = (), about: Subject | None = None) -> "Known":
        """What these calls found and the person said."""
        facts = settled(fact for call in calls for fact in facts_of(call.tool, call.result))
        first = cls(facts=facts, calls=tuple(calls), about=about, said=Evidence.of(*said))
        return cls(facts=tuple(map(first.named, facts)), calls=first.calls, about=about, said=first.said)

    def named(self, fact: Fact) -> Fact:
        """The fact of "defaults of sasrec" as one of the trial that ran them, where that is known."""
        return replace(
            fact, subject=self._named(fact.subject), minus=None if fact.minus is None else self._named(fact.minus)
        )

    def _named(self, subject: Subject) -> Subject:
        if not subject.name.startswith(DEFAULTS_OF) or subject.kind != "trial":
            return subject
        return self.defaults(subject.study, subject.name.removeprefix(DEFAULTS_OF)) or subject

    @functools.cached_property
    def by_subject(self) -> dict[Subject, list[Fact]]:
        found: dict[Subject, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact.subject, []).append(fact)
        return found

    @functools.cached_property
    def quoted(self) -> list["Quoted"]:
        """The numbers of texts in results, with whom they are of."""
        from agent.grounding.quoted import quoted_of  # it reads texts with what is known

        texts: dict[str, list[Subject]] = {}
        for fact in self.facts:
            if isinstance(fact.value, str) and _has_number(fact):
                texts.setdefault(fact.value, []).append(fact.subject)
        return [one for text, about in texts.items() for one in quoted_of(text, self, tuple(dict.fromkeys(about)))]

    @functools.cached_property
    def said_values(self) -> frozenset[float]:
        return self.said.values

    @functools.cached_property
    def by_id(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    @functools.cached_property
    def studies(self) -> tuple[str, ...]:
        of_trials = (fact.subject.study for fact in self.facts if fact.subject.kind == "trial" and fact.subject.study)
        told = (fact.subject.name for fact in self.facts if fact.subject.kind == "study")
        return tuple(dict.fromkeys((*told, *of_trials)))

    @functools.cached_property
    def study(self) -> str:
        """The one at hand: that of the last result with one."""
        hand = [f.subject.name for f in self.facts if f.attribute == "is_at_hand" and f.value is True]
        trials = [fact.subject.study for fact in self.facts if fact.subject.kind == "trial" and fact.subject.study]
        return (hand or trials or self.studies or ("",))[-1]

    @functools.cached_property
    def datasets(self) -> tuple[str, ...]:
        named = [str(f.value) for f in self.facts if f.attribute == "dataset"]
        return tuple(dict.fromkeys([*named, *(f.subject.name for f in self.facts if f.subject.kind == "dataset")]))

    @functools.cached_property
    def items(self) -> tuple[str, ...]:
        return tuple(subject.name for subject in self.by_subject if subject.kind == "item")

    @functools.cached_property
    def titles(self) -> dict[str, tuple[Subject, ...]]:
        """Items by the titles that their texts begin with, whole and as people shorten them."""
        whole: dict[str, Subject] = {}
        for fact in self.facts:
            if fact.subject.kind == "item" and fact.attribute == "text":
                for title in titles_of(str(fact.value)):
                    whole.setdefault(title, fact.subject)
        short: dict[str, set[Subject]] = {}
        for title, subject in whole.items():
            for head in shortened(title):
                short.setdefault(head, set()).add(subject)
        found = {title: (subject,) for title, subject in whole.items()}
        return {**{head: tuple(subjects) for head, subjects in short.items() if len(subjects) == 1}, **found}

    @functools.cached_property
    def names(self) -> Names:
        return Names(datasets=self.datasets, studies=tuple(name for name in self.studies if name))

    @functools.cached_property
    def _by_key(self) -> dict[tuple[Subject, str], list[Fact]]:
        found: dict[tuple[Subject, str], list[Fact]] = {}
        for fact in self.facts:
            if fact.minus is None:
                found.setdefault((fact.subject, fact.attribute), []).append(fact)
        return found

    @functools.cached_property
    def numbers(self) -> dict[str, list[Fact]]:
        """The facts whose values are numbers, by attribute; differences aside."""
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            if fact.minus is None and fact.number is not None:
                found.setdefault(fact.attribute, []).append(fact)
        return found

    @functools.cached_property
    def has_test(self) -> bool:
        """Whether something measured on test is known."""
        return any(fact.part == "test" for fact in self.facts)

    @functools.cached_property
    def confidences(self) -> frozenset[float]:
        """Of intervals: 0.95."""
        return frozenset({0.95} | {f.number for f in self.facts if f.attribute.endswith("confidence") and f.number})

    @functools.cached_property
    def params(self) -> frozenset[str]:
        """The names of params that results give values of."""
        return frozenset(fact.attribute for fact in self.facts if fact.is_param)

    @functools.cached_property
    def valued(self) -> frozenset[str]:
        """The names of attributes of trials and candidates, whatever their values are."""
        return frozenset(f.attribute for f in self.facts if f.subject.kind in ("trial", "candidate"))

    @functools.cached_property
    def worded(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """Values of params that are words, in small letters and digits alone: the params that have it, and the value."""
        found: dict[str, tuple[tuple[str, ...], str]] = {}
        for value, params in choice_params().items():
            names = tuple(name for name in params if name in self.valued)
            if names:
                found[re.sub(r"[^a-z0-9]", "", value.lower())] = (names, value.lower())
        return found

    @functools.cached_property
    def models(self) -> frozenset[str]:
        """The models whose params are known."""
        return frozenset(s.study for s in self.by_subject if s.kind == "param")

    @functools.cached_property
    def differences(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.minus is not None)

    def values(self, subject: Subject, attribute: str) -> list[Fact]:
        """The facts of a subject with this attribute, differences aside."""
        return self._by_key.get((subject, attribute), [])

    def value(self, subject: Subject, attribute: str, *, is_test: bool = False) -> object:
        """The last value of a subject's attribute; None where it is unknown.

        Args:
            is_test: Of a metric: as measured on test, and not on validation.
        """
        found = [fact for fact in self.values(subject, attribute) if (fact.part == "test") == is_test]
        return found[-1].value if found else None

    def number(self, subject: Subject, attribute: str, *, is_test: bool = False) -> float | None:
        """The same where it is a number."""
        found = [
            fact.number
            for fact in self.values(subject, attribute)
            if fact.number is not None and (fact.part == "test") == is_test
        ]
        return found[-1] if found else None

    def trial(self, number: object, study: str = "") -> Subject | None:
        """The trial of that number in the study at hand, else in any."""
        here = Subject(kind="trial", name=str(number), study=study or self.study)
        if str(number) in self._heard:
            return here
        others = [s for s in self.by_subject if s.kind == "trial" and s.name == str(number)]
        return here if here in self.by_subject else others[-1] if others and not study else None

    @functools.cached_property
    def topic(self) -> Subject | None:
        """What "it" is where nothing was said before: the trial that was explained last, else the best."""
        if self.about is not None:
            return self.about
        told = [call.result.get("trial") for call in self.calls if call.tool == "explain_trial" and call.is_done]
        if len(set(map(str, told))) > 1:
            return None
        study, _, number = str(told[-1] if told else "").rpartition("/")
        return Subject(kind="trial", name=number, study=study) if number else self.best()

    @functools.cached_property
    def _heard(self) -> frozenset[str]:
        """The trials that results only name: in texts, and in lists such as the group of the best."""
        texts = [str(f.value) for f in self.facts if isinstance(f.value, str)]
        found = {n for text in texts for n in re.findall(r"(?:\btrials? |\band |, |/)(\d+)\b", text)}
        lists = ("group", "front", "best", "defaults", "proposed", "closest", "running", "latest")
        numbers = [f.number for f in self.facts if f.attribute.rpartition(".")[2] in lists and f.number is not None]
        return frozenset(found | {f"{number:.0f}" for number in numbers})

    def may_be(self, number: int) -> bool:
        """Whether a trial of that number may have run, though no result tells of it."""
        about = Subject(kind="study", name=self.study)
        n = max((self.number(about, name) or 0.0 for name in ("n_finished", "n_all", "n_trials")), default=0.0)
        return not self.is_whole() and (not n or number < n)

    def says(self, text: str) -> bool:
        """Whether a text of a result holds this sentence, word for word."""
        bare = re.sub(r"\W+", " ", text).strip().lower()
        return len(bare) > 20 and any(bare in one for one in self._texts)

    @functools.cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(re.sub(r"\W+", " ", f.value).lower() for f in self.facts if isinstance(f.value, str))

    def trials(self, study: str = "") -> list[Subject]:
        """The trials of a study that are known and not only proposed."""
        return self._trials.get(study or self.study, [])

    @functools.cached_property
    def _trials(self) -> dict[str, list[Subject]]:
        found: dict[str, list[Subject]] = {}
        for one in self.by_subject:
            if one.kind == "trial" and one.name.isdigit() and not self.is_only_proposed(one):
                found.setdefault(one.study, []).append(one)
        return found

    def is_only_proposed(self, trial: Subject) -> bool:
        return bool(self.values(trial, "is_proposed")) and not self.values(trial, "state")

    def objective(self, study: str = "") -> str:
        """What the study optimises."""
        study = study or self.study
        if study not in self._objectives:
            self._objectives[study] = self._objective(study)
        return self._objectives[study]

    @functools.cached_property
    def _objectives(self) -> dict[str, str]:
        return {}

    def _objective(self, study: str) -> str:
        return str(self.value(Subject(kind="study", name=study), "objective") or "") or next(
            (str(f.value) for f in self.facts if f.attribute == "objective" and f.subject.study in ("", study)), ""
        )

    def is_whole(self, study: str = "") -> bool:
        """Whether every trial of the study is known."""
        study = study or self.study
        about = Subject(kind="study", name=study)
        counts = [self.number(about, name) for name in ("n_finished", "n_all")]
        n = max((count for count in counts if count is not None), default=None)
        return n is not None and len(self.trials(study)) >= n

    def ranking(self, attribute: str = "", study: str = "") -> list[Subject]:
        """The complete trials, best first by an attribute; by the objective where none is named."""
        study = study or self.study
        attribute = attribute or self.objective(study)
        complete = [t for t in self.trials(study) if self.value(t, "state") in ("complete", None)]
        valued = [(self.number(t, attribute), t) for t in complete]
        known = [(value, t) for value, t in valued if value is not None]
        return [t for value, t in sorted(known, key=lambda pair: -sign_of(attribute) * pair[0])]

    def best(self, study: str = "") -> Subject | None:
        study = study or self.study
        about = Subject(kind="study", name=study)
        number = next((n for name in ("best", "best_so_far") if (n := self.value(about, name)) is not None), None)
        if number is not None:
            return Subject(kind="trial", name=str(number), study=study)
        first = next((t for t in self.trials(study) if self.value(t, "rank") == 1), None)
        return first or next(iter(self.ranking("", study) if self.is_whole(study) else ()), None)

    def defaults(self, study: str = "", model: str = "") -> Subject | None:
        """The trial that ran a model's defaults: as a result says, else one whose params are the declared ones."""
        study = study or self.study
        number = self.value(Subject(kind="study", name=study), "defaults")
        named = None if number is None else Subject(kind="trial", name=str(number), study=study)
        if named is not None and (not model or self.value(named, "model") in (model, None)):
            return named
        of_model = [t for t in self.trials(study) if not model or self.value(t, "model") == model]
        proposed = [t for t in of_model if self.value(t, "proposer") == DEFAULTS]
        told = [s for s in self.by_subject if s.kind == "trial" and s.name in (f"{DEFAULTS_OF}{model}",)]
        told = told or [s for s in self.by_subject if not model and s.name.startswith(DEFAULTS_OF)]
        return next(iter([*proposed, *filter(self.has_declared_params, of_model), *told]), None)

    def has_declared_params(self, trial: Subject) -> bool:
        """Whether the trial's params are its model's declared defaults, epochs aside, which a study may hold."""
        entry = MODELS.get(str(self.value(trial, "model")))
        known = {name: value for name in self.params if (value := self.value(trial, name)) is not None}
        if entry is None or len(known) < 3:
            return False
        declared = {name: param.default for name, param in entry.space.items() if name != "epochs"}
        return all(known[name] == value for name, value in declared.items() if name in known)


def sign_of(attribute: str) -> int:
    """1 where more is better."""
    name = attribute.partition("@")[0]
    if name in METRICS:
        return 1 if direction_of(attribute) == "maximize" else -1
    return -1 if attribute.endswith(("_s", "_ms", "rank")) else 1


def settled(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts without those of sentences that are known exactly."""
    found = tuple(facts)
    exact = {(fact.subject, fact.attribute, fact.minus, fact.part) for fact in found if not fact.is_told}
    return tuple(f for f in found if not f.is_told or (f.subject, f.attribute, f.minus, f.part) not in exact)


def _has_number(fact: Fact) -> bool:
    last = fact.attribute.rpartition(".")[2]
    return last in _TEXTS and any(char.isdigit() for char in str(fact.value))
