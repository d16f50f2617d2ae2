"""How long to wait after wrong passwords: longer after each, for the name and for the address that tries it.

A name at an address that it has logged in from waits for the wrong ones from there only: others cannot lock it out.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FREE_TRIES = 3  # wrong ones without a wait
FORGOTTEN_S = 900.0  # after the last wrong one
MOST_KEYS = 10_000
LONGEST_S = {"name": 60.0, "address": 600.0, "both": 60.0}  # a name for less, since it may be its owner's

Key = tuple[Literal["name", "address", "both"], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Wrong passwords so far, and when the next one is looked at."""

    n_wrong: int = 0
    last_at: float = 0.0
    free_at: float = 0.0


class Delays:
    """Those of one server, kept in memory. A try counts as wrong until known to be right: many at once are none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[Key, Tried] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()  # name and address of those who have logged in

    def left_s(self, name: str, address: str) -> float:
        """Seconds until a password of this name, from this address, is looked at; 0: now."""
        now = self._clock()
        return max(0.0, *(self._of(key).free_at - now for key in self._keys(name, address)))

    def begin(self, name: str, address: str) -> None:
        """A password is looked at."""
        now = self._clock()
        for key in self._keys(name, address):
            n_wrong = self._of(key).n_wrong + 1
            wait = min(2.0 ** (n_wrong - FREE_TRIES), LONGEST_S[key[0]]) if n_wrong >= FREE_TRIES else 0.0
            self._tried[key] = Tried(n_wrong=n_wrong, last_at=now, free_at=now + wait)
            self._tried.move_to_end(key)
        while len(self._tried) > MOST_KEYS:
            self._tried.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """It was right: the name is free again here, the address as it was before this try."""
        keys, both = self._keys(name, address), _both(name, address)
        for free in (("name", name), ("both", both)):
            self._tried.pop(free, None)
        self._known[both] = None
        if len(self._known) > MOST_KEYS:
            self._known.popitem(last=False)
        key: Key = ("address", address)
        if key not in keys:
            return
        before = self._of(key)
        self._tried[key] = Tried(n_wrong=max(0, before.n_wrong - 1), last_at=before.last_at)

    def _of(self, key: Key) -> Tried:
        found = self._tried.get(key)
        return found if found is not None and self._clock() - found.last_at < FORGOTTEN_S else Tried()

    def _keys(self, name: str, address: str) -> tuple[Key, ...]:
        """What a try counts for: an owner at a known address is not kept out by what others try."""
        both = _both(name, address)
        return (("both", both),) if both in self._known else (("name", name), ("address", address))


def _both(name: str, address: str) -> str:
    return f"{name}\n{address}"
