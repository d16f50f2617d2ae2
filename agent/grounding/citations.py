"""Facts cited by id: `{t7.recall@10}` becomes the value that the fact has."""

import re

from agent.grounding.known import Known

_CITED = re.compile(r"\{(?P<id>[A-Za-z][\w.@-]*)\}")
_DIGITS = 4


def filled(text: str, known: Known) -> str:
    """The text with every known id replaced by its value; an unknown one stays as it is, and is told of."""

    def value(match: "re.Match[str]") -> str:
        fact = known.by_id.get(match["id"])
        if fact is None:
            return match[0]
        if isinstance(fact.value, bool):
            return "yes" if fact.value else "no"
        return str(fact.value) if isinstance(fact.value, str) else f"{fact.value:.{_DIGITS}g}"

    return _CITED.sub(value, text)


def unknown_ids(text: str, known: Known) -> list[str]:
    """The ids that stand for no fact."""
    return [match["id"] for match in _CITED.finditer(text) if match["id"] not in known.by_id]
