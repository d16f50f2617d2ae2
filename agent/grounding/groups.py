"""Those that a sentence counts among: trials, listed items, params, candidates, contenders, baselines, studies."""

import re
from dataclasses import dataclass

from agent.grounding.fact import Kind, Subject
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.words.digits import COUNTS
from recmodels.models import MODELS

_NOUNS: tuple[tuple[Kind, str], ...] = (
    ("trial", r"trials?|runs?|configurations?|configs?|attempts?|tries|experiments?"),
    ("item", r"items?|books?|titles?|films?|movies?|products?|suggestions?|recommendations?|songs?|scores?|places|entries|picks"),
    ("param", r"params?|parameters?|hyper-?parameters?|knobs?|settings?"),
    ("candidate", r"candidates?|alternatives?|options?"),
    ("contender", r"contenders?"),
    ("baseline", r"baselines?"),
    ("study", r"studies"),
)  # fmt: skip
_NOUN = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _NOUNS), re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Those that are counted, as a noun of a sentence names them."""

    kind: Kind
    members: tuple[Subject, ...]
    start: int  # of the noun
    end: int
    is_whole: bool = True  # no member is unknown
    is_part: bool = False  # those on the front alone


def groups_of(sentence: Sentence, known: Known) -> list[Group]:
    """The nouns of the sentence that name a group of which members are known, in its order."""
    found = []
    for match in _NOUN.finditer(sentence.text):
        if any(who.start <= match.start() < who.end and who.role != "model" for who in sentence.whos):
            continue
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        members = members_of(kind, sentence, known)
        if members:
            is_part = kind == "trial" and bool(_on_front(sentence, known))
            is_whole = is_part or kind != "trial" or known.is_whole(study_of(sentence, known))
            found.append(
                Group(
                    kind=kind,
                    members=members,
                    start=match.start(),
                    end=match.end(),
                    is_whole=is_whole,
                    is_part=is_part,
                )
            )
    return found


def members_of(kind: Kind, sentence: Sentence, known: Known) -> tuple[Subject, ...]:
    """All of a kind that the sentence may count among."""
    study = study_of(sentence, known)
    if kind == "trial":
        return (
            _sliced(sentence, tuple(known.ranking("", study)))
            or _on_front(sentence, known)
            or tuple(known.trials(study))
        )
    of_kind = [subject for subject in known.by_subject if subject.kind == kind]
    if kind == "item":
        ranked = sorted(
            (known.number(s, "rank") or 0.0, s.name, s) for s in of_kind if known.number(s, "rank") is not None
        )
        listed = tuple(s for _, _, s in ranked)
        return _sliced(sentence, listed) or listed
    if kind == "param":
        models = [str(span.value) for span in sentence.said.of("model")]
        owned = [s for s in of_kind if s.study in models] or of_kind
        return tuple(s for s in owned if s.study in MODELS)
    return tuple(of_kind)


_FIRST = re.compile(
    r"\bthe (?P<end>first|top|best|last|bottom|worst) (?P<n>two|three|four|five|six|seven|eight|nine|\d)\s+(?:\w+\s+)?(?:trials|runs|items|books|films|movies|titles|recommendations|suggestions)\b(?!\s+(?:are|were)\s+trials)",
    re.I,
)


def _sliced(sentence: Sentence, ranked: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The first three books, where the sentence speaks of them."""
    match = _FIRST.search(sentence.text)
    n = COUNTS.get(match["n"].lower()) or int(match["n"]) if match else 0
    if not match or n >= len(ranked):
        return ()
    is_by_time = match["end"].lower() in ("first", "last") and ranked[0].kind == "trial"
    ranked = tuple(sorted(ranked, key=lambda one: int(one.name))) if is_by_time else ranked
    return ranked[:n] if match["end"].lower() in ("first", "top", "best") else ranked[-n:]


_FRONT = re.compile(r"(?<!are )(?<!is )(?<!were )(?<!lie )(?<!sit )(?<!be )\bon the (?:pareto )?front\b", re.I)


def _on_front(sentence: Sentence, known: Known) -> tuple[Subject, ...]:
    """The trials on the front, where the sentence speaks of them alone."""
    names = {f"{f.number:.0f}" for f in known.numbers.get("front", ()) if f.number is not None}
    if not names or not _FRONT.search(sentence.text):
        return ()
    return tuple(t for t in known.trials(study_of(sentence, known)) if t.name in names)


def study_of(sentence: Sentence, known: Known) -> str:
    """The study that the sentence names, else the one at hand."""
    named = [s.name for who in sentence.whos for s in who.subjects if s.kind == "study"]
    return named[0] if named else known.study
