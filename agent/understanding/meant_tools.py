"""The tool that a segment means, where its words or the turn before say more than the network: twins, bare follow-ups."""

import re
from collections.abc import Sequence

from agent.understanding.arguments.study_args import RETUNES
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.mood_words import POLITENESS, QUESTION
from agent.understanding.data.likes_words import says_positive
from agent.understanding.data.outcome_words import says_outcomes
from agent.understanding.data.repeat_words import says_repeat_events
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.words.said import Said

_TWINS = {
    "rename_dataset": "rename_study",
    "rename_study": "rename_dataset",
    "remove_dataset": "delete_study",
    "delete_study": "remove_dataset",
}
OF_DATA = re.compile(r"\b(?:data\s*sets?|dataset'?s?|data)\b|数据", re.IGNORECASE)
OF_STUDY = re.compile(r"\b(?:stud(?:y|ies)|search|experiment|tuning\s+run)\b|研究", re.IGNORECASE)
_REMOVES = re.compile(
    r"\b(?:remove|delete|drop|erase|discard|purge|bin|trash|rid|take\s+out|throw|forget)\w*\b", re.IGNORECASE
)
_VERSIONS = re.compile(r"\bversions?\b(?!\s+of\s+the\s+stud)", re.IGNORECASE)
_REMOVES_ONE = r"^\W*(?:please\s+)?(?:delete|remove|drop|erase|get\s+rid\s+of)\s+(?:the\s+)?(?:data\s?set\s+|study\s+)?(?:{dataset}|{study})\W*$"
_SEVERAL = r"{number}\s*(?:trials|runs)\b"
_RENAMED = re.compile(r"\bre-?nam(?:e|ed|ing)\b", re.IGNORECASE)
_TRIES = re.compile(rf"^\W*(?:{POLITENESS}|k\s+)*(?:try|run|train|test|go\s+with|do)\b", re.IGNORECASE)
_BACK_TO = re.compile(
    r"^\W*(?:and\s+|ok(?:ay)?\W+|now\s+|let'?s\s+|go\s+|get\s+|please\s+)*back\s+to\s+(?:the\s+)?(?:(?:one|study|other|first|previous)\b)",
    re.IGNORECASE,
)
_ONLY_EXPECTED = re.compile(
    r"\b(?:don'?t|do\s+not|let'?s\s+not|not)\s+(?:really\s+|actually\s+)?(?:run|train|try)\b(?:\s+(?:it|that|this))?.*\b(?:expect|guess|predict|estimate|would\s+(?:give|come|be|happen))",
    re.IGNORECASE | re.DOTALL,
)
"""What is said of a trial that shall not run: "or no, don't run it, only tell me what you'd expect"."""
_ONE_RUN = re.compile(
    rf"^\W*{POLITENESS}(?:(?:do|make|try|run)\s+)?(?:one|a|1|another)\s+(?:more\s+|single\s+|further\s+)?(?:\w+\s+)?(?:run|trial)\b|"
    r"\bfor\s+(?:a\s+single|one|just\s+one)\s+(?:single\s+)?(?:run|trial)\b",
    re.IGNORECASE,
)
"""A trial is ordered, not a range: "one ease run at l2 1500"; not "keep it at 0.1, so that a trial is short"."""
_BOUNDS = re.compile(
    r"\b(?:not?\s+(?:over|under|more|less|above|below)|at\s+(?:most|least)|between|from|up\s+to)\b|\.\.|[<>]",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:tune|start|begin|launch|optimi[sz]e|study|search|trials?|minutes?|hours?|new|try|run|train|kick|fire|go)\b|\d\s*(?:m|min|h|t|tr)\b",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:go\s+(?:ahead|on|for\s+it)|do\s+(?:it|that|this)|(?:this|that)\s+one|run\s+it|try\s+it)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\b(?:ties|tied)\b|\b(?:train|valid|test)\w*\b.*\boverlap|\boverlap\w*\b.*\b(?:train|valid|test)|"
    r"\b(?:distribution|histogram|counts?)\s+of\s+(?:the\s+)?(?:ratings?|stars)\b|\b(?:ratings?|stars?)\s+(?:distribution|"
    r"histogram)\b|\bshort\s+histor",
    re.IGNORECASE,
)
"""What is counted of a dataset's rows, and does not stand in its description."""
_OF_TRIALS = re.compile(
    r"\b(?:trials?|runs?|experiments?|stud(?:y|ies)|results?|optuna|hyper\w*|param\w*|histor\w+|past|earlier|previous|old|tuning|tuned|"
    r"measured|measurements?|scores?|log)\b|试验|实验|结果|历史|\.(?:db|sqlite3?)\b",
    re.IGNORECASE,
)
"""What a file of past trials is called; without it, a file that is imported holds data."""
_OF_CHANGES = ("extend_study", "set_search_space", "run_trial", "recall_trials", "inspect_data", "remember_lesson")
"""What "only ratings of 4 and more count as likes" may be taken for."""
_REPEATS = re.compile(
    rf"^\W*(?:{POLITENESS})*(?:re-?run|repeat|redo|(?:run|train|do|try)\b.*\b(?:again|once\s+more|with\s+(?:an)?other\s+seeds?))\b",
    re.IGNORECASE,
)
_NEAR_REPEATS = ("compare_trials", "explain_trial", "trials", "run_trial")
"""What "run trials 3 and 4 again" may be taken for."""
_AMOUNTS = ("number", "share", "fraction", "factor")


