"""Whom to recommend to, and how many items."""

from agent.llm.pilot.numbers import Reader

_PERSON = (
    r"(?:users?|usr|readers?|customers?|clients?|visitors?|members?|shoppers?|listeners?|players?|candidates?|"
    r"buyers?|persons?|uids?|ids?|"
    r"sessions?|accounts?|nutzer|leser|utilisateur|usuario|utente|usuário|用户)"
)
_ID = r"[\"'“]?(?P<id>[A-Za-z]{0,12}[-_]?\d[\w-]*|[A-Za-z]+_[A-Za-z0-9]+)[\"'”]?"
_ITEMS = (
    r"(?:items?|books?|movies?|films?|recs?|recommendations?|songs?|tracks?|products?|games?|articles?|jobs?|"
    r"recipes?|podcasts?|hotels?|"
    r"restaurants?|things|livres|picks|of them)"
)
_LENGTHS = (
    r"\bk\s*=\s*(\d+)",
    r"\btop[-\s]?(?:k\s*=\s*)?(\d+)",
    rf"\bfirst\s+(\d+)\s*(?:{_ITEMS})?|\blist\s+(\d+)\b",
    rf"(?<![\w.@#-])(\d+)\s+(?:\w+\s+)?{_ITEMS}\b",
    r"\b(\d+)\s+(?:is enough|instead)\b",
)


def read_user(reader: Reader) -> str | None:
    """The user's id as the data spells it, where a word for a person stands beside it."""
    for pattern in (
        rf"\b{_PERSON}\s*[=:]?\s*[\"'“](?P<id>[^\"'”]{{1,200}})[\"'”]",
        rf"(?<!\w){_PERSON}\s*(?:number|no\.?|nr\.?|#|id|like|such as|called|with id|the|of|[=:])*\s*{_ID}(?!\w)",
        r"\b(?P<id>u_?\d+)\b",
        r"\buser\s*=\s*(?P<id>[\w-]+)",
    ):
        if match := reader.take(pattern):
            return match["id"]
    return None


def read_bare_user(reader: Reader) -> str | None:
    """An id without a word for a person; read the length of the list first."""
    for pattern in (rf"\b(?:for|to|and|about|try|recs|of|4|does)\s+{_ID}(?!\w)", rf"^\W*\w*\s*{_ID}\W*$"):
        if match := reader.take(pattern):
            return match["id"]
    return None


def read_length(reader: Reader) -> int | None:
    """How many items to show."""
    for pattern in _LENGTHS:
        if match := reader.take(pattern):
            return next(int(group) for group in match.groups() if group)
    return None
