"""What trials are called on a server that several homes share: `tiny-1` of each home is another study.

There a study is called after its home too, as in `tiny-1@3f9c1a7e`; in the home itself it keeps its name.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from memory.record import Lesson, Record, TrialRecord

AnyRecord = TypeVar("AnyRecord", bound=Record)


class HomeNames:
    """The names of one home's studies, there and here; the same where the memory is not shared.

    Args:
        home: What tells this home from others; empty: the memory is this home's alone.
        studies: What this home has, by their own names.
    """

    def __init__(self, home: str, studies: Iterable[str] = ()) -> None:
        self._mark = f"@{home}" if home else ""
        self._studies = frozenset(studies if home else ())

    def is_own(self, study: str) -> bool:
        """Whether a study that the memory speaks of is this home's."""
        return study in self._studies or (bool(self._mark) and study.endswith(self._mark))

    def id_there(self, id: str) -> str:
        """The id of a trial, which begins with its study."""
        return self.marked(id) if id.rpartition("/")[0] in self._studies else id

    def marked(self, id: str) -> str:
        """As if the study were this home's, which an older ledger may not know of."""
        study, slash, number = id.rpartition("/")
        return f"{study}{self._mark}{slash}{number}"

    def id_here(self, id: str) -> str:
        study, slash, number = id.rpartition("/")
        return f"{study.removesuffix(self._mark)}{slash}{number}" if self._mark else id

    def there(self, record: AnyRecord) -> AnyRecord:
        """The record as the memory keeps it."""
        return renamed(record, self._study_there, self.id_there) if self._mark else record

    def here(self, record: AnyRecord) -> AnyRecord:
        """The record as this home knows it."""
        return renamed(record, self._study_here, self.id_here) if self._mark else record

    def _study_there(self, study: str) -> str:
        return f"{study}{self._mark}" if study in self._studies else study

    def _study_here(self, study: str) -> str:
        return study.removesuffix(self._mark)


def renamed(record: AnyRecord, study: Callable[[str], str], id: Callable[[str], str]) -> AnyRecord:
    """The record with its study, its id and its evidence called otherwise.

    Args:
        study: The new name of a study.
        id: The new id of a trial or of a lesson.
    """
    changes: dict[str, Any]
    match record:
        case TrialRecord():
            changes = {"id": id(record.id), "study": study(record.study), "evidence": tuple(map(id, record.evidence))}
        case Lesson():
            lists = {name: tuple(map(id, getattr(record, name))) for name in ("evidence", "against", "weighed_in")}
            changes = {"study": record.study and study(record.study), **lists}
        case _:
            return record
    is_same = all(getattr(record, name) == value for name, value in changes.items())
    return record if is_same else replace(record, **changes)
