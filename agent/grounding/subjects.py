"""Whom a sentence speaks of: trials by number, the best, the defaults, models, baselines, items, "it"."""

import re
from dataclasses import dataclass, replace

from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.words.digits import COUNTS
from agent.words.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A place where a sentence names whom it speaks of."""

    start: int
    end: int
    subjects: tuple[Subject, ...]  # one; several of a model: its trials and its baseline; none: unknown
    is_pronoun: bool = False
    role: str = ""  # best, defaults, second, worst

    @property
    def trial(self) -> Subject | None:
        """The one trial that it is, also of a model that only one trial ran."""
        trials = [subject for subject in self.subjects if subject.kind == "trial"]
        return trials[0] if len(trials) == 1 else None

    @property
    def one(self) -> Subject | None:
        return self.subjects[0] if len(self.subjects) == 1 else None


_TRIAL = r"(?:trial|run|one|result|configuration|params?|model|setting|settings|try|attempt|contender)s?"
_ROLES = (
    ("best", rf"(?:the |this |our )?(?:(?<!its )(?<!their )(?<!second[- ])(?<!next[- ])(?<!at )best(?: so far)?(?: {_TRIAL})?|winner|winning {_TRIAL}|leader|leading {_TRIAL}|top {_TRIAL}|front[- ]?runner)"),
    ("second", rf"(?:the )?(?:runner[- ]up|second[- ]best(?: {_TRIAL})?|next[- ]best(?: {_TRIAL})?)"),
    ("defaults", rf"(?:the |its )?(?:(?<!no )(?<!at their )(?<!at its )(?<!at the )(?:defaults|default(?= (?:{_TRIAL}|got|reach|scor|came|gave)))(?! (?:of|for|value|is|was|range))(?: {_TRIAL})?|untuned {_TRIAL})|(?:the )?defaults (?:of|for) (?:the )?(?:model|[a-z_]+)"),
    ("slowest", r"(?:the )?slowest (?:trial|run|one)|the slowest(?= (?:took|needed|\d))"),
    ("fastest", r"(?:the )?(?:fastest|quickest) (?:trial|run|one)|the (?:fastest|quickest)(?= (?:took|needed|\d))"),
    ("worst", rf"(?:the )?(?:worst|weakest|poorest)(?: {_TRIAL})?"),
    ("next", r"(?:the |my |our )?(?:next|proposed|pending|coming|upcoming) (?:trial|one|proposal|run)|(?:the |my |this )?proposal"),
    ("pruned", r"(?:the |only )+pruned (?:trial|run|one)|the (?:trial|one|run) that was pruned"),
    ("failed", r"(?:the |only )+failed (?:trial|run|one)|the (?:trial|one|run) that failed"),
    ("first", r"(?:the )?(?:very )?first (?:trial|run)"),
    ("last", r"(?:the )?(?:last|latest|final) (?:trial|run)"),
)  # fmt: skip
_PATTERNS = [(role, re.compile(rf"(?<![\w@])(?:{words})(?!\w)", re.I)) for role, words in _ROLES]
_PRONOUN = re.compile(
    r"(?<!\w)(?:it|its|this trial|that trial|this run|this one|that one|the trial)(?!\w|\s*#?\d)", re.I
)
_NO_MODEL = ("popular", "most popular")
_BASELINE = re.compile(r"\s*(?:\(\s*)?baseline", re.I)


def whos_of(said: Said, known: Known, before: tuple[Who, ...] = ()) -> list[Who]:
    """The subjects that a sentence names, in its order.

    Args:
        before: Those of the sentence before, which a pronoun stands for.
    """
    study = _study_of(said, known)
    found = [_trial(span, said.text, known, study) for span in said.of("trial")]
    found += _numbered(said.text, known)
    for role, pattern in _PATTERNS:
        for match in pattern.finditer(said.text):
            subject = _its_defaults(role, match, said, known, study) or subject_of(role, known, study)
            if subject is None and role == "defaults":
                subject = Subject(kind="trial", name="defaults", study=study)
            found.append(Who(start=match.start(), end=match.end(), subjects=(subject,) if subject else (), role=role))
    found = [_apposed(who, found, said.text) for who in found]
    found += [_model(s, said, known, study) for s in said.of("model") if said.words(s).lower() not in _NO_MODEL]
    found += [
        Who(start=s.start, end=s.end, subjects=(Subject(kind=s.kind, name=str(s.value)),))  # type: ignore[arg-type]
        for s in said.of("dataset", "study")
    ]
    found += _items(said.text, known)
    found += _defaults_of_models(said, known, study)
    found += _best_of_models(said, known, study)
    found = [who for who in found if not _is_of_model(who, said)]
    found = [_item_behind(who, found, known) for who in _apart(found)]
    return sorted([*found, *_pronouns(said.text, found, before)], key=lambda who: who.start)


def _pronouns(text: str, found: list[Who], before: tuple[Who, ...]) -> list[Who]:
    """What "it" stands for: the trial that the sentence began with, else that of the sentence before."""
    matches = list(_PRONOUN.finditer(text))
    trials = sorted((w for w in found if w.subjects and w.subjects[0].kind == "trial"), key=lambda who: who.start)
    if not matches:
        return []
    models = [who for who in found if who.role == "model" and who.start < matches[0].start()]
    if trials and trials[0].start < matches[0].start():
        meant = trials[0].subjects
    elif models or (
        trials
        and before
        and before[0].role == "topic"
        and not re.search(r"than|that of|over|from|to", text[matches[0].end() : trials[0].start], re.I)
    ):  # ease at its defaults; it expected 0.2 of trial 6
        meant = ()
    else:
        meant = before[0].subjects if before else ()
    return [Who(start=m.start(), end=m.end(), subjects=meant, is_pronoun=True) for m in matches if meant]


_DEFAULT_RUN = re.compile(
    r"(?:'s)?\s+defaults?\b(?!\s+(?:value|of|for|is|learning|dropout))(?:\s+(?:run|trial|model|config\w*))?", re.I
)
_DEFAULT_BEFORE = re.compile(r"\b(?:the\s+)?(?:default|untuned|plain)\s+$", re.I)


_BEST_OF = re.compile(r"\b(?:the\s+)?(?P<role>best|strongest|top|worst|weakest)\s+(?:of the\s+)?$", re.I)


def _best_of_models(said: Said, known: Known, study: str) -> list[Who]:
    """The best BPR-MF run."""
    found = []
    for span in said.of("model"):
        before = _BEST_OF.search(said.text, 0, span.start)
        after = re.compile(r"\s+(?:trials?|runs?|one|model|result)\b", re.I).match(said.text, span.end)
        order = [t for t in known.ranking("", study) if known.value(t, "model") == str(span.value)]
        if before and after and order and known.is_whole(study):
            trial = order[0] if before["role"].lower() in ("best", "strongest", "top") else order[-1]
            found.append(Who(start=before.start(), end=after.end(), subjects=(trial,), role="of model"))
    return found


def _defaults_of_models(said: Said, known: Known, study: str) -> list[Who]:
    """The SASRec defaults; the default EASE: the trial that ran them, else the baseline of that name."""
    found = []
    for span in said.of("model"):
        after = _DEFAULT_RUN.match(said.text, span.end)
        before = _DEFAULT_BEFORE.search(said.text, 0, span.start)
        if not after and not before:
            continue
        baseline = Subject(kind="baseline", name=str(span.value), study=study)
        subject = known.defaults(study, str(span.value)) or (baseline if baseline in known.by_subject else None)
        start, end = before.start() if before else span.start, after.end() if after else span.end
        found += [Who(start=start, end=end, subjects=(subject,), role="defaults")] if subject else []
    return found


def _apposed(who: Who, found: list[Who], text: str) -> Who:
    """Of "trial 0, the defaults of bpr_mf": the trial itself."""
    before = [
        one
        for one in found
        if one.role == "trial" and one.end <= who.start and re.fullmatch(r"\s*[,(]\s*", text[one.end : who.start])
    ]
    is_part = who.role == "defaults" and re.match(r"(?:the )?defaults\s+(?:of|for)\b", text[who.start :], re.I)
    return replace(who, subjects=before[0].subjects) if before and is_part else who


def _study_of(said: Said, known: Known) -> str:
    named = [str(span.value) for span in said.of("study")]
    return named[0] if named and named[0] in known.studies else known.study


_NUMBERED = re.compile(r"(?<![\w/.])(?P<study>[A-Za-z][\w.-]*)/(?P<n>\d+)(?![\w/])")


def _numbered(text: str, known: Known) -> list[Who]:
    """Trials by their whole name: demo-1/6."""
    return [
        Who(
            start=m.start(),
            end=m.end(),
            subjects=(subject,) if (subject := known.trial(m["n"], m["study"])) else (),
            role="trial",
        )
        for m in _NUMBERED.finditer(text)
    ]


def _trial(span: object, text: str, known: Known, study: str) -> Who:
    subject = known.trial(span.value, study) or known.trial(span.value)  # type: ignore[attr-defined]
    lead = re.search(r"(?:the )?(?:trials?|runs?)\s*#?$", text[: span.start], re.I)  # type: ignore[attr-defined]
    start: int = lead.start() if lead else span.start  # type: ignore[attr-defined]
    return Who(start=start, end=span.end, subjects=(subject,) if subject else (), role="trial")  # type: ignore[attr-defined]


def _is_of_model(who: Who, said: Said) -> bool:
    """Whether "best" is that of a model, which stands before it: gru4rec's best."""
    if who.role not in ("best", "worst", "second"):
        return False
    owners = [span for span in said.of("model") if span.end <= who.start]
    return bool(owners) and re.fullmatch(r"(?:'s|’s)\s+", said.text[owners[-1].end : who.start]) is not None


