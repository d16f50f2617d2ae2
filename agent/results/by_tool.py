"""Which result each tool gives, and reading it back from what a chat keeps."""

from collections.abc import Mapping
from functools import lru_cache

from agent.results.asked import Counted, LeftOut, Ranked, Regular, Size
from agent.results.comparison import ParamImportance, StudiesCompared, TradeOffs, TrialsCompared
from agent.results.confirmed import ConfirmationBegun, ConfirmationShown, ConfirmedBefore
from agent.results.counts import Counts, Parts, RatingCounts, Times
from agent.results.data import DatasetAdded, DatasetDescribed, DatasetList, DatasetRemoved, DatasetRenamed, DataTold
from agent.results.explained import TrialExplained
from agent.results.kept import fits, from_json, json_of
from agent.results.memory import LessonForgotten, LessonList, LessonNoted, Recalled, TrialsImported
from agent.results.prediction import Prediction, SpaceChanged, SpaceShown
from agent.results.proposal import Proposed, RepeatBegun, TrialBegun, TrialRejected
from agent.results.pruning import PruningShown
from agent.results.result import ColumnsAsked, Failure, NotDone, Result, Unknown
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats
from agent.results.rules import RulesShown
from agent.results.serving import ItemsRecommended, ModelExported
from agent.results.status import Status
from agent.results.study import (
    ConfirmationCutOff,
    NothingToUndo,
    NotUndone,
    ReportPlace,
    StudyBegun,
    StudyDeleted,
    StudyList,
    StudyOpened,
    StudyRenamed,
    StudySteered,
    TermsChanged,
    Undone,
)
from agent.results.sums import Sum
from agent.results.table import TrialTable
from agent.results.weighed import PastWeighed

RESULTS: Mapping[str, tuple[type[Result], ...]] = {
    "list_datasets": (DatasetList,),
    "add_dataset": (DatasetAdded,),
    "describe_dataset": (DatasetDescribed,),
    "inspect_data": (
        *(Head, OneUser, OneItem, Repeats, Popular, Columns, RatingCounts, Times, Counts, Parts, DataTold),
        *(LeftOut, Size, Ranked, Counted, Regular),
    ),
    "rename_dataset": (DatasetRenamed,),
    "remove_dataset": (DatasetRemoved,),
    "filter_dataset": (DatasetAdded,),
    "recall_trials": (Recalled,),
    "remember_lesson": (LessonNoted,),
    "list_lessons": (LessonList,),
    "forget_lesson": (LessonForgotten,),
    "list_rules": (RulesShown,),
    "show_influence": (PastWeighed,),
    "show_pruning": (PruningShown,),
    "import_trials": (TrialsImported,),
    "start_study": (StudyBegun,),
    "extend_study": (TermsChanged,),
    "control_study": (StudySteered, ConfirmationCutOff),
    "list_studies": (StudyList,),
    "open_study": (StudyOpened,),
    "rename_study": (StudyRenamed,),
    "delete_study": (StudyDeleted,),
    "undo": (Undone, NotUndone, NothingToUndo),
    "report": (ReportPlace,),
    "propose_trial": (Proposed,),
    "run_trial": (TrialBegun,),
    "reject_trial": (TrialRejected,),
    "repeat_trial": (RepeatBegun,),
    "set_search_space": (SpaceChanged,),
    "show_space": (SpaceShown,),
    "study_status": (Status,),
    "explain_trial": (TrialExplained,),
    "compare_trials": (TrialsCompared, StudiesCompared),
    "parameter_importance": (ParamImportance,),
    "show_tradeoffs": (TradeOffs,),
    "trials": (TrialTable,),
    "calc": (Sum,),
    "predict": (Prediction,),
    "confirm": (ConfirmationBegun, ConfirmedBefore),
    "show_confirmation": (ConfirmationShown,),
    "recommend_items": (ItemsRecommended,),
    "export_model": (ModelExported,),
}
"""By the name of the tool; of several the one that fits."""

_FAILURES = (Failure, ColumnsAsked, NotDone)


def read_result(tool: str, content: object) -> Result:
    """The result that a tool's message holds; a plain text, as a chat framework writes, is a failure."""
    return _read(tool, content) if isinstance(content, str) else result_of(tool, json_of(content))


@lru_cache(maxsize=1024)
def _read(tool: str, content: str) -> Result:
    """A chat reads its results again with each message."""
    return result_of(tool, json_of(content))


def result_of(tool: str, data: Mapping[str, object]) -> Result:
    """The result whose JSON that is; by its keys where the tool does not exist or another version wrote it."""
    classes = _FAILURES if "error" in data else RESULTS.get(tool, ())
    try:
        if classes:
            return from_json(max(classes, key=lambda cls: fits(cls, data)), data)
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    return Unknown(values=dict(data))  # type: ignore[arg-type]  # it came from JSON
