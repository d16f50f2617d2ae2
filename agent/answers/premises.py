"""Where a trial that is asked about stands, and what a question takes for granted that is not so.

"why did trial 5 win?" -> "Trial 5 did not win: …; trial 7 did, …"
"""

import re

from agent.answers.explain_trials import ranked_words
from agent.answers.wording import count, listed, number, ordinal
from agent.outside import in_markdown
from agent.results.comparison import NotPaired, TrialsCompared
from agent.results.explained import TrialExplained
from agent.results.result import Result

_WHY = r"\b(?:why|how\s+come|y|explain\s+why|reason)\b"
_WON = re.compile(
    rf"{_WHY}.*\b(?:w[io]ns?|winner|winning|best|better|ahead|beats?|leads?|leading|first|good|great|superior)\b"
)
_LOST = re.compile(rf"{_WHY}.*\b(?:worst|bad(?:ly)?|poor(?:ly)?|lowest|last|los[et]s?|lost|worse)\b")
_FAILED = re.compile(rf"{_WHY}.*\b(?:fail\w*|crash\w*|broke\w*|died|diverg\w*)\b")
_PRUNED = re.compile(rf"{_WHY}.*\b(?:prun\w*|stopped\s+early|cut\s+off|abort\w*|killed)\b")
_FIRST = re.compile(r"\b(?:best|w[io]ns?|winner|winning|highest|top)\b")
_LAST = re.compile(r"\b(?:worst|lowest|last|bad|poor)\b")
_BETTER = re.compile(r"\b(?:better|beats?|ahead|superior|outperforms?|higher|above)\b")
_WORSE = re.compile(r"\b(?:worse|behind|inferior|lower|below)\b")


def premise(says: str, facts: Result) -> str:
    """The sentence that sets it right, or says how far it is so; empty where the question takes nothing for granted.

    Args:
        says: The message.
        facts: What a tool found for it.
    """
    if isinstance(facts, TrialExplained):
        return in_markdown(lambda one: _of_trial(says.lower(), one), facts)
    return in_markdown(lambda two: _of_two(says.lower(), two), facts) if isinstance(facts, TrialsCompared) else ""


def _of_trial(says: str, facts: TrialExplained) -> str:
    trial, measured, top = f"Trial {facts.number}", facts.measured, facts.best
    value = f"{facts.objective} {number(measured)}" if measured is not None else "no value yet"
    if facts.state == "complete":
        if _FAILED.search(says):
            return f"{trial} did not fail: it came to its end, with {value}."
        if _PRUNED.search(says):
            return f"{trial} was not stopped early: it came to its end, with {value}."
    if not top or facts.rank is None:
        return ""
    if facts.rank == 1 and _FIRST.search(says):
        return _stands(facts)
    if facts.rank == facts.n_ranked > 1 and _LAST.search(says):
        return _stands(facts)
    if _LOST.search(says) and not _WON.search(says) and top.number == facts.number:
        return f"{trial} is not behind: it is the best so far, with {value}."
    if not _WON.search(says) or top.number == facts.number:
        return ""
    alike = ", though the two cannot be told apart" if facts.is_like_best else ""
    place = f"{ordinal(facts.rank)} of {facts.n_ranked}"
    return f"{trial} did not win: it is {place}, with {value}; trial {top.number} did, with {number(top.value)}{alike}."


def _stands(facts: TrialExplained) -> str:
    """That it is the best, and how sure that is; or the worst."""
    spread = f" ± {facts.uncertainty:.2g}" if facts.uncertainty is not None else ""
    value = f"{facts.objective} **{number(facts.measured)}**{spread}"
    trials = f"{facts.n_ranked} {ranked_words(facts)}" if facts.constraints else count(facts.n_ranked, "trial")
    if facts.rank != 1:
        return f"Trial {facts.number} is the worst of {trials}, with {value}."
    others = [str(n) for n in facts.group if n != facts.number]
    sure = (
        f"; trial{'s' * (len(others) > 1)} {listed(others)} cannot be told apart from it, so its lead may be chance"
        if others
        else ", ahead of the others beyond the noise over users"
        if facts.n_ranked > 1 and facts.uncertainty is not None
        else ""
    )
    return f"Trial {facts.number} is the best of {trials}, with {value}{sure}."


def _of_two(says: str, facts: TrialsCompared) -> str:
    paired, trials = facts.paired, [trial.number for trial in facts.trials]
    named = [int(n) for n in re.findall(r"\b\d+\b", says) if int(n) in trials]
    claims = 1 if _BETTER.search(says) else -1 if _WORSE.search(says) else 0
    if not re.search(_WHY, says) or not claims or len(named) < 2 or isinstance(paired, NotPaired) or facts.best is None:
        return ""
    first, second = named[:2]
    said = "better" if claims > 0 else "worse"
    claimed = first if claims > 0 else second
    if not paired.is_clear:
        return f"That trial {first} is {said} than trial {second} is not sure: the difference could be chance."
    if facts.best in (first, second) and facts.best != claimed:
        return f"Trial {first} is not {said} than trial {second}: it is the other way round."
    return ""
