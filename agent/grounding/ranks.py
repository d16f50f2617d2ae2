"""Claims of rank: the best, the winner, second, the worst, the fastest; held to the order of the known trials."""

import re

from agent.grounding.attributes import is_named
from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.subjects import Who
from agent.grounding.verdict import Verdict
from agent.words.digits import COUNTS

_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_RANK = re.compile(
    r"\b(?P<won>won\b(?! over| against)|wins\b(?! over| against)|leads?\b(?! to| (?:the )?trial| it\b| the defaults)|led\b(?! (?:the )?trial| it\b)|winner|winning|comes? out on top|on top|leader|topped)\b|"
    rf"\b(?:rank(?:s|ed|ing)?|came|comes?|finish\w*|place[ds]?|is|was|are|were|in|with|took|takes) (?:the )?(?:in |at |as )?(?:place |rank |number |no\. ?|#)?(?P<nth>{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th)|last)(?: (?:place|best|rank\w*))?\b(?! (?:trial|time|half|epoch|value|step|study|run|of all\b))|"
    rf"(?P<inv>\b(?:{'|'.join(_ORDINALS)}|last))(?: place)? (?:comes?|came|goes? to|went to|is taken by|belongs to)\b|"
    r"\brank(?:s|ed|ing)?(?: (?:of|is|was|number|at|in))? (?:no\. ?|#)?(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b|"
    r"\b(?:gets?|got|see|sees|offer\w*|recommend\w*|with|shows?) (?:\S+ ){1,3}?(?P<listed>first|second|third|fourth|fifth)\b|"
    r"\b(?P<runner>runner[- ]up|second[- ]best|next best)\b|"
    r"\b(?P<super>best|highest|worst|lowest|weakest|strongest|fastest|quickest|slowest|largest|biggest|greatest|widest|broadest|heaviest|deepest|smallest|narrowest|longest|shortest|cheapest|poorest|top|most)\b",
    re.I,
)
_UP = (
    "highest",
    "largest",
    "biggest",
    "greatest",
    "widest",
    "broadest",
    "heaviest",
    "deepest",
    "longest",
    "slowest",
    "most",
)
_DOWN = ("lowest", "smallest", "narrowest", "shortest", "fastest", "quickest", "cheapest")
_BEST = ("best", "strongest", "top")
_NOT = re.compile(r"(?:n't|\b(?:not|never|no longer))\s+(?:\w+\s+){0,2}$", re.I)


def judge_ranks(sentence: Sentence, known: Known) -> list[Verdict]:
    """The ranks that the sentence gives to trials, params and items."""
    if sentence.mood == "asks":
        return []
    found = _lists(sentence, known)
    for match in _RANK.finditer(sentence.text):
        who = None if sentence.is_covered(match.start()) else _who(match, sentence)
        verdict = _judged(match, who, sentence, known) if who else None
        if verdict:
            found.append(verdict)
    return found


_LIST = re.compile(
    r"\b(?:the )?(?P<end>top|best|leading|first|worst|bottom|last|weakest)\s+(?P<n>two|three|four|five|\d)\b[^.;:]{0,30}?(?:\bare|\bwere|:|\bare:)\s*",
    re.I,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}


_TAKES = re.compile(r"\b(?:takes?|took|occup\w+|fills?|holds?|has|gets?)\s+(?:all )?(?:the )?(?:first|top) (?P<n>two|three|four|five|\d) (?:places|spots|ranks|positions)", re.I)  # fmt: skip


def _places_of_models(sentence: Sentence, known: Known) -> list[Verdict]:
    """SASRec takes the first three places."""
    match = _TAKES.search(sentence.text)
    models = [str(s.value) for s in sentence.said.of("model", end=match.start() if match else 0)]
    order = known.ranking()
    if not match or not models or not known.is_whole():
        return []
    n = COUNTS.get(match["n"].lower()) or int(match["n"])
    holds = n <= len(order) and all(known.value(trial, "model") == models[-1] for trial in order[:n])
    why = "" if holds else f"they ran {', '.join(str(known.value(t, 'model')) for t in order[:n])}"
    return [Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="rank", why=why)]


def _lists(sentence: Sentence, known: Known) -> list[Verdict]:
    """The top three are trials 7, 3 and 1: in that order."""
    found = [*_places_of_models(sentence, known)]
    for match in _LIST.finditer(sentence.text):
        named = [who.one for who in sentence.whos if who.one and who.role == "trial" and who.start >= match.end() - 1]
        n = _NUMBERS.get(match["n"].lower()) or int(match["n"])
        if len(named) < n or not known.is_whole(named[0].study):
            continue
        metrics = [m.names[0] for m in sentence.mentions if m.kind == "metric" and m.names[0] in known.numbers]
        order = known.ranking(metrics[0] if metrics else "", named[0].study)
        is_top = match["end"].lower() in ("top", "best", "leading", "first")
        right = order[:n] if is_top else order[-n:]
        holds = named[:n] == right if is_top else set(named[:n]) == set(right)
        why = "" if holds else f"they are {', '.join(one.name for one in right)}"
        found.append(Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="rank", why=why))
    return found


