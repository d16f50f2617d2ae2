"""Says every few seconds that this process still works on something, also during an epoch that takes an hour."""

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)
RENEW_S = 10.0


class ClaimRenewal:
    """Renews the claim from a thread of its own while it is started."""

    def __init__(
        self, renew: Callable[[], bool], when_lost: Callable[[], object], claimed: str, every_s: float = RENEW_S
    ) -> None:
        """`renew` says whether the claim is still held; `when_lost` is called when another process has it.

        Args:
            claimed: Its name, for the log.
        """
        self._renew_claim = renew
        self._claimed = claimed
        self._when_lost = when_lost
        self._every_s = every_s
        self._stopped: threading.Event | None = None

    def start(self) -> None:
        """Begin, if it is not begun."""
        if self._stopped is None:
            self._stopped = threading.Event()
            thread = threading.Thread(target=self._renew, args=(self._stopped,), name="claim", daemon=True)
            thread.start()

    def stop(self) -> None:
        """End without waiting: the thread may itself wait for whoever stops it."""
        if self._stopped is not None:
            self._stopped.set()
            self._stopped = None

    def _renew(self, stopped: threading.Event) -> None:
        while not stopped.wait(self._every_s):
            try:
                if not self._renew_claim() and not stopped.is_set():
                    self._when_lost()
                    return
            except Exception:  # noqa: BLE001 - a ledger that is locked or away for a moment; the next turn tries again
                _log.warning("the claim on %s could not be renewed", self._claimed, exc_info=True)