def meant_tool(tool: str, mood: str, stretch: Stretch, known: Known, dialogue: Dialogue) -> str:
    """The tool that is meant.

    Args:
        tool: What the network takes the segment for.
        mood: What it takes the mood for.
        stretch: The segment, nothing of it read yet.
    """
    if tool in ("remove_dataset", "delete_study") and renames(stretch.text):
        tool = "rename_dataset" if tool == "remove_dataset" else "rename_study"
    if tool in ("rename_dataset", "rename_study") and stretch.says(_REMOVES_ONE):
        tool = "delete_study" if stretch.spans("study") else "remove_dataset"
    tool = _kind_named(tool, stretch.said, stretch.parts)
    if tool == "delete_study" and _VERSIONS.search(stretch.text):
        tool = "remove_dataset"
    if tool == "run_trial" and mood == "order" and stretch.spans("model") and stretch.spans("dataset"):
        return "start_study" if stretch.has(_SEVERAL) or stretch.said.has(_SEVERAL) else tool
    if tool == "import_trials" and stretch.spans("path") and not _OF_TRIALS.search(stretch.said.text):
        return "add_dataset"
    if tool == "describe_dataset" and _COUNTED.search(stretch.text):
        return "inspect_data"
    if tool in ("repeat_trial", "run_trial", "study_status", "undo") and _BACK_TO.match(stretch.text):
        return "open_study"
    if tool in _NEAR_REPEATS and _REPEATS.match(stretch.text) and stretch.spans("trial") and not stretch.spans("param"):
        return "repeat_trial"
    if tool == "run_trial" and _ONLY_EXPECTED.search(stretch.said.text) and stretch.spans("param"):
        return "predict"
    asks = "?" in stretch.text or QUESTION.match(stretch.text.lower().strip()) is not None
    says_terms = says_positive(stretch) or says_repeat_events(stretch) or says_outcomes(stretch)
    if tool in _OF_CHANGES and mood == "order" and not asks and says_terms:
        return "start_study"
    if tool != "start_study" and mood == "order" and not asks and RETUNES.search(stretch.text):
        return "start_study" if stretch.spans("study") and stretch.spans("dataset") else tool
    if tool == "show_space" and dialogue.last_tool in ("show_space", "set_search_space"):
        return "set_search_space" if stretch.spans(*_AMOUNTS) and mood == "order" and not asks else tool
    if tool == "predict" and dialogue.last_tool == "predict":
        return "run_trial" if _TRIES.match(stretch.text) and mood == "order" and not asks else tool
    if tool == "run_trial" and mood == "supposition":
        return "predict" if stretch.spans("param") else tool
    if tool == "set_search_space" and _ONE_RUN.search(stretch.text) and stretch.spans("param"):
        return "run_trial"
    is_range = bool(stretch.spans("param")) and not stretch.spans("dataset", "path", "metric", "study")
    if (
        tool == "start_study"
        and known.study is not None
        and is_range
        and _BOUNDS.search(stretch.text)
        and not _BEGINS.search(stretch.text)
    ):
        return "set_search_space"
    if tool == "start_study" and dialogue.last_tool in ("propose_trial", "predict"):
        return "run_trial" if _AGREES.search(stretch.text) and not stretch.said.spans else tool
    return tool


def renames(text: str) -> bool:
    """Whether the words say to rename, and nothing of removing."""
    return _RENAMED.search(text) is not None and _REMOVES.search(text) is None


def removes(text: str) -> bool:
    """Whether the words say to take something away."""
    return _REMOVES.search(text) is not None


def _kind_named(tool: str, said: Said, parts: Sequence[tuple[int, int]]) -> str:
    """The tool, or its twin where the words speak of data and not of a study, or the other way round."""
    if tool not in _TWINS:
        return tool
    text = " ".join(said.text[start:end] for start, end in parts)
    spans = [span.kind for start, end in parts for span in said.of("dataset", "study", start=start, end=end)]
    data = bool(OF_DATA.search(text)) or "dataset" in spans
    study = bool(OF_STUDY.search(text)) or "study" in spans
    if data == study:
        return tool
    is_data_tool = tool.endswith("_dataset")
    return tool if data == is_data_tool else _TWINS[tool]
