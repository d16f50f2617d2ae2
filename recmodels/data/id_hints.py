"""Users whose ids say that they are programs or test accounts: a hint, since a person may be called so too."""

import re

import numpy as np

from recmodels.data.interactions import Interactions

_PROGRAM = r"(?:[a-z]+-)?(?:ro)?bots?|[a-z]*bot(?=[-_@.])|crawlers?|spiders?|scrapers?|[a-z]*crawler"
_TEST = r"tests?|testers?|testing|test[-_]?(?:user|account|kunde|customer|person)s?|demo[-_]?(?:user|account)s?|dummy"
_HINT = re.compile(rf"(?<![a-z])(?:{_PROGRAM}|{_TEST})[-_]?\d*(?![a-z0-9])", re.IGNORECASE)


def named_as_no_person(interactions: Interactions) -> tuple[tuple[str, int], ...]:
    """The ids with a word such as bot, crawler or test, with their events; the most events first.

    None where most ids have one: then it is how all of them are called.
    """
    counts = np.diff(interactions.offsets())
    found = [
        (str(name), int(n))
        for name, n in zip(interactions.user_ids.to_list(), counts, strict=True)
        if n and _HINT.search(str(name))
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))) if 2 * len(found) <= len(counts) else ()
