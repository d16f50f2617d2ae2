"""Claims in words: which model a trial ran, its state and choices, who proposed it, why it did well, what holds in general."""

import re

from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.grounding.predicates import AMBIGUOUS, find_word
from agent.grounding.reasons import judge_reasons
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict
from agent.words.names import choice_params

_STATES: tuple[tuple[str, str], ...] = (
    ("pruned", r"\bpruned\b|\bstopped early\b|\bcut short\b"),
    ("failed", r"\bfailed\b|\bcrashed\b|\bdiverged\b"),
    ("complete", r"\b(?:is|was|are) complete\b|\bcompleted\b|\bran to (?:the|its) end\b"),
    ("running", r"\b(?:is|are) (?:still |now |currently )?(?:running|training|under way|in progress)\b|\bstill (?:running|training)\b|\bruns now\b"),
    ("paused", r"\bis paused\b"),
    ("stopped", r"\b(?:has been|is|was) stopped\b(?! early)"),
    ("finished", r"\b(?:is|has) (?:now |already )?(?:finished|over|ended|done)\b"),
    ("waiting", r"\bis waiting\b|\bwaits for\b"),
)  # fmt: skip
_PROPOSERS: tuple[tuple[str, str], ...] = (
    ("llm", r"(?:the )?(?:language model|llm)|\bi\b|\bmyself\b|\bmy own\b"),
    ("gp", r"(?:the |a )?(?:gaussian process|gp|surrogate)"),
    ("random", r"(?:a |the )?random(?: (?:draw|search|sampler))?|by chance|uniform(?:ly)? draw\w*"),
    ("user", r"\byou\b|\bthe (?:person|user)\b"),
    ("defaults", r"(?:the )?defaults?\b"),
    ("memory", r"\bmemory\b|past trials|a past study|remembered"),
    ("tpe", r"\btpe\b"),
    ("cmaes", r"cma-?es"),
    ("grid", r"\bgrid\b"),
)  # fmt: skip
_OF_ADVISOR = ("gp", "random", "memory", "portfolio", "untried", "tpe", "default", "defaults", "request", "advisor")
_PROPOSED = re.compile(
    r"\b(?:propos\w*|suggest\w*|chose\w*|picked|came from|come from|drawn|drew|idea of|invented|selected|asked for|came (?:straight )?out of|requested|source|(?:was|is) (?:just |only |simply )?a (?:random|uniform) draw|(?:was|is) (?:a )?random)\b",
    re.I,
)
_GENERAL = re.compile(
    r"\b(?:usually|often|typically|generally|in general|tends? to|known to|always|normally|in practice|commonly|most (?:people|papers|studies)|literature|published|papers?|research|"
    r"state[- ]of[- ]the[- ]art|rule of thumb|it is (?:likely|probable|plausible)|probably|likely|presumably|perhaps|apparently|seems?|suggests? that|captures?|exploits?|ignores?|models? the|"
    r"robust|stable|well suited|good choice|suits|needs? more|too (?:small|large|high|low|few|little|much|strong|weak|aggressive)|converge\w*|promising|makes sense|unlikely|sparse|dense|enough|worth)\b",
    re.I,
)
_NOT = re.compile(r"(?:\b(?:not|never|neither|nor|no|nothing|none)|n't)\s+(?:\w+\s+){0,2}$", re.I)


def judge_sayings(sentence: Sentence, known: Known) -> list[Verdict]:
    """All claims in words of this kind."""
    if sentence.mood == "asks":
        return []
    found = [
        *_states(sentence, known),
        *_models(sentence, known),
        *_listed(sentence, known),
        *_proposers(sentence, known),
        *_choices(sentence, known),
        *_importances(sentence, known),
        *_list_makers(sentence, known),
        *_default_choices(sentence, known),
        *_evidence(sentence, known),
    ]
    if reasons := judge_reasons(sentence, known):
        found += reasons
    elif sentence.mood == "states" and (match := _GENERAL.search(sentence.text)):
        found.append(Verdict(outcome="unknown", claim=match[0], kind="general", why="no result says this"))
    return found


