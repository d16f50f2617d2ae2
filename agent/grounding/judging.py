"""A sentence judged: every claim that it makes, and what becomes of it.

judged("Trial 6 won with 0.206.", known).fate  # → "kept"
"""

import re
from dataclasses import dataclass, replace

from agent.grounding.acts import judge_acts
from agent.grounding.changes import judge_changes
from agent.grounding.comparisons import judge_all_baselines, judge_baselines, judge_clearness, judge_comparisons
from agent.grounding.counts import judge_counts
from agent.grounding.data_claims import judge_data
from agent.grounding.intervals import judge_intervals
from agent.grounding.item_ranks import judge_item_ranks
from agent.grounding.known import Known
from agent.grounding.ranks import judge_ranks
from agent.grounding.sayings import judge_sayings
from agent.grounding.sentence import NOTHING, Before, Sentence, carried, read_sentence
from agent.grounding.settings import judge_settings
from agent.grounding.subjects import Who
from agent.grounding.tallies import judge_absent
from agent.grounding.unread import unread_claims
from agent.grounding.values import judge_amount
from agent.grounding.verdict import Fate, Outcome, Verdict, fate_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sentence with its claims."""

    text: str
    fate: Fate
    verdicts: tuple[Verdict, ...]
    after: Before  # what the next sentence may speak of

    @property
    def why(self) -> str:
        """What is wrong with it, in words that a model can use; empty where nothing is."""
        return "; ".join(dict.fromkeys(v.why or f"“{v.claim}” stands in no result" for v in self._bad))

    @property
    def claims(self) -> tuple[str, ...]:
        """What does not hold, as it was written."""
        return tuple(v.claim for v in self._bad)

    @property
    def has_loose_numbers(self) -> bool:
        """Whether it is not clear of some number what it is of."""
        return any(v.outcome == "unknown" and v.kind == "value" for v in self.verdicts)

    @property
    def _bad(self) -> list[Verdict]:
        return [v for v in self.verdicts if v.outcome in ("contradicted", "unsupported")]


def judged(text: str, known: Known, before: Before = NOTHING, *, is_row: bool = False) -> Judged:
    """The sentence, read and judged with what is known; one that a result holds word for word is right.

    Args:
        before: The `after` of the sentence before.
        is_row: It is the row of a table, in words.
    """
    if not before.whos and known.topic:
        before = replace(before, whos=(Who(start=0, end=0, subjects=(known.topic,), role="topic"),))
    sentence = read_sentence(text, known, before, is_row=is_row)
    said = [Verdict(outcome="checked", claim=text.strip()[:60], kind="quoted")] if known.says(text) else []
    verdicts = tuple(said or _verdicts(sentence, known))
    return Judged(text=text, fate=fate_of(verdicts), verdicts=verdicts, after=carried(sentence))


def _verdicts(sentence: Sentence, known: Known) -> list[Verdict]:
    intervals, done = judge_intervals(sentence, known)
    counts = judge_counts(sentence, known)
    sentence = replace(sentence, covered=counts.covered)
    data, of_data = judge_data(sentence, known)
    done |= counts.used | of_data | _pointing(sentence, known)
    values = [judge_amount(amount, sentence, known) for amount in sentence.amounts if amount.start not in done]
    found = [
        *intervals,
        *counts.verdicts,
        *data,
        *values,
        *_nobody(sentence, known),
        *judge_absent(sentence, known),
        *judge_comparisons(sentence, known),
        *judge_changes(sentence, known),
        *judge_baselines(sentence, known),
        *judge_all_baselines(sentence, known),
        *judge_clearness(sentence, known),
        *judge_ranks(sentence, known),
        *judge_item_ranks(sentence, known),
        *judge_acts(sentence, known),
        *judge_sayings(sentence, known),
        *judge_settings(sentence, known),
    ]
    if any(verdict.kind == "clear" and verdict.outcome == "checked" for verdict in found):
        found = [v for v in found if not (v.kind == "comparison" and v.outcome == "unknown")]
    found += unread_claims(sentence, found, known)
    return (
        found
        if found or not _is_claim(sentence)
        else [Verdict(outcome="unknown", claim=sentence.text.strip()[:60], kind="general", why="no result says this")]
    )


_THE_TWO = re.compile(r"\b(?:the|these|those) $", re.I)
_THESE = re.compile(r"\b(?:the|these|those|your|our|my|all|of the|both) $", re.I)
_DO = re.compile(r"\s+(?:are|were|differ|come|came|reach|get|got|score|have|had|can|cannot|do|share|lie|stand)\b", re.I)
_DIGITS = re.compile(r"\s*(?:decimals?|digits?|decimal places|places|significant|figures)\b", re.I)
_POINTS = re.compile(r"\b(?:the|these|those|its|both|other|all|of) (?:other |last |first |top |best |worst )?$", re.I)


def _pointing(sentence: Sentence, known: Known) -> set[int]:
    """The places of number words that only point at what the sentence names: the two models, sasrec and bpr_mf."""
    n = len({who.subjects for who in sentence.whos if who.subjects})
    lengths = {f.number for name, facts in known.numbers.items() if name.startswith("n_listed.") for f in facts}
    return {
        amount.start
        for amount in sentence.amounts
        if amount.text.isalpha()
        and (
            (amount.value == n and n > 1 and _POINTS.search(sentence.text[: amount.start]))
            or re.search(r"\b(?:best|top|worst|first|last) $", sentence.text[: amount.start], re.I)
            or _DIGITS.match(sentence.text[amount.end :])
            or (amount.value in lengths and amount.value > 1 and _THESE.search(sentence.text[: amount.start]))
            or amount.text.lower() == "nil"
            or (
                amount.value < 4
                and _THE_TWO.search(sentence.text[: amount.start])
                and _DO.match(sentence.text[amount.end :])
            )
        )
    }


def _nobody(sentence: Sentence, known: Known) -> list[Verdict]:
    """Trials that are named and that no result knows."""
    found = []
    for who in sentence.whos:
        number = re.search(r"(\d+)$", sentence.text[who.start : who.end])
        if who.role != "trial" or who.subjects or sentence.mood != "states" or number is None:
            continue
        if float(number[1]) in known.said_values:
            continue
        outcome: Outcome = "unknown" if known.may_be(int(number[1])) else "unsupported"
        why = f"no result knows trial {number[1]}"
        found.append(Verdict(outcome=outcome, claim=f"trial {number[1]}", kind="value", why=why))
    return found


_TALK = re.compile(
    r"^\W*(?:(?:here|below|above|this) (?:is|are|follows?|comes?)\b(?: (?:what|how|the|a|an|my|your|all)\b)|"
    r"(?:sure|ok(?:ay)?|thanks?|thank you|hello|hi|of course|certainly|gladly|sorry|great|good (?:question|news|idea|point|luck)|understood|got it|in short|in sum(?:mary)?|summary|conclusion|note)\b[^.]{0,25}$|"
    r"(?:let me|let's|ask me|tell me|feel free|you can|you may|see|remember|note that i)\b|"
    r"i (?:looked|checked|read|compared|asked|searched|do not|don't|did not|didn't|can(?:not|'t)?|could(?: not|n't)?|am|will|would|have (?:looked|checked|read|compared|no))\b|i'(?:m|ll|d)\b)",
    re.I,
)


def _is_claim(sentence: Sentence) -> bool:
    """Whether a sentence of which nothing could be read states something, and is no talk about the talk itself."""
    text = sentence.text.strip(" *_`#-–—|")
    if sentence.mood != "states" or text.endswith(":") or len(re.findall(r"[^\W\d_]{2,}|\d+", text)) < 3:
        return False
    return _TALK.match(text) is None
