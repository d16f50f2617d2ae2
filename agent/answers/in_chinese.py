"""The main facts of every tool in Chinese, for those who ask in Chinese; names, numbers and params stay as they are.

word("study_status", facts) -> str, as `agent.answers.explain.word` does in English.
"""

from collections.abc import Callable, Mapping

from agent.answers import asked_in_chinese as asked
from agent.answers import counts_in_chinese as counts
from agent.answers import data_in_chinese as data
from agent.answers import pruning_in_chinese, told_in_chinese, weighed_in_chinese
from agent.answers import study_in_chinese as study
from agent.answers import trials_in_chinese as trials
from agent.answers.explain_data import sample_rows
from agent.answers.refusals_in_chinese import refusal
from agent.outside import in_markdown
from agent.results.asked import Counted, LeftOut, Ranked, Regular, Size
from agent.results.by_tool import result_of
from agent.results.comparison import ParamImportance, StudiesCompared, TradeOffs, TrialsCompared
from agent.results.confirmed import ConfirmationBegun, ConfirmationShown, ConfirmedBefore
from agent.results.counts import Counts, Parts, RatingCounts, Times
from agent.results.data import DatasetAdded, DatasetDescribed, DatasetList, DatasetRemoved, DatasetRenamed, DataTold
from agent.results.explained import TrialExplained
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


def word(tool: str, found: Result | Mapping[str, object]) -> str:
    """What `tool` found, in Chinese.

    Args:
        found: The result, or its JSON as a chat keeps it.
    """
    result = found if isinstance(found, Result) else result_of(tool, found)
    words = WORDS[type(result)]
    return words(result) if isinstance(result, NotDone) else in_markdown(words, result)


def _unknown(found: Unknown) -> str:
    return f"结果：{'，'.join(f'{key}: {value}' for key, value in found.values.items())}"


def _failure(found: Failure) -> str:
    return f"没有执行：{refusal(found.error)}"


def _columns_asked(found: ColumnsAsked) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in found.candidates)
    rows = f"{sample_rows(found)}\n\n" if found.samples else ""
    return f"没有执行：{refusal(found.error)}\n\n{rows}请选择：\n\n{choices}"


WORDS: Mapping[type[Result], Callable[..., str]] = {
    Failure: _failure,
    ColumnsAsked: _columns_asked,
    NotDone: _failure,
    Unknown: _unknown,
    Status: study.study_status,
    StudyBegun: study.start_study,
    Proposed: study.propose_trial,
    TrialBegun: study.run_trial,
    TrialRejected: study.reject_trial,
    RepeatBegun: study.repeat_trial,
    StudySteered: study.control_study,
    ConfirmationCutOff: study.confirmation_cut_off,
    TermsChanged: study.extend_study,
    SpaceChanged: study.set_search_space,
    DatasetList: data.list_datasets,
    DatasetDescribed: data.describe_dataset,
    DatasetAdded: data.add_dataset,
    StudyList: study.list_studies,
    StudyOpened: study.open_study,
    TrialExplained: trials.explain_trial,
    TrialsCompared: trials.compare_trials,
    StudiesCompared: trials.compare_studies,
    ItemsRecommended: trials.recommend_items,
    ModelExported: trials.export_model,
    Prediction: trials.predict,
    SpaceShown: study.show_space,
    ParamImportance: trials.parameter_importance,
    LessonNoted: data.remember_lesson,
    LessonList: data.list_lessons,
    RulesShown: data.list_rules,
    PastWeighed: weighed_in_chinese.weighed,
    PruningShown: pruning_in_chinese.pruning,
    Recalled: data.recall_trials,
    ConfirmationBegun: study.confirm,
    ConfirmedBefore: study.confirm,
    ConfirmationShown: study.show_confirmation,
    Undone: study.undone,
    NotUndone: study.not_undone,
    NothingToUndo: study.nothing_to_undo,
    StudyRenamed: study.rename_study,
    DatasetRenamed: data.rename_dataset,
    DataTold: told_in_chinese.told,
    DatasetRemoved: data.remove_dataset,
    StudyDeleted: study.delete_study,
    LessonForgotten: data.forget_lesson,
    ReportPlace: study.report,
    TradeOffs: trials.show_tradeoffs,
    TrialsImported: data.import_trials,
    Head: data.inspect_data,
    OneUser: data.inspect_data,
    OneItem: data.inspect_data,
    Repeats: data.inspect_data,
    Popular: data.inspect_data,
    Columns: data.columns,
    LeftOut: asked.left_out,
    Size: asked.size,
    Ranked: asked.ranked,
    Counted: asked.share,
    Regular: asked.regular,
    RatingCounts: counts.ratings,
    Times: counts.times,
    Counts: counts.counts,
    Parts: counts.parts,
    TrialTable: trials.trials,
    Sum: trials.calc,
}
"""By the class of the result."""
