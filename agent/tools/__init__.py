"""The functions that the chat model may call. They return facts, small and JSON-ready; words come from the model.

Illegal arguments raise ToolInputError with what is legal; what only the person can fix comes back as {"error": …}.
No tool runs a shell or reads outside the data folder, the uploads and the catalogue.
"""

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langchain_core.tools import BaseTool

from agent.tools import (
    changing,
    confirming,
    data,
    explaining,
    filtering,
    importing,
    inspecting,
    looking,
    predicting,
    pruning,
    remembering,
    reporting,
    ruling,
    shelving,
    starting,
    steering,
    tables,
    taking_back,
    weighing,
)
from agent.tools.checking import Checked, check
from agent.tools.making import ToolFunction, make_tool, read_arguments
from agent.tools.whose import with_whose
from agent.understanding.asking.prospect import Prospect, Would
from agent.words.acts import OF_THE_TALK
from agent.workspace import Workspace

TOOLS: tuple[ToolFunction, ...] = (
    data.list_datasets,
    data.add_dataset,
    data.describe_dataset,
    inspecting.inspect_data,
    data.rename_dataset,
    data.remove_dataset,
    filtering.filter_dataset,
    remembering.recall_trials,
    remembering.remember_lesson,
    remembering.list_lessons,
    remembering.forget_lesson,
    ruling.list_rules,
    weighing.show_influence,
    pruning.show_pruning,
    starting.start_study,
    changing.extend_study,
    shelving.list_studies,
    shelving.open_study,
    shelving.rename_study,
    shelving.delete_study,
    importing.import_trials,
    steering.propose_trial,
    steering.run_trial,
    steering.reject_trial,
    steering.repeat_trial,
    predicting.predict,
    steering.set_search_space,
    looking.show_space,
    steering.control_study,
    looking.study_status,
    taking_back.undo,
    explaining.explain_trial,
    explaining.compare_trials,
    tables.trials,
    explaining.parameter_importance,
    explaining.show_tradeoffs,
    tables.calc,
    confirming.confirm,
    confirming.show_confirmation,
    explaining.recommend_items,
    explaining.export_model,
    reporting.report,
)


_BY_NAME: Mapping[str, ToolFunction] = {function.__name__: function for function in TOOLS}


def checked(workspace: Workspace, tool: str, args: Mapping[str, Any]) -> Checked:
    """What a call would come to, checked as the tool itself checks it; nothing is changed."""
    found = check(_BY_NAME[tool], workspace, args)
    parameters = inspect.signature(_BY_NAME[tool]).parameters
    if not {"study", "dataset"} & set(parameters) or tool in OF_THE_TALK or tool in ("start_study", "filter_dataset"):
        return found
    return replace(found, prospect=with_whose(workspace, found.prospect, tool, args))


def read_args(tool: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, as the tool's schema reads them. Raises ToolInputError: they do not fit it."""
    return read_arguments(_BY_NAME[tool], args)


def would_in(workspace: Workspace) -> Would:
    """Tells what calls would come to in this workspace; one that is no tool's is not known."""

    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        return checked(workspace, tool, args).prospect if tool in _BY_NAME else Prospect()

    return would


def make_tools(workspace: Workspace) -> list[BaseTool]:
    """The tools of one workspace."""
    return [make_tool(function, workspace) for function in TOOLS]