def _its_defaults(role: str, match: "re.Match[str]", said: Said, known: Known, study: str) -> Subject | None:
    """Of "item_knn lost against its defaults": those of that model."""
    models = [span for span in said.of("model") if span.end <= match.start()]
    is_own = role == "defaults" and re.match(r"its\b", match[0], re.I) is not None
    if not is_own or not models:
        return None
    name = str(models[-1].value)
    baseline = Subject(kind="baseline", name=name, study=study)
    return known.defaults(study, name) or (baseline if baseline in known.by_subject else None)


def subject_of(role: str, known: Known, study: str) -> Subject | None:
    """The trial that plays a part in its study."""
    ranking = known.ranking("", study)
    if role == "best":
        return known.best(study)
    if role == "defaults":
        return known.defaults(study)
    if role == "next":
        number = known.value(Subject(kind="study", name=study), "proposed")
        return None if number is None else known.trial(number, study)
    if role in ("slowest", "fastest"):
        times = [(value, t) for t in known.trials(study) if (value := known.number(t, "train_s")) is not None]
        pick = max if role == "slowest" else min
        return pick(times, key=lambda pair: pair[0])[1] if times and known.is_whole(study) else None
    if role in ("pruned", "failed"):
        such = [trial for trial in known.trials(study) if known.value(trial, "state") == role]
        return such[0] if len(such) == 1 else None
    if role == "first":
        return known.trial(0, study)
    if role == "last":
        numbers = [int(trial.name) for trial in known.trials(study)]
        return known.trial(max(numbers), study) if numbers and known.is_whole(study) else None
    if not known.is_whole(study) or len(ranking) < 2:
        return None
    return ranking[1] if role == "second" else ranking[-1]


