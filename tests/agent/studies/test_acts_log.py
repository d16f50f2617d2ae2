"""The log of acts: written before and after each, and read by what still stands."""

import pytest

from agent.studies.ledger import Ledger
from memory.record import TrialRecord, to_dict


class Killed(BaseException):
    """The program ends here."""


RECORD = TrialRecord(
    id="imported-x/0",
    study="imported-x",
    number=0,
    dataset="tiny",
    model="ease",
    params={"l2": 3.0},
    state="complete",
    objective="ndcg@10",
    value=0.2,
)


def test_an_act_that_was_killed_still_stands_and_one_that_failed_does_not(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="no"), ledger.acts.act("rename_study", chat=None, before={}):
        raise ValueError("no")
    with pytest.raises(Killed), ledger.acts.act("delete_study", chat=None, before={"name": "a"}):
        raise Killed
    (act,) = ledger.acts.last(None)
    assert (act.tool, act.outcome, dict(act.before)) == ("delete_study", "begun", {"name": "a"})


def test_what_is_only_known_afterwards_is_kept_too(ledger: Ledger) -> None:
    with ledger.acts.act("start_study", chat="one", before={}) as entry:
        entry.study, entry.says, entry.before = "a-1", "study a-1 was started", {"n": 1}
    (act,) = ledger.acts.last("one")
    assert (act.study, act.says, dict(act.before), act.outcome) == ("a-1", "study a-1 was started", {"n": 1}, "done")
    assert ledger.acts.last("one", "a-2") == ledger.acts.last(None) == []


def test_an_import_counts_until_it_was_taken_back_to_the_end(ledger: Ledger) -> None:
    with ledger.acts.act("import_trials", chat=None, before={"records": [to_dict(RECORD)]}):
        pass
    assert ledger.acts.imported() == [RECORD]
    with pytest.raises(Killed), ledger.acts.act("undo", chat=None, before={}, undoes=1):
        raise Killed
    assert ledger.acts.imported() == [RECORD]
    assert [act.number for act in ledger.acts.last(None)] == [1]
    with ledger.acts.act("undo", chat=None, before={}, undoes=1):
        pass
    assert ledger.acts.imported() == ledger.acts.last(None) == []
    assert ledger.records() == []
