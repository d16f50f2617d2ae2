"""Claims of how a study and its data are set: split, objective, sampler, columns; and of what was expected and the front."""

import re

from agent.grounding.fact import Subject
from agent.grounding.known import Known, sign_of
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict
from agent.words.digits import COUNTS

_NOT = re.compile(r"(?:n't|\b(?:not|never|no|without|lacks?|neither))\s+(?:\w+\s+){0,2}$", re.I)
_OBJECTIVE = re.compile(
    r"\b(?:objective|goal|optimi[sz]\w*|maximi[sz]\w*|minimi[sz]\w*|tuned for|target metric)\b", re.I
)
_HAS = (
    ("has_time", r"timestamps?|times(?:tamps)? of interactions"),
    ("has_text", r"(?:item )?texts?|titles|descriptions"),
    ("has_groups", r"user groups|groups of users"),
    ("has_weights", r"(?:explicit )?(?:weights|ratings)"),
    ("has_given_split", r"given split|split of its own"),
)
_EXPECTED = re.compile(
    r"\b(?P<word>better|worse|higher|lower|more|less)\s+than\s+(?:it was |was |had been |we |i |the model )?(?:expected|predicted|promised|forecast|hoped)\b|"
    r"\b(?P<above>above|below|exceed\w*|beat|missed|short of)\s+(?:the |its |our )?(?:expect\w*|predict\w*|forecast)\b", re.I
)  # fmt: skip
_FRONT = re.compile(r"\bpareto\b|\bfront\b|\bnon-?dominated\b|\bno (?:other )?trial beats\b", re.I)


def judge_settings(sentence: Sentence, known: Known) -> list[Verdict]:
    """All claims of this kind."""
    if sentence.mood == "asks":
        return []
    return [
        *_split(sentence, known),
        *_objective(sentence, known),
        *_columns(sentence, known),
        *_expectations(sentence, known),
        *_front(sentence, known),
        *_optimism(sentence, known),
        *_shapes(sentence, known),
        *_confirmed(sentence, known),
        *_readings(sentence, known),
        *_groups(sentence, known),
        *_held(sentence, known),
        *_parts(sentence, known),
    ]


_FLATTERED = re.compile(
    r"\b(?:(?P<up>(?:too |over-?|a bit |slightly )?optimistic|overstated|over-?estimat\w*|flatter\w*|too high|inflated)|"
    r"(?P<down>pessimistic|understated|under-?estimat\w*|too low|modest))\b",
    re.I,
)


_SHAPES = re.compile(
    r"\b(?:(?P<up>still (?:improving|rising|climbing|going up|learning)|had not (?:converged|levelled|peaked|flattened))|"
    r"(?P<down>past (?:its|the) (?:best|peak)|over-?fitt\w*|declin\w+ (?:at|towards|by) the end|had (?:already )?peaked)|(?P<flat>levelled off|plateau\w*|flat(?:tened)?(?: out)?|converged))\b",
    re.I,
)


def _shapes(sentence: Sentence, known: Known) -> list[Verdict]:
    """How a curve ended."""
    match = _SHAPES.search(sentence.text)
    trials = [s for who in (*sentence.whos, *sentence.before) for s in who.subjects if s.kind == "trial"]
    shape = str(known.value(trials[0], "curve.shape") or "") if trials else ""
    if not match or not shape:
        return []
    found = ("up", "improving"), ("down", "past its best"), ("flat", "settled")
    actual = next((way for way, words in found if words in shape), "neither")
    if match[0].lower().startswith("had not"):
        return [_verdict(match[0], "curve", f"the curve was {shape}", holds=actual in ("up", "neither"))]
    is_negated = _NOT.search(sentence.text[: match.start()]) is not None
    return [_verdict(match[0], "curve", f"the curve was {shape}", holds=(match.lastgroup == actual) != is_negated)]


