"""How many have what a sentence names: two of the studies use demo, three re-rank with dpp, no constraint is set.

A small number is checked where as many are known: all of a kind, or all that have a value which the sentence names. It
is never refuted here, since it may count something else.
"""

import re
from collections import Counter
from collections.abc import Iterator

from agent.grounding.amounts import Amount
from agent.grounding.fact import Kind
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"trials?|runs?|configurations?", "trial"),
    (r"stud(?:y|ies)", "study"),
    (r"data ?sets?", "dataset"),
    (r"items?|books?|films?|movies?|titles?|products?|suggestions?|recommendations?|artists?|songs?|games?", "item"),
    (r"models?", "model"),
    (r"baselines?", "baseline"),
    (r"candidates?|alternatives?", "candidate"),
    (r"contenders?", "contender"),
    (r"params?|parameters?|hyper-?parameters?|knobs?", "param"),
)
_NOUN = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for words, kind in _KINDS), re.I)
_FLAGS = (("is_held", r"held|fixed|frozen"), ("is_confirmed", r"confirmed"), ("is_feasible", r"constraint|feasible|keep|meet|satisf\w*"))  # fmt: skip
_NONE = re.compile(r"\b(?:no|not|none|without|nothing|never|neither|haven't|hasn't|isn't|aren't|don't)\b", re.I)
_MOST = 40  # a longer list is counted by its own facts


def is_tallied(amount: Amount, sentence: Sentence, known: Known) -> bool:
    """Whether as many are known of a kind that the sentence names, or have a value that it names."""
    if not amount.is_whole or not 0 < amount.value <= _MOST or amount.unit:
        return False
    behind = _NOUN.search(sentence.text[amount.end : amount.end + 30])
    kinds = {str(match.lastgroup) for match in _NOUN.finditer(sentence.text)}
    lists = {"goal": "objectives", "objective": "objectives"}
    listed = re.match(r"\s+(?:\w+\s+)?(?P<noun>[a-z]+?)s?\b", sentence.text[amount.end :], re.I)
    key = listed["noun"].lower() if listed else ""
    lengths = [
        fact.number
        for name, facts in known.numbers.items()
        if name.startswith("n_listed.") and key and name.rpartition(".")[2] in (key, f"{key}s", lists.get(key, ""))
        for fact in facts
    ]
    if amount.value in lengths:
        return True
    if behind and amount.value in _totals(str(behind.lastgroup), known):
        return True
    return any(n == amount.value for n in _having(kinds, sentence, known))


def _totals(kind: str, known: Known) -> set[int]:
    """How many of a kind are known, in all and by study."""
    subjects = [one for one in known.by_subject if one.kind == kind and not known.is_only_proposed(one)]
    by_study = Counter(one.study for one in subjects)
    return {len(subjects), *by_study.values()}


def _having(kinds: set[str], sentence: Sentence, known: Known) -> Iterator[int]:
    """How many of these kinds have each value that the sentence names, also by study and by model."""
    text = sentence.text.lower()
    flags = {name for name, words in _FLAGS if sentence.has(rf"\b(?:{words})\b")}
    tallies: Counter[tuple[str, str, str, str]] = Counter()
    for subject, facts in known.by_subject.items():
        if kinds and subject.kind not in kinds:
            continue
        values = {(f.attribute, str(f.value).lower()) for f in facts if isinstance(f.value, str) and len(f.value) < 40}
        values |= {(f.attribute, "") for f in facts if f.attribute in flags and f.value is True}
        values |= {("study", subject.study.lower())} if subject.study else set()
        for attribute, value in values:
            if not value or re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text):
                tallies[subject.kind, attribute, value, ""] += 1
                tallies[subject.kind, attribute, value, subject.study] += 1
    yield from tallies.values()


def judge_absent(sentence: Sentence, known: Known) -> list[Verdict]:
    """That there is none of what a result lists: no constraints, no lessons."""
    if sentence.mood != "states" or not _NONE.search(sentence.text):
        return []
    found = []
    for name, facts in known.numbers.items():
        key = name.rpartition(".")[2].rstrip("s") if name.startswith("n_listed.") else ""
        match = re.search(rf"\b{re.escape(key)}s?\b", sentence.text, re.I) if len(key) > 4 else None
        near = sentence.text[max(0, match.start() - 25) : match.end() + 25] if match else ""
        if match and _NONE.search(near) and facts and all(fact.number == 0 for fact in facts):
            found.append(Verdict(outcome="checked", claim=near.strip(), kind="count"))
    return found
