"""Sums as people say them, turned into signs: “how much better is trial 3 than trial 0”, “the mean of 1, 2 and 3”."""

import re
from collections.abc import Callable

_TRIAL = r"(?:trial\s*#?\d+|(?:the\s+)?(?:best|winner|defaults?)(?:\s+trial)?)"
_NAME = r"[A-Za-z][\w@ -]*?"
_MORE = r"(?:better|worse|higher|lower|larger|smaller|bigger|faster|slower|longer|shorter|more|less|greater)"
_Rewrite = str | Callable[[re.Match[str]], str]


def _listed(match: re.Match[str]) -> str:
    """`1, 2 and 3` as a sum, over how many where the mean is meant."""
    parts = re.split(r"\s*,\s+(?:and\s+)?|\s+and\s+", match["list"].strip())
    total = f"({' + '.join(f'({part})' for part in parts)})"
    return total if match["what"].lower() in ("sum", "total") else f"{total} / {len(parts)}"


_FUNCTIONS = {"total": "sum", "standard deviation": "std", "spread": "std", "minimum": "min", "lowest": "min", "maximum": "max", "highest": "max"}  # fmt: skip


def _of_all(match: re.Match[str]) -> str:
    """`mean(ndcg@10 of all trials)` for “the mean ndcg@10 of all trials”."""
    what = " ".join(match["what"].lower().split())
    return f"{_FUNCTIONS.get(what, what)}({match['n']} of all trials)"


_REWRITES: tuple[tuple[str, _Rewrite], ...] = (
    (
        rf"(?P<t>{_TRIAL})['’]s\s+(?P<n>{_NAME})(?=\s*(?:[-+*/^(),]|$|\b(?:and|than|minus|plus|over|divided|times)\b))",
        r"\g<n> of \g<t>",
    ),
    (
        rf"^(?:the\s+)?(?:difference|gap)\s+in\s+(?P<n>{_NAME})\s+between\s+(?P<a>{_TRIAL})\s+and\s+(?P<b>{_TRIAL})$",
        r"\g<n> of \g<a> - \g<n> of \g<b>",
    ),
    (
        rf"^how\s+much\s+{_MORE}\s+(?:is|was|are|were)\s+(?:the\s+)?(?P<n>{_NAME})\s+(?:of|in|for)\s+(?P<a>{_TRIAL})\s+than\s+(?:(?:that\s+)?(?:of|in|for)\s+)?(?P<b>{_TRIAL})$",
        r"\g<n> of \g<a> - \g<n> of \g<b>",
    ),
    (
        rf"^(?:the\s+)?(?P<n>{_NAME})\s+(?:of|in|for)\s+(?P<a>{_TRIAL})\s+(?:than|minus|vs\.?|versus|compared\s+(?:to|with))\s+(?:(?:that\s+)?(?:of|in|for)\s+)?(?P<b>{_TRIAL})$",
        r"\g<n> of \g<a> - \g<n> of \g<b>",
    ),
    (rf"^(?:by\s+)?how\s+much\s+(?:is|was|did)?\s*(?P<a>.+?)\s+(?:beat|{_MORE}\s+than)\s+(?P<b>.+)$", r"\g<a> - \g<b>"),
    (rf"^how\s+much\s+{_MORE}\s+(?:is|was|are|were)\s+(?P<a>.+?)\s+than\s+(?P<b>.+)$", r"\g<a> - \g<b>"),
    (r"^(?P<a>.+?)\s+(?:vs\.?|versus|compared\s+(?:to|with))\s+(?P<b>.+)$", r"\g<a> - \g<b>"),
    (
        r"^(?:the\s+)?(?:percentage|percent|relative)\s+(?:change|increase|decrease|gain|improvement|difference)\s+(?:from|between)\s+(?P<a>.+?)\s+(?:to|and)\s+(?P<b>.+)$",
        r"((\g<b>) - (\g<a>)) / (\g<a>)",
    ),
    (r"^(?:the\s+)?(?:difference|gap)\s+(?:between|of)\s+(?P<a>.+?)\s+and\s+(?P<b>.+)$", r"\g<a> - \g<b>"),
    (r"^(?:the\s+)?ratio\s+(?:between|of)\s+(?P<a>.+?)\s+(?:and|to)\s+(?P<b>.+)$", r"(\g<a>) / (\g<b>)"),
    (
        rf"^(?:what\s+(?:is|was|are|were)\s+)?(?:the\s+)?(?P<what>mean|average|median|sum|total|std|standard\s+deviation|spread|min|max|minimum|maximum|lowest|highest)\s+(?:of\s+(?:the\s+)?)?(?P<n>{_NAME})\s+(?:of|over|across|for|in|among)\s+(?:all|every)(?:\s+(?:of\s+)?(?:the\s+)?(?:\d+\s+)?(?:complete\s+|finished\s+)?(?:trials?|runs?))?$",
        _of_all,
    ),
    (r"^(?:the\s+)?(?P<what>mean|average|sum|total)\s+of\s+(?P<list>.+)$", _listed),
    (r"(?P<a>[\d.,]+\s*)(?:%|per\s*cent|percent)\s+of\s+(?=[\d(.])", r"\g<a>% * "),
    (r"\b(?:the\s+)?square\s+root\s+of\s+(?P<a>[\d.,]+)", r"sqrt(\g<a>)"),
    (r"\bdivided\s+by\b", "/"),
    (r"\b(?:times|multiplied\s+by)\b", "*"),
    (r"\bminus\b", "-"),
    (r"\bplus\b", "+"),
)  # in this order


def in_signs(text: str) -> str:
    """The sum with signs for its words; what is none stays as it is."""
    text = " ".join(text.split()).rstrip("=?. ")
    for pattern, sign in _REWRITES:
        text = re.sub(pattern, sign, text, flags=re.IGNORECASE)
    return text