def _model(span: object, said: Said, known: Known, study: str) -> Who:
    name = str(span.value)  # type: ignore[attr-defined]
    baseline = [s for s in known.by_subject if s.kind == "baseline" and s.name == name and s.study == study]
    trials = [t for t in known.trials(study) if known.value(t, "model") == name]
    end: int = span.end  # type: ignore[attr-defined]
    subjects = baseline if baseline and _BASELINE.match(said.text, end) else [*trials, *baseline]
    subjects = [*subjects, Subject(kind="model", name=name, study=study)]
    return Who(start=span.start, end=end, subjects=tuple(subjects), role="model")  # type: ignore[attr-defined]


def _items(text: str, known: Known) -> list[Who]:
    """Items by their ids, and by the titles that their texts begin with."""
    if not known.items:
        return []
    names = "|".join(re.escape(name) for name in sorted(set(known.items), key=len, reverse=True))
    pattern = re.compile(rf"(?:(?<![\w.,%])(?:item|book|movie|film)s?,?\s+)?(?<![\w.,])(?P<n>{names})(?![\w%]|[.,]\d)")
    found = [
        Who(
            start=m.start() if m["n"].isdigit() else m.start("n"),
            end=m.end(),
            subjects=(Subject(kind="item", name=m["n"]),),
        )
        for m in pattern.finditer(text)
        if not m["n"].isdigit()
        or m[0] != m["n"]
        or re.search(r"\b(?:item|book|film|movie)\b[^.;,]{0,40}\bis\s+$", text[: m.start()])
    ]
    for match in _NTH_ITEM.finditer(text):
        word = (match["nth"] or match["top"]).lower()
        rank = _ORDINALS.index(word) + 1 if word in _ORDINALS else 1
        at = [s for s in known.by_subject if s.kind == "item" and known.number(s, "rank") == rank]
        found += [Who(start=match.start(), end=match.end(), subjects=(at[0],), role="nth")] if len(at) == 1 else []
    for match in re.finditer(r"\bnumber (?P<n>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\b", text, re.I):
        rank = COUNTS.get(match["n"].lower()) or int(match["n"] if match["n"].isdigit() else 1)
        at = [s for s in known.by_subject if s.kind == "item" and known.number(s, "rank") == rank]
        found += [Who(start=match.start(), end=match.end(), subjects=(at[0],), role="nth")] if len(at) == 1 else []
    for title, subjects in known.titles.items():
        found += [
            Who(start=m.start(), end=m.end(), subjects=subjects, role="title")
            for m in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", text)
        ]
    return found


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_THING = r"(?:item|book|title|film|movie|product|suggestion|recommendation)"
_NTH_ITEM = re.compile(
    rf"\b(?:the\s+)?(?:(?P<nth>{'|'.join(_ORDINALS)})(?:[- ]most[- ](?:popular|rated|read|watched))?|(?P<top>most[- ](?:popular|rated|read|watched)|top))\s+{_THING}\b",
    re.I,
)


def _item_behind(who: Who, found: list[Who], known: Known) -> Who:
    """The second item, where a runner-up is one among items."""
    is_of_items = who.role == "second" and any(w.subjects and w.subjects[0].kind == "item" for w in found)
    at = [s for s in known.by_subject if s.kind == "item" and known.number(s, "rank") == 2] if is_of_items else []
    return replace(who, subjects=(at[0],), role="nth") if len(at) == 1 else who


def _apart(found: list[Who]) -> list[Who]:
    """Of places that overlap the longest."""
    kept: list[Who] = []
    for who in sorted(found, key=lambda who: (who.start - who.end, who.start)):
        if all(who.end <= other.start or who.start >= other.end for other in kept):
            kept.append(who)
    return kept
