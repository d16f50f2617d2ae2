"""The thread that renews a claim: it outlives a ledger that is away, and tells of a claim that was taken."""

import threading

from agent.studies.claim_renewal import ClaimRenewal


class Pages:
    """Answers each renewal with the next of some answers."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)

    def renew(self) -> bool:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_claim_that_was_taken_is_told_once_after_errors_were_outlived() -> None:
    pages, is_told, told = Pages(True, OSError("locked"), True, False), threading.Event(), []

    def lost() -> None:
        told.append(threading.current_thread())
        is_told.set()

    renewal = ClaimRenewal(pages.renew, lost, "it", every_s=0.001)
    renewal.start()
    renewal.start()
    assert is_told.wait(10)
    told[0].join(10)
    assert not told[0].is_alive() and len(told) == 1 and pages.answers == []


def test_a_renewal_that_was_stopped_asks_no_more() -> None:
    pages, lost = Pages(False), threading.Event()
    renewal = ClaimRenewal(pages.renew, lost.set, "it", every_s=0.2)
    renewal.start()
    renewal.stop()
    assert not lost.wait(0.5) and pages.answers == [False]
