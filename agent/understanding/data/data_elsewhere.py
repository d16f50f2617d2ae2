"""What is done to data on the command line and not in the chat: such an order is answered and never half done.

>>> said_elsewhere("tune ease on shop") is None
True
"""

import re

_HASH = re.compile(
    r"(?<![\w.-])(?:hash|anonymi[sz]e|pseudonymi[sz]e|encrypt|scramble|obfuscate|mask|salt)\s+(?:(?:all|the|our|my|its|their|every|each|of|these|those|both)\s+)*"
    r"(?:(?:[\w-]+\s+){0,3}?(?:e-?mails?|addresse?s?|ids?|names?|columns?|customers?|users?|people|persons?|phones?|data\s?(?:sets?)?)\b|(?:it|them)\b)(?:\s+[\w-]+){0,4}",
    re.IGNORECASE,
)


_FILE = re.compile(r"\S\.(?:csv|tsv|txt|parquet|jsonl?|inter|dat|data|xlsx?|zip|gz|tar|tgz)(?!\w)", re.IGNORECASE)


def names_file(say: str) -> bool:
    """Whether a message names a file, so that its order may be to add it with hashed ids."""
    return _FILE.search(say) is not None


def said_elsewhere(say: str) -> str | None:
    """The answer to a message that orders what the chat has no tool for; None for any other message."""
    hashing = _HASH.search(say)
    return hashing and (
        f"I cannot hash, mask or encrypt values of what is there (“{hashing[0]}”). While a file of the data folder is added, ids are"
        " hashed where you say so (`add FILE with hashed user ids`); on the command line `recpilot data add FILE --hash-ids`"
        " does it. Both keep keyed hashes in place of the users' ids, which are pseudonyms. Other columns can be left out while the file"
        " is added (`add FILE, ignore the … column`). Nothing was added and nothing else was done."
    )
