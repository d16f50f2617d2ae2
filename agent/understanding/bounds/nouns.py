"""Nouns that own an amount as names do: trials, seeds, patience."""

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Span
from agent.words.spelling import loosely

TRIALS = (
    rf"(?:{loosely('trials', 'trial', 'experiments', 'attempts', 'iterations', 'configurations')}|trails?|trys?|tries|runs?(?!\s+(?:it|the|on|with|for|in)\b)|attempt|"
    r"iteration|rounds?|evaluations?|experiment|configs?|tests?(?!\s+(?:set|part))|settings|essais?|pruebas?|ensayos?|intentos?|versuche?n?|durchläufe?|prove|"
    r"个?(?:试验|实验)|次(?:试验|实验|尝试)?|轮试验|回(?:の)?(?:トライアル|試行)?|トライアル|試行|n_?trials?|t(?:rs?)?(?![\w']))"
)
_NOUNS = (
    ("n_trials", rf"(?<![^\W\d_])(?:(?:number|nr|no\.?|count|amount)\s+of\s+(?:the\s+)?)?(?:{TRIALS}(?:\s+(?:number|count|budget|limit))?|budget)(?![^\W\d_\u3040-\u30ff])"),
    ("patience", rf"\b(?:{loosely('patience')}|patient)\b"),
    ("seed", rf"\b(?:random\s+)?{loosely('seeds', 'seed')}\b(?:\s*(?:number|no\.?|nr\.?|#))?|种子"),
)  # fmt: skip


def counted(stretch: Stretch, *, without: tuple[str, ...] = ()) -> list[Span]:
    """The nouns that own an amount, as spans of the kind "noun" whose value is the argument."""
    found: list[Span] = []
    for name, pattern in _NOUNS:
        for match in stretch.find(pattern) if name not in without else ():
            if all(match.end() <= other.start or match.start() >= other.end for other in found):
                found.append(Span(kind="noun", value=name, start=match.start(), end=match.end()))
    return found
