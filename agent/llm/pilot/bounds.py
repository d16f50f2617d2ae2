"""What a message says about the range of a param: bounds, choices or one value for all trials to come."""

import re
from typing import Any

from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.numbers import NUMBER, Reader, number
from agent.llm.pilot.params import choice_words, mentions
from recmodels.search_space import Choice

_N = rf"(?<![\w.])({NUMBER})(?!\w)"
_NOT = (
    r"(?:no|not|never|nothing|nobody|don'?t|dont|do not|didn'?t|shouldn'?t|can'?t|cannot|mustn'?t|won'?t|without|"
    r"avoid|exclude|skip|stop|ban|nicht|kein\w*)\b[^.;]*?"
)
_HIGHER = (
    r"(?:above|over|higher than|larger than|bigger than|greater than|more than|beyond|exceed(?:ing)?|past|über|"
    r"higher|larger|bigger)"
)
_LOWER = r"(?:below|under|lower than|smaller than|less than|fewer than|shorter than|down below|unter|smaller|lower)"
_SHAPES: tuple[tuple[str, str], ...] = (
    (rf"\b(?:between|entre|zwischen|btw|in between)\s+{_N}\s*(?:and|to|&|-|n|et|und|y|,)\s*{_N}", "range"),
    (rf"\b(?:from|von|de)\s+{_N}\s*(?:to|up to|-|bis|à|a)\s*{_N}", "range"),
    (rf"\blow(?:er)?\s*[=:]?\s*{_N}\D*?\bhigh(?:er)?\s*[=:]?\s*{_N}", "range"),
    (rf"[\[(]\s*{_N}\s*,\s*{_N}\s*\]", "range"),
    (rf"{_N}\s*(?:\.\.+|…|–|—|~|\s-\s|-|\bto\b|\bbis\b)\s*{_N}", "range"),
    (rf"\b(?:stay|remain|keep)\w*\s+in\s+{_N}\s*(?:,|and)\s*{_N}", "range"),
    (rf"\{{\s*{_N}[^}}]*\}}", "choices"),
    (rf"{_N}(?:\s*(?:,|/|\bor\b|\band\b|\boder\b|\bund\b)+\s*{_N})+", "choices"),
    (rf"\b{_NOT}\b{_HIGHER}\s*(?:than\s*)?{_N}", "high"),
    (rf"\b{_NOT}\b{_LOWER}\s*(?:than\s*)?{_N}", "low"),
    (
        rf"{_N}\s*(?:\w+\s+)?(?:at most|max(?:imum)?|or less|or below|and below|and less|tops|as (?:the )?(?:ceiling|"
        rf"maximum|upper))",
        "high",
    ),
    (rf"{_N}\s*(?:\w+\s+)?(?:at least|min(?:imum)?|or more|or above|and (?:up|above|more)|upwards?)", "low"),
    (rf"{_N}\s+is the (?:ceiling|max(?:imum)?|limit|most)", "high"),
    (
        r"\b(?:lower (?:bound|end|limit)|min(?:imum)?|at least|no less than|not less than|no (?:lower|smaller|"
        r"fewer) than|start(?:ing)? (?:at|from)|"
        rf"mindestens|mínimo|au moins|down to|>=|≥|>)(?:\s+(?:of|on|at|to|is|it|for|the|be|value|bound|"
        rf"should be))*\s*[=:→]?\s*{_N}",
        "low",
    ),
    (
        r"\b(?:upper (?:bound|end|limit)|max(?:imum)?|ceiling|cap(?:ped)?|at most|up to|as far as|as high as|"
        r"no more than|not more than|"
        r"no (?:higher|larger|bigger|more) than|höchstens|máximo|au plus|limit(?:ed|a|e)?|restrict(?:ed)?|<=|≤|<)"
        rf"(?:\s+(?:of|on|at|to|is|it|for|the|be|go|goes|lr|value|bound|should be|rank|dropout|auf|en|à|"
        rf"a))*\s*[=:→]?\s*{_N}",
        "high",
    ),
    (rf"(?:<=|≤|<)\s*{_N}", "high"),
    (rf"(?:>=|≥|>)\s*{_N}", "low"),
    (rf"\b{_LOWER}\s*{_N}", "high"),
    (rf"\b{_HIGHER}\s*{_N}", "low"),
    (rf"\b(?:around|about|near|close to|um)\s+{_N}", "around"),
    (rf"{_N}", "value"),
)