def _trials(sentence: Sentence, place: int) -> list[Subject]:
    """The trials that stand in front of a place, within its clause where any do."""
    start, _ = sentence.clause(place)
    whos = [who for who in sentence.whos if who.one and who.one.kind == "trial" and who.start < place]
    near = whos[:1] if sentence.is_row else [who for who in whos if who.start >= start]
    return [who.one for who in near if who.one]


def _states(sentence: Sentence, known: Known) -> list[Verdict]:
    found = []
    for state, pattern in _STATES:
        for match in re.finditer(pattern, sentence.text, re.I):
            is_negated = _NOT.search(sentence.text[: match.start()]) is not None or "n't" in match[0]
            if sentence.has(r"\bconfirmation\b") and state == "running":
                continue  # which is no study and no trial
            spoken = _trials(sentence, match.start())
            subjects = spoken or _studies(sentence, known, match.start())
            for subject in subjects[:2]:
                actual = known.value(subject, "state")
                if actual is None or (state == "finished" and subject.kind == "trial"):
                    continue
                holds = (actual == state) != is_negated
                found.append(
                    Verdict(
                        outcome="checked" if holds else "contradicted",
                        claim=match[0],
                        kind="state",
                        why=f"{subject} is {actual}",
                    )
                )
    return found


def _studies(sentence: Sentence, known: Known, place: int) -> list[Subject]:
    if not re.search(r"\bstudy\b|\btuning\b|-\d", sentence.text[:place], re.I):
        return []
    named = [s for who in sentence.whos for s in who.subjects if s.kind == "study"]
    return named or [Subject(kind="study", name=known.study)]


def _models(sentence: Sentence, known: Known) -> list[Verdict]:
    """Trial 6 ran sasrec; the best is a sasrec trial."""
    found = []
    for span in sentence.said.of("model"):
        name, before = str(span.value), sentence.text[: span.start]
        start, end = sentence.clause(span.start)
        lead = re.search(
            r"\b(?:used|uses|using|ran|runs|is|was|with|are|were|trained|trains|of|model|by|a|an|:|\()\s*(?:an?\s+|the\s+|model\s+)*[(\s]*$",
            before,
            re.I,
        )
        spoken = [
            who.one for who in sentence.whos if who.one and who.one.kind == "trial" and start <= who.start < span.start
        ]
        spoken = [trial for trial in spoken if trial and known.value(trial, "model") is not None]
        if (
            not lead
            or not spoken
            or re.search(
                r"\bthan\b|\bnot\b|default|n't|against|baseline|from\b.*\bto\b|\bahead\b|\bbehind\b|\bas \w+ as\b|\babove\b|\bbelow\b|\bbeat\w*|\bover\b|\blost to\b|\bleads?\b|\boutperform|\bdiffer",
                sentence.text[start:end],
                re.I,
            )
        ):
            continue
        actual = {str(known.value(trial, "model")) for trial in spoken}
        outcome = "checked" if name in actual else "contradicted"
        found.append(Verdict(outcome=outcome, claim=name, kind="choice", why=f"{spoken[0]} ran {', '.join(actual)}"))  # type: ignore[arg-type]
    return found


def _listed(sentence: Sentence, known: Known) -> list[Verdict]:
    """The two bpr_mf trials are trials 0 and 7; the pruned trial was trial 5."""
    match = re.search(r"\b(?:trials?|runs?|ones?)\s+(?:is|are|was|were)\s+(?=trials?\b)", sentence.text, re.I)
    if not match:
        return []
    behind = [who.one for who in sentence.whos if who.one and who.role == "trial" and who.start >= match.end()]
    before = [who for who in sentence.whos if who.start < match.start()]
    found = []
    for who in before[-1:]:
        names = {s.name for s in who.subjects if s.kind == "trial"}
        if names and behind and who.role in ("model", "pruned", "failed"):
            holds = {trial.name for trial in behind} <= names
            found.append(
                Verdict(
                    outcome="checked" if holds else "contradicted",
                    claim=match[0],
                    kind="choice",
                    why=f"it is {', '.join(sorted(names))}",
                )
            )
    return found


