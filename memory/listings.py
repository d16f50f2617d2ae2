"""What was listed of a dataset, kept as long as nothing of that dataset is written: by this process or by another."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from memory.record import Record

_MOST = 128  # listings: eight datasets of some models
_OLD_S = 600.0  # an earlier version writes without a stamp; so does a process that is killed between the two writes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    stamp: str
    since: float
    records: Sequence[Record]


class Listings:
    """The latest listings; safe in several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, stamp: str | None, read: Callable[[], Sequence[Record]]) -> Sequence[Record]:
        """What `read` returned for this key under this stamp.

        Args:
            key: What is listed.
            stamp: Of the state of the dataset, read before this call; None: unknown, so that nothing is kept.
        """
        if stamp is None:
            return read()
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.stamp != stamp or now - kept.since > _OLD_S:
            kept = _Kept(stamp=stamp, since=now, records=read())
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return kept.records