def read_change(reader: Reader, context: PilotContext, models: tuple[str, ...] = ()) -> dict[str, Any]:
    """`param` with `low`, `high`, `choices` or `value`; a factor of 3 either way for "around 0.001"."""
    text = reader.text
    named = mentions(text, context, models)
    param = named[0].param if named else None
    words = _words(text, context, param)
    if words:
        return words
    if param is None and context.last_tool in ("set_search_space", "explain_trial"):
        param = context.last_args.get("param")
    change: dict[str, Any] = {"param": param} if param else {}
    blanked = text
    for mention in named:  # the 2 of l2 is no number, and a range may stand on either side of the name
        blanked = blanked[: mention.start] + " " * (mention.end - mention.start) + blanked[mention.end :]
    return change | _bounds(blanked, text)


def _bounds(text: str, said: str) -> dict[str, Any]:
    text = re.sub(r"\b(?:trial|versuch|essai)s?\s+#?\d+", " ", text, flags=re.I)
    text = re.sub(r"\b(?:zero|null)\b", "0", text, flags=re.I)
    for pattern, kind in _SHAPES:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return _read(kind, match, said) if kind != "value" else _one(match, text)
    if re.search(r"\b(?:no|without|kein\w*|ohne)\b|\boff\b|any ?more", text, re.I):
        return {"value": 0}
    return {}


def _read(kind: str, match: re.Match[str], said: str) -> dict[str, Any]:
    if kind == "choices":
        return {"choices": [number(text) for text in re.findall(rf"(?<![\w.]){NUMBER}", match[0])]}
    values = [number(text) for text in match.groups() if text is not None]
    if kind == "range":
        low, high = sorted(values[:2])
        return {"low": low, "high": high}
    if kind == "around":
        return {"low": float(f"{values[0] / 3:.3g}"), "high": float(f"{values[0] * 3:.3g}")}
    if kind == "high" and re.search(r"\bup\b.*\bfrom\b|\bfrom\b\s*\S+\s*\bup\b", said, re.I):
        return {"low": values[0]}
    return {kind: values[0]}


def _one(match: re.Match[str], text: str) -> dict[str, Any]:
    """A lone number: what to fix the param at, or how far it may go; a value that is ruled out is no value."""
    value = number(match[1])
    before = text[: match.start()]
    if re.search(
        r"\b(?:exclude|ban|remove|drop|avoid|forbid|never (?:use|try)|stop (?:using|trying)|not (?:use|try))\b[^,.;]*$",
        before,
        re.I,
    ):
        return {}
    if re.search(r"\b(?:down|as low as|as small as)\s+(?:to\s+)?$", before, re.I):
        return {"low": value}
    if re.search(r"\b(?:allow|widen|extend|open up|expand|raise|increase|let|go (?:up )?to|up)\b", before, re.I):
        return {"high": value}
    return {"value": value}


def _words(text: str, context: PilotContext, param: str | None) -> dict[str, Any]:
    """Choices that are words: "only adam", "relu or gelu", "no more softmax"."""
    owners = choice_words(context)
    found = [word for word in owners if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)]
    found = [word for word in found if param in (None, owners[word], "adapter")]
    if not found or (re.search(rf"(?<![\w.]){NUMBER}", text) and param not in (None, owners[found[0]])):
        return {}
    found = [word for word in found if owners[word] == owners[found[0]]]
    found.sort(key=lambda word: text.lower().index(word.lower()))
    ruled_out = [
        word
        for word in found
        if re.search(
            rf"\b(?:no|not|never|without|ban|exclude|remove|drop|stop)\b[^.,;]*\b{re.escape(word)}\b", text, re.I
        )
    ]
    kept = [word for word in found if word not in ruled_out]
    name = owners[found[0]]
    if kept:
        return {"param": name} | ({"value": kept[0]} if len(kept) == 1 else {"choices": kept})
    declared = next((space[name] for space in context.spaces.values() if name in space), None)
    legal = declared.choices if isinstance(declared, Choice) else ()
    return {"param": name} | ({"choices": [value for value in legal if value not in ruled_out]} if legal else {})