def _proposers(sentence: Sentence, known: Known) -> list[Verdict]:
    match = _PROPOSED.search(sentence.text)
    if not match or (sentence.mood == "advises" and not re.search(r"\btrial \d", sentence.text)):
        return []
    trials = [who.one for who in sentence.whos if who.one and who.one.kind == "trial"]
    actual = next((str(known.value(trial, "proposer")) for trial in trials if known.value(trial, "proposer")), None)
    said = [name for name, pattern in _PROPOSERS if re.search(pattern, sentence.text, re.I)]
    if re.search(r"\badvisor\b", sentence.text, re.I):
        said += _OF_ADVISOR
    if not said or not trials:
        return []
    if actual is None:
        return [Verdict(outcome="unknown", claim=match[0], kind="proposer", why="who proposed it is not known")]
    holds = actual in said
    if _NOT.search(sentence.text[: match.start()]):
        holds = not holds
    return [
        Verdict(
            outcome="checked" if holds else "contradicted",
            claim=match[0],
            kind="proposer",
            why=f"it came from {actual}",
        )
    ]


def _choices(sentence: Sentence, known: Known) -> list[Verdict]:
    """Params whose values are words: trial 7 used the bpr loss."""
    found = []
    for span in sentence.said.of("choice"):
        value = str(span.value[0])
        trials = _trials(sentence, span.start)
        named = {name for m in sentence.mentions if m.kind == "param" for name in m.names}
        may_be = choice_params().get(value, ())
        params = [name for name in may_be if name in named] or list(may_be if len(may_be) == 1 else ())
        for trial in trials[-1:]:
            actual = {str(known.value(trial, name)).lower() for name in params if known.value(trial, name) is not None}
            is_plan = re.search(
                r"\b(?:back|return|switch|change|go|move)\w* to (?:the )?$", sentence.text[: span.start], re.I
            )
            if not actual or is_plan or sentence.has(r"\bfrom\b.*\bto\b|\bdefault|\bnot\b|instead|than|while|whereas"):
                continue
            outcome = "checked" if value in actual else "contradicted"
            found.append(Verdict(outcome=outcome, claim=value, kind="choice", why=f"{trial} has {', '.join(actual)}"))  # type: ignore[arg-type]
    return found


_LIST = re.compile(
    r"\b(?:list|recommendations?|suggestions?)\b[^.;]*?\b(?:made|produced|generated|computed|comes?|came|stems?|drawn|labelled|labeled|built|created|is|are)\b\s*(?:\w+\s+){0,2}?(?:by|from|with|of)\b",
    re.I,
)


def _list_makers(sentence: Sentence, known: Known) -> list[Verdict]:
    """Which trial and model a list of recommendations was made with."""
    match = _LIST.search(sentence.text)
    calls = [call.result for call in known.calls if call.tool == "recommend_items" and call.is_done]
    if not match or not calls:
        return []
    number, model = str(calls[-1].get("trial", "")).rpartition("/")[2], str(calls[-1].get("model", ""))
    spans = [s for s in sentence.said.of("trial", "model") if s.start >= match.end() - 1]
    wrong = [
        s
        for s in spans
        if str(s.value) != (number if s.kind == "trial" else model) and str(s.value) != calls[-1].get("fallback")
    ]
    outcome = "contradicted" if wrong else "checked"
    why = f"it was made with trial {number}, {model}" if wrong else ""
    return [Verdict(outcome=outcome, claim=match[0][-30:], kind="maker", why=why)] if spans else []  # type: ignore[arg-type]


