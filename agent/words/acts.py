"""The tools as people know them: what each does to the world, and how it is taken back; guards, cards and undo read it.

A new tool: its function in `agent/tools`, and an entry here.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["reads", "undoable", "costly", "destructive"]
"""reads: changes nothing; undoable: `undo` takes it back, or the person by hand; costly: trains; destructive: takes away
what the person has, even where `undo` brings it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One tool."""

    kind: Kind
    says: str  # what it does, as in "Shall I …?"
    did: str  # a title over what it found
    instead: str = ""  # of what `undo` cannot take back: the nearest thing that can be done


def _act(kind: Kind, says: str, did: str, instead: str = "") -> Act:
    return Act(kind=kind, says=says, did=did, instead=instead)


OF_THE_TALK = ("open_study",)
"""Acts that change nothing but which study the talk itself is of."""
KEEPS = ("propose_trial", "report")
"""Tools that read and keep what they found: a proposal waits then, a report is written."""
_RAN = "`stop` ends it while it runs; one that has finished stays, since every trial is remembered"
ACTS: dict[str, Act] = {
    "list_datasets": _act("reads", "list the datasets", "Looked at the datasets"),
    "add_dataset": _act("undoable", "add a data file", "Read a dataset"),
    "describe_dataset": _act("reads", "describe a dataset", "Profiled a dataset"),
    "inspect_data": _act("reads", "look at the rows of a dataset", "Looked at the rows"),
    "rename_dataset": _act("undoable", "rename a dataset", "Renamed a dataset"),
    "remove_dataset": _act("destructive", "remove a dataset", "Removed a dataset"),
    "filter_dataset": _act("undoable", "keep a part of a dataset as a new version", "Kept a part of a dataset"),
    "recall_trials": _act("reads", "look into the memory of past trials", "Searched the memory"),
    "remember_lesson": _act("undoable", "keep a note in the memory", "Kept a lesson"),
    "list_lessons": _act("reads", "list the notes in the memory", "Looked at the lessons"),
    "forget_lesson": _act("undoable", "forget a note", "Forgot a lesson"),
    "list_rules": _act("reads", "list the rules of the advisor", "Looked at the rules"),
    "show_influence": _act("reads", "tell what of the past weighed in", "Looked at what weighed in"),
    "show_pruning": _act("reads", "tell what the pruner stops", "Looked at the pruner"),
    "start_study": _act(
        "costly",
        "start tuning",
        "Started a study",
        "`stop` ends it, and “delete it” takes it out of the list with all that it ran",
    ),
    "extend_study": _act(
        "costly", "add trials or time to the study, or change its models or limits", "Changed the study"
    ),
    "list_studies": _act("reads", "list the studies", "Looked at the studies"),
    "open_study": _act("undoable", "open a study", "Opened a study"),
    "rename_study": _act("undoable", "rename a study", "Renamed a study"),
    "delete_study": _act("destructive", "delete a study", "Deleted a study"),
    "import_trials": _act("undoable", "import past trials", "Imported past trials"),
    "propose_trial": _act("reads", "propose the next trial without running it", "Made a proposal"),
    "run_trial": _act("costly", "run a trial", "Queued a trial", _RAN),
    "reject_trial": _act(
        "undoable",
        "reject the trial that waits",
        "Rejected a trial",
        "a trial that was rejected still runs if you name its params: say, for example, `run dropout 0.2`",
    ),
    "repeat_trial": _act("costly", "run a trial again with another seed", "Queued a repeat", _RAN),
    "predict": _act("reads", "predict what other params would give", "Predicted, without running"),
    "set_search_space": _act("undoable", "change the search space", "Changed the search space"),
    "show_space": _act("reads", "show the search space", "Looked at the search space"),
    "control_study": _act("undoable", "pause, resume or stop the study", "Steered the study"),
    "study_status": _act("reads", "show how the study stands", "Looked at the study"),
    "undo": _act("undoable", "take back the last change", "Took a change back", "say once more what should hold"),
    "explain_trial": _act("reads", "explain a trial", "Looked up the evidence"),
    "compare_trials": _act("reads", "compare trials", "Compared trials"),
    "trials": _act("reads", "list the trials", "Listed the trials"),
    "parameter_importance": _act("reads", "show which params matter", "Measured the importance of params"),
    "show_tradeoffs": _act("reads", "show the trade-offs between metrics", "Looked for trade-offs"),
    "calc": _act("reads", "calculate", "Calculated"),
    "confirm": _act(
        "costly",
        "confirm the best trial and read test",
        "Confirmed, or began to",
        "`stop` ends one that runs; a reading of test is counted for ever, so it is never taken back",
    ),
    "show_confirmation": _act("reads", "tell what the confirmation and test said", "Looked at the confirmation"),
    "recommend_items": _act("reads", "recommend items to a user", "Asked the model for items"),
    "export_model": _act(
        "undoable", "export a model", "Exported a model", "remove the exported files by hand; nothing else changed"
    ),
    "report": _act("reads", "show the report", "Looked up the report"),
}
"""By the tool's name."""