def _who(match: "re.Match[str]", sentence: Sentence) -> Who | None:
    """The one trial that the rank is given to: before the word, else behind "is", "was" or a bracket."""
    start, _ = sentence.clause(match.start())
    is_of_best = match["super"] and re.search(
        r"\b(?:as|with|than|from|to|of|like|over|behind|below|against)\s+(?:the\s+)?$",
        sentence.text[: match.start()],
        re.I,
    )
    if is_of_best and not re.search(r"\b(?:one|some|any) of the $", sentence.text[: match.start()]):
        return None
    whos = [who for who in sentence.whos if _one(who) and not _is_itself(who, match)]
    if match["listed"]:
        whos = [who for who in whos if who.one and who.one.kind == "item"]
        return next((who for who in whos if match.start() <= who.start < match.end()), None)
    before = [who for who in whos if start <= who.start < match.start()] or [
        who for who in whos if who.start < match.start()
    ]
    is_name = match["super"] or (match["won"] and re.match(r"winner|leader|winning", match["won"], re.I))
    if is_name and not _PREDICATE.search(sentence.text[: match.start()]):
        before = []
    if re.search(
        r"\b(?:whether|if|something|anything|nothing|what|who|which)\s+(?:was\s+|is\s+)?$",
        sentence.text[: match.start()],
        re.I,
    ):
        return None
    if before:
        is_other = re.search(r"\b(?:than|over|against|like)\s+(?:the\s+)?$", sentence.text[: before[0].start], re.I)
        return before[-1] if is_other else before[0]
    behind = [who for who in whos if who.start >= match.end()]
    gap = sentence.text[match.end() : behind[0].start] if behind else ""
    is_said = re.fullmatch(
        r"[^.;]{0,60}?\b(?:is|was|being|has|had|belongs? to|came from|comes from|by|went to|goes to|remains?|stays?|stands?|comes?|came|:)\s*(?:still\s+|that\s+of\s+|with\s+)?(?:(?:the|pruned|failed|default|untuned)\s+){0,2}|(?:\s+of\s+(?:all\s+|the\s+)*\w+)?[\s,]*\(?\s*(?:trial|run|one|so far|params?|is|was|\s)*\(?\s*",
        gap,
        re.I,
    )
    is_list = is_name and "," in gap and behind[0].role != "trial" if behind else False
    return behind[0] if behind and is_said and not is_list and not re.search(r"\bthan\b", gap) else None


_PREDICATE = re.compile(
    r"\b(?:is|was|are|were|be|being|became|remains?|stays?|has|had|have|us(?:e|es|ed|ing)|ran|covers?|with|reach\w*|got|gets?|gives?|gave|shows?|as|took|trained|scored|achiev\w*|needed|needs)\s+"
    r"(?:(?:by far|still|also|clearly|now|actually|indeed|not|no longer|the|its|our|an?)\s+)*(?:[\w-]+\s+)?$", re.I
)  # fmt: skip
"""What stands before a superlative that is said of someone, and is not only a name for another."""


def _one(who: Who) -> Subject | None:
    """The one trial or baseline that is meant, also by the name of a model that one trial ran."""
    if who.one and who.one.kind in ("trial", "baseline"):
        return who.one
    return who.trial


def _is_itself(who: Who, match: "re.Match[str]") -> bool:
    return (who.role not in ("trial", "") and who.start <= match.start() < who.end) or (
        who.is_pronoun and who.start >= match.start()
    )


def _judged(match: "re.Match[str]", who: Who, sentence: Sentence, known: Known) -> Verdict | None:
    trial = _one(who)
    if trial is None or _is_elsewhere(match, trial, sentence):
        return None
    is_negated = _NOT.search(sentence.text[: match.start()]) is not None
    place = _place(match, trial, sentence, known)
    if place is None:
        return None
    said, actual = place
    if actual is None:
        return Verdict(outcome="unknown", claim=match[0], kind="rank", why="its rank is not known")
    holds = (said == actual) != is_negated
    if not holds and not _is_timed_so(trial, sentence, known):
        return Verdict(outcome="unknown", claim=match[0], kind="rank", why="it is not clear whose time it is")
    return Verdict(
        outcome="checked" if holds else "contradicted",
        claim=match[0],
        kind="rank",
        why="" if holds else f"{trial} ranks {actual}",
    )


def _is_timed_so(trial: Subject, sentence: Sentence, known: Known) -> bool:
    """Whether a time that the sentence gives is this trial's; also where it gives none."""
    times = [amount for amount in sentence.amounts if amount.unit in ("s", "ms")]
    own = [
        f.number * (1000 if f.unit == "s" else 1)
        for f in known.by_subject.get(trial, ())
        if f.number and f.unit in ("s", "ms")
    ]
    return not times or any(one.stands_for(value / (1000 if one.unit == "s" else 1)) for one in times for value in own)