def _confirmed(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether the result was confirmed on test."""
    match = re.search(r"\b(?:has|have|had|was|were|is|are)\s+(?:\w+\s+){0,2}?confirmed\b", sentence.text, re.I)
    flags = [bool(f.value) for f in known.facts if f.attribute.endswith("is_confirmed")]
    flags += [bool(f.number) for f in known.numbers.get("n_confirmations", ())]
    if not match or not flags or sentence.mood != "states":
        return []
    is_negated = _NOT.search(sentence.text[: match.end() - 9]) is not None or sentence.has(
        r"\b(?:nothing|none|neither|no\w*)\b[^.;]*confirmed|confirmed (?:yet\b)?[^.;]*\bn't"
    )
    holds = any(flags) != is_negated
    return [_verdict(match[0], "setting", "it was confirmed" if any(flags) else "nothing was confirmed", holds=holds)]


_GROUP = re.compile(
    r"\b(?:top|leading|best|first|same) group (?:(?P<part>contains|includes)|consists? of|is|are|comprises?|made up of|has \\w+ (?:members|trials)|:)|"
    r"\b(?:alone )?(?:makes?|made|forms?|form) (?:up )?(?:the|one) (?:(?:top|leading|best|first) )?group\b",
    re.I,
)


def _groups(sentence: Sentence, known: Known) -> list[Verdict]:
    """Which trials cannot be told apart from the best."""
    match = _GROUP.search(sentence.text)
    named = {who.one.name for who in sentence.whos if who.one and who.one.kind == "trial"}
    facts = known.numbers.get("group") or known.numbers.get("standing.group") or []
    actual = {f"{f.number:.0f}" for f in facts if f.number is not None}
    if not match or not named or not actual or sentence.covered:
        return []
    holds = named <= actual if match["part"] else named == actual
    return [_verdict(match[0], "group", f"it is trials {', '.join(sorted(actual))}", holds=holds)]


_HELD = re.compile(
    r"\b(?:is|are|was|were|stays?|kept|remains?)\s+(?:\w+\s+)?(?P<word>held|fixed|frozen|tuned|searched|varied)\b", re.I
)


def _held(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether a param is held or searched."""
    match = _HELD.search(sentence.text)
    names = [n for m in sentence.mentions if m.kind == "param" and match and m.end <= match.start() for n in m.names]
    models = [str(s.value) for s in sentence.said.of("model")]
    own = [s for s in known.by_subject if s.kind == "param" and s.name in names[-2:] and known.values(s, "default")]
    own = [s for s in own if s.study in models] or own
    if not match or not own or sentence.mood != "states" or sentence.is_row:
        return []
    is_held = match["word"].lower() in ("held", "fixed", "frozen")
    if _NOT.search(sentence.text[: match.start("word")]):
        is_held = not is_held
    flags = [bool(known.value(s, "is_held") or known.value(s, "is_fixed")) for s in own]
    return [
        _verdict(match[0], "setting", f"{own[0].name} is {'held' if flags[0] else 'searched'}", holds=is_held in flags)
    ]


_TEST_PART = re.compile(
    r"\btest\b[^.;]{0,40}\b(?P<way>higher|lower|better|worse|above|below)\b[^.;]{0,12}\bthan\b[^.;]{0,12}\bvalidation\b|"
    r"\bvalidation\b[^.;]{0,40}\b(?P<turned>higher|lower|better|worse|above|below)\b[^.;]{0,12}\bthan\b[^.;]{0,12}\btest\b",
    re.I,
)


def _parts(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether a trial did better on test than on validation."""
    match = _TEST_PART.search(sentence.text)
    trials = [w.one for w in (*sentence.whos, *sentence.before) if w.one and w.one.kind == "trial"]
    if not match or not trials:
        return []
    name = known.objective(trials[0].study)
    test, valid = known.number(trials[0], name, is_test=True), known.number(trials[0], name)
    valid = known.number(trials[0], f"mean.{name}") if valid is None else valid
    if test is None or valid is None:
        return []
    is_up = (match["way"] or match["turned"]).lower() in ("higher", "better", "above")
    holds = ((test > valid) if match["way"] else (valid > test)) == is_up
    return [_verdict(match[0], "part", f"{test:.4g} on test, {valid:.4g} on validation", holds=holds)]


_READ = re.compile(
    r"\bread (?:only |just |exactly )?(?:(?P<word>once|twice|thrice)|(?P<n>\w+) times?|for the (?P<nth>\w+) time)\b",
    re.I,
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}


def _readings(sentence: Sentence, known: Known) -> list[Verdict]:
    """How often test was read."""
    match = _READ.search(sentence.text)
    values = [f.number for f in known.numbers.get("n_readings", ()) if f.number is not None]
    said = next((g for g in match.groups() if g), "").lower() if match else ""
    n = _TIMES.get(said) or COUNTS.get(said) or (int(said) if said.isdigit() else 0)
    if not match or not values or not n or not sentence.has(r"\btest\b"):
        return []
    return [_verdict(match[0], "setting", f"it was read {values[-1]:g} times", holds=n == values[-1])]


def _optimism(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether the study's best value lay above or below the mean over seeds."""
    match = _FLATTERED.search(sentence.text)
    values = [f.number for f in known.numbers.get("optimism", ()) if f.number]
    if not match or not values or not sentence.has(r"\bstud|\bbest\b|\bvalue\b|\bvalidation|\btrial"):
        return []
    is_negated = _NOT.search(sentence.text[: match.start()]) is not None
    holds = ((values[-1] > 0) == (match["up"] is not None)) != is_negated
    way = "higher" if values[-1] > 0 else "lower"
    return [_verdict(match[0], "optimism", f"its value was {abs(values[-1]):.2g} {way} than the mean", holds=holds)]


def _verdict(claim: str, kind: str, why: str, *, holds: bool) -> Verdict:
    return Verdict(outcome="checked" if holds else "contradicted", claim=claim, kind=kind, why="" if holds else why)


def _study(sentence: Sentence, known: Known) -> Subject:
    named = [s for who in sentence.whos for s in who.subjects if s.kind == "study"]
    return named[0] if named else Subject(kind="study", name=known.study)


def _split(sentence: Sentence, known: Known) -> list[Verdict]:
    actual = known.value(_study(sentence, known), "split")
    if actual is None or not sentence.has(r"\bsplit\b|leave|held out|holds? out") or sentence.mood != "states":
        return []
    found = []
    for span in sentence.said.of("split"):
        is_negated = _NOT.search(sentence.text[: span.start]) is not None
        holds = (str(span.value) == actual) != is_negated
        found.append(_verdict(sentence.said.words(span), "setting", f"the split is {actual}", holds=holds))
    if not found and sentence.has(r"\brandom\b") and "random" not in str(actual) and "user" not in str(actual):
        found.append(_verdict("random", "setting", f"the split is {actual}", holds=sentence.has(r"\bnot\b")))
    return found


def _objective(sentence: Sentence, known: Known) -> list[Verdict]:
    said = sentence.said.of("metric")
    actual = known.objective(_study(sentence, known).name)
    if not said or not actual or not _OBJECTIVE.search(sentence.text) or sentence.mood != "states":
        return []
    metrics = {str(f.value) for f in known.facts if f.attribute == "objective"} | {actual}
    names = {str(span.value) for span in said}
    holds = bool(names & metrics) or any(
        actual.partition("@")[0] == name.partition("@")[0] and "@" not in sentence.text for name in names
    )
    return [_verdict(sentence.said.words(said[0]), "setting", f"the objective is {actual}", holds=holds)]


def _columns(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether the data have times, texts, groups or weights."""
    found = []
    for name, words in _HAS:
        match = re.search(
            rf"\b(?:has|have|had|holds?|contains?|with|without|lacks?|there (?:are|is))\s+(?P<no>no\s+)?(?:\w+\s+)?(?:{words})\b",
            sentence.text,
            re.I,
        )
        values = [f.number for f in known.numbers.get(name, ()) if f.number is not None]
        if not match or not values or re.search(r"\d", match[0]):
            continue
        is_negated = (
            bool(match["no"])
            or re.match(r"without|lack", match[0], re.I) is not None
            or _NOT.search(sentence.text[: match.start() + 1]) is not None
        )
        found.append(_verdict(match[0], "setting", f"{name} is {values[-1]:g}", holds=bool(values[-1]) != is_negated))
    return found


def _expectations(sentence: Sentence, known: Known) -> list[Verdict]:
    match = _EXPECTED.search(sentence.text)
    trials = [s for who in (*sentence.whos, *sentence.before) for s in who.subjects if s.kind == "trial"]
    if not match or not trials:
        return []
    trial = trials[0]
    objective = known.objective(trial.study)
    expected, measured = known.number(trial, "expected"), known.number(trial, objective)
    if expected is None or measured is None:
        return [Verdict(outcome="unknown", claim=match[0], kind="expected", why="what was expected is not known")]
    word = (match["word"] or match["above"]).lower()
    sign = sign_of(objective) if word in ("better", "worse", "beat", "missed", "short of") else 1
    is_up = word in ("better", "higher", "more", "above", "beat") or word.startswith("exceed")
    holds = (sign * (measured - expected) > 0) == is_up
    if _NOT.search(sentence.text[: match.start()]):
        holds = not holds
    return [_verdict(match[0], "expected", f"expected {expected:.4g}, measured {measured:.4g}", holds=holds)]


def _front(sentence: Sentence, known: Known) -> list[Verdict]:
    match = _FRONT.search(sentence.text)
    whos = [who for who in sentence.whos if who.role == "trial" or (who.one and who.one.kind == "trial")]
    trials = [who.one.name if who.one else re.sub(r"\D", "", sentence.text[who.start : who.end]) for who in whos]
    members = {f"{f.number:.0f}" for f in known.numbers.get("front", ()) if f.number is not None}
    if not match or not trials or not members:
        return []
    holds = all(trial in members for trial in trials)
    if _NOT.search(sentence.text[: match.start()]):
        holds = not any(trial in members for trial in trials)
    return [_verdict(match[0], "front", f"on the front are trials {', '.join(sorted(members))}", holds=holds)]