def _default_choices(sentence: Sentence, known: Known) -> list[Verdict]:
    """The default weighting of item_knn is BM25; by default it uses cosine."""
    if (
        sentence.is_row
        or not sentence.has(r"\bby default\b|\bdefault\b(?! (?:trial|run))")
        or sentence.has(r"\bwhen\b")
    ):
        return []
    models = [str(s.value) for s in sentence.said.of("model")]
    named = {name for m in sentence.mentions if m.kind == "param" for name in m.names}
    found = []
    for subject in known.by_subject:
        default = known.value(subject, "default")
        is_owned = subject.kind == "param" and isinstance(default, str) and (not models or subject.study in models)
        if not is_owned or (named and subject.name not in named):
            continue
        choices = [str(f.value) for f in known.values(subject, "choice")]
        said = [one for one in choices if find_word(re.sub(r"[^a-z0-9]", "", one.lower()), sentence.text)]
        if len(said) == 1 and (named or said[0] not in AMBIGUOUS) and _is_told_as_default(said[0], sentence):
            holds = said[0] == default
            why = "" if holds else f"the default {subject.name} is {default}"
            found.append(Verdict(outcome="checked" if holds else "contradicted", claim=said[0], kind="choice", why=why))
    return found


def _is_told_as_default(choice: str, sentence: Sentence) -> bool:
    """Whether the value stands near "default", with no other clause between: not "1/25 of the default; the bpr loss"."""
    word = re.search(r"\bdefaults?\b", sentence.text, re.I)
    place = sentence.text.lower().find(choice.lower())
    if word is None or place < 0:
        return True
    between = sentence.text[min(word.end(), place) : max(word.start(), place)]
    return len(between) < 40 and re.search(r"[;,:]", between) is None


_RESTS = re.compile(r"\b(?:on the (?:evidence|basis|strength) of|based on|rest(?:s|ed)? on|look(?:ed|ing) at|learn\w* from|relying on|drawing on|from the evidence of)\s+(?=trials?\b)", re.I)  # fmt: skip


def _evidence(sentence: Sentence, known: Known) -> list[Verdict]:
    """The trials that a proposal rests on."""
    match = _RESTS.search(sentence.text)
    named = [str(s.value) for s in sentence.said.of("trial") if match and s.start >= match.end()]
    topics = [
        w.one
        for w in (*sentence.whos, *sentence.before)
        if w.one and w.one.kind == "trial" and known.values(w.one, "evidence")
    ]
    if not match or not named or not topics:
        return []
    actual = {str(f.value).rpartition("/")[2] for f in known.values(topics[0], "evidence")}
    holds = set(named) <= actual
    why = "" if holds else f"it rests on trials {', '.join(sorted(actual))}"
    return [Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="proposer", why=why)]


_MATTERS = re.compile(
    r"\b(?:matter(?:s|ed)? (?:the )?(?P<end>most|least)|(?P<more>most|least) (?:important|influential)|(?P<high>highest|largest|lowest|smallest) importance|(?P<than>more important|matters more|less important|matters less)(?= than))\b",
    re.I,
)


def _importances(sentence: Sentence, known: Known) -> list[Verdict]:
    """The param that matters most, least, or more than another."""
    match = _MATTERS.search(sentence.text)
    spoken = [name for m in sentence.mentions if m.kind == "param" for name in m.names]
    shares = {f.subject.name: f.number for f in known.numbers.get("importance", ()) if f.number is not None}
    named = [name for name in dict.fromkeys(spoken) if name in shares]
    if not match or not named:
        is_known = match is not None and spoken and shares and match.end() > 0
        return (
            [Verdict(outcome="unknown", claim=match[0], kind="importance", why="its importance is not known")]
            if is_known and match
            else []
        )
    word = (match["end"] or match["more"] or match["high"] or match["than"] or "").lower()
    if match["than"]:
        if len(named) < 2:
            return []
        holds = (shares[named[0]] > shares[named[1]]) == (word.startswith("more") or word.endswith("more"))
    else:
        pick = min if word in ("least", "lowest", "smallest") else max
        holds = named[0] == pick(shares, key=lambda name: shares[name] or 0.0)
    if _NOT.search(sentence.text[: match.start()]):
        holds = not holds
    why = ", ".join(f"{name} {share:.3g}" for name, share in shares.items())
    return [Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="importance", why=why)]