def _is_elsewhere(match: "re.Match[str]", trial: Subject, sentence: Sentence) -> bool:
    """Whether the place is one in another study, or of an epoch: the best of shop-1; its best epoch."""
    studies = {s.name for who in sentence.whos for s in who.subjects if s.kind == "study"}
    is_other = bool(studies) and trial.study not in studies
    is_of_epochs = sentence.has(r"\bepochs?\b") and not (match["super"] or match["won"])
    behind = re.match(r"\s+(?:epochs?\b|(?:one |trial )?that\b|of (?:\w+ )?epochs)", sentence.text[match.end() :], re.I)
    return is_other or is_of_epochs or behind is not None


def _place(match: "re.Match[str]", trial: Subject, sentence: Sentence, known: Known) -> tuple[int, int | None] | None:
    """The rank that is said and the one that is known; None where it is no claim of rank."""
    if match["listed"] and trial.kind != "item":
        return None
    if trial.kind == "item":
        rank = known.number(trial, "rank")
        said = _number(match)
        return (said, int(rank) if rank is not None else None) if said and said > 0 else None
    attribute, order = _order(match, trial, sentence, known)
    if attribute is None:
        return None
    if trial not in order:
        rank = known.number(trial, "rank") if attribute == known.objective(trial.study) else None
        said = _number(match)
        return (said or 1, int(rank) if rank is not None else None) if said != -1 else None
    is_whole = known.is_whole(trial.study)
    actual = order.index(trial) + 1
    values = [known.number(one, attribute) for one in order]
    if values.count(values[actual - 1]) > 1:  # a tie: the better place counts
        actual = values.index(values[actual - 1]) + 1
    said = _number(match) or 1
    if said == -1:
        return (1, (len(order) - actual + 1)) if is_whole else (1, None if actual == len(order) else 0)
    if not is_whole and attribute == known.objective(trial.study):
        best = known.best(trial.study)
        rank = known.number(trial, "rank")
        if rank is not None:
            return said, int(rank)
        if best and said == 1:
            return 1, 1 if trial == best else 2
    if not is_whole and attribute != known.objective(trial.study) and said == actual:
        return said, actual
    return said, actual


def _number(match: "re.Match[str]") -> int:
    """The place that is said; -1 for the last one."""
    if match["nth"] or match["inv"]:
        word = (match["nth"] or match["inv"]).lower()
        return (
            -1 if word == "last" else _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word))
        )
    if match["listed"]:
        return _ORDINALS.index(match["listed"].lower()) + 1
    if match["n"]:
        return COUNTS.get(match["n"].lower()) or int(match["n"])
    if match["runner"]:
        return 2
    return -1 if match["super"] and match["super"].lower() in ("worst", "weakest", "poorest") else 1


def _are_most(known: Known, trial: Subject, name: str) -> bool:
    """Whether this trial and most others have the attribute."""
    trials = known.trials(trial.study)
    return known.number(trial, name) is not None and 2 * sum(known.number(t, name) is not None for t in trials) > len(
        trials
    )


def _order(
    match: "re.Match[str]", trial: Subject, sentence: Sentence, known: Known
) -> tuple[str | None, list[Subject]]:
    """What is ranked by, and the trials in that order, the first as the word means it."""
    word = (match["super"] or "").lower()
    start, end = sentence.clause(match.start())
    near = [
        m
        for m in sentence.mentions
        if m.start >= match.end() and m.start - match.end() < 30 and m.kind in ("metric", "param")
    ]
    if not match["super"]:
        near = [m for m in near if m.kind == "metric"]
    near = near or [m for m in sentence.mentions if start <= m.start < end and m.kind == "metric"]
    objective = known.objective(trial.study)
    if word in ("fastest", "quickest", "slowest", "longest", "shortest", "cheapest"):
        is_trained = any(
            a.unit == "s" and a.stands_for(known.number(trial, "train_s") or 0.0) for a in sentence.amounts
        )
        is_served = (
            not sentence.has(r"\btrain\w*|to train") and not is_trained and _are_most(known, trial, "latency_ms")
        )
        name = "latency_ms" if is_served else "train_s"
    elif near:
        name = next((one for one in known.numbers if is_named(one, near[0].names)), "")
    elif (
        (
            word in (*_UP[:8], *_DOWN[:3], "most", "highest", "lowest")
            and not re.match(r"\s*(?:value|score|result|of)?", sentence.text[match.end() :])
        )
        or word == "most"
        or (word in ("largest", "smallest") and not near)
    ):
        name = ""
    else:
        name = objective
    if not name:
        return None, []
    order = known.ranking(name, trial.study)
    if word in _UP or word in _DOWN:
        order = sorted(order, key=lambda one: known.number(one, name) or 0.0, reverse=word in _UP)
    return name, order
