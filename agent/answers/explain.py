"""The facts of every tool in words: short Markdown that leads with the answer, with tables where people would look.

word("study_status", facts) -> str. The pilot answers with it; it also stands in where a language model failed.
"""

from collections.abc import Callable, Mapping

from agent.answers import (
    across_studies,
    explain_asked,
    explain_confirmation,
    explain_counts,
    explain_data,
    explain_memory,
    explain_pruning,
    explain_questions,
    explain_shelf,
    explain_study,
    explain_trials,
    explain_weighed,
    importance_words,
)
from agent.answers.wording import count, number, sentence, table, unquoted
from agent.outside import in_markdown
from agent.results.asked import Counted, LeftOut, Ranked, Regular, Size
from agent.results.by_tool import result_of
from agent.results.comparison import ModelImportance, ParamImportance, StudiesCompared, TradeOffs, TrialsCompared
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
    """What `tool` found, as Markdown; every number in it stands in the result, whose texts are shown as they are.

    Args:
        found: The result, or its JSON as a chat keeps it.
    """
    result = found if isinstance(found, Result) else result_of(tool, found)
    words = WORDS[type(result)]
    return words(result) if isinstance(result, NotDone) else in_markdown(words, result)


def _unknown(found: Unknown) -> str:
    return sentence(", ".join(f"{key}: {value}" for key, value in found.values.items()))


def _failure(found: Failure) -> str:
    """Of what was not done the text is Markdown already: a plan card may stand in it."""
    return sentence(found.error)


def _columns_asked(found: ColumnsAsked) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in found.candidates)
    rows = f"{explain_data.sample_rows(found)}\n\n" if found.samples else ""
    return f"{sentence(found.error)}\n\n{rows}{found.question}\n\n{choices}"


def _recommend_items(facts: ItemsRecommended) -> str:
    rows = [(i.rank, i.item, unquoted(i.text), i.score) for i in facts.items]
    has_text = any(text and text != item for _, item, text, _ in rows)
    header = ("", "item", "text", "score") if has_text else ("", "item", "score")
    shown = rows if has_text else [(rank, item, score) for rank, item, _, score in rows]
    instead = {"popularity": "the most popular items", "average_user": "items for an average user"}
    fallback = instead.get(facts.fallback or "")
    unknown = f"Nothing is known of user {facts.user}, so these are {fallback}.\n\n" if fallback else ""
    whose = f"For user {facts.user}, from trial {facts.trial} (`{facts.model}`, {facts.which}):\n\n"
    return f"{unknown or whose}{table(header, shown)}"


def _export_model(facts: ModelExported) -> str:
    size = f", {number(facts.size_bytes)} bytes" if facts.size_bytes is not None else ""
    model = f"Trial {facts.trial} (`{facts.model}`, {facts.which})"
    return f"{model} is exported as {facts.format} to `{facts.path}`{size}."


def _parameter_importance(facts: ParamImportance) -> str:
    needed = {model: found.n_needed or facts.min_trials for model, found in facts.models.items()}
    few = {f"`{m}`": (found.n_trials, needed[m]) for m, found in facts.models.items() if found.n_trials < needed[m]}
    parts = [_importance_in(facts, m, found) for m, found in facts.models.items() if f"`{m}`" not in few]
    return "\n\n".join([*parts, *([sentence(importance_words.too_few_words(few))] if few else [])])


def _importance_in(facts: ParamImportance, model: str, found: ModelImportance) -> str:
    shares, intervals, trials = found.importance, found.intervals, count(found.n_trials, "complete trial")
    if not shares:
        return f"The {trials} of `{model}` ran with the same params, or came to the same value."
    first = importance_words.first_words(f"`{model}`", facts.objective, shares, intervals)
    head = ("param", "share", *(("interval",) if intervals else ()))
    rows = [
        (f"`{name}`", importance_words.share_words(share), importance_words.interval_words(name, intervals))[
            : len(head)
        ]
        for name, share in shares.items()
    ]
    return f"Over {trials}, {first} ({facts.method}).\n\n{table(head, rows)}"


WORDS: Mapping[type[Result], Callable[..., str]] = {
    Failure: _failure,
    ColumnsAsked: _columns_asked,
    NotDone: _failure,
    Unknown: _unknown,
    DatasetList: explain_data.list_datasets,
    DatasetAdded: explain_data.add_dataset,
    DatasetDescribed: explain_data.describe_dataset,
    DatasetRenamed: explain_data.rename_dataset,
    DataTold: explain_data.told,
    DatasetRemoved: explain_data.remove_dataset,
    Recalled: explain_memory.recall_trials,
    LessonNoted: explain_memory.remember_lesson,
    LessonList: explain_memory.list_lessons,
    LessonForgotten: explain_memory.forget_lesson,
    TrialsImported: explain_memory.import_trials,
    RulesShown: explain_memory.list_rules,
    PastWeighed: explain_weighed.weighed,
    PruningShown: explain_pruning.pruning,
    StudyBegun: explain_study.start_study,
    TermsChanged: explain_study.extend_study,
    Proposed: explain_study.propose_trial,
    TrialBegun: explain_study.run_trial,
    TrialRejected: explain_study.reject_trial,
    RepeatBegun: explain_study.repeat_trial,
    SpaceChanged: explain_study.set_search_space,
    StudySteered: explain_study.control_study,
    ConfirmationCutOff: explain_study.confirmation_cut_off,
    Status: explain_study.study_status,
    StudyList: explain_shelf.list_studies,
    StudyOpened: explain_shelf.open_study,
    StudyRenamed: explain_shelf.rename_study,
    StudyDeleted: explain_shelf.delete_study,
    Undone: explain_shelf.undone,
    NotUndone: explain_shelf.not_undone,
    NothingToUndo: explain_shelf.nothing_to_undo,
    ReportPlace: explain_shelf.report,
    Prediction: explain_questions.predict,
    SpaceShown: explain_questions.show_space,
    TrialExplained: explain_trials.explain_trial,
    TrialsCompared: explain_trials.compare_trials,
    StudiesCompared: across_studies.studies_compared,
    TradeOffs: explain_trials.show_tradeoffs,
    ParamImportance: _parameter_importance,
    ConfirmationBegun: explain_confirmation.confirm,
    ConfirmedBefore: explain_confirmation.confirm,
    ConfirmationShown: explain_confirmation.show_confirmation,
    ItemsRecommended: _recommend_items,
    ModelExported: _export_model,
    Head: explain_data.head,
    RatingCounts: explain_counts.ratings,
    Times: explain_counts.times,
    Counts: explain_counts.counts,
    Parts: explain_counts.parts,
    OneUser: explain_data.one_user,
    OneItem: explain_data.one_item,
    Repeats: explain_data.repeats,
    Popular: explain_data.popular,
    Columns: explain_data.columns,
    LeftOut: explain_asked.left_out,
    Size: explain_asked.size,
    Ranked: explain_asked.ranked,
    Counted: explain_asked.share,
    Regular: explain_asked.regular,
    TrialTable: explain_questions.trials,
    Sum: explain_questions.calc,
}
"""By the class of the result."""
