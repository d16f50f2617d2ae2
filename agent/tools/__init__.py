"""The functions that the chat model may call. They return facts, small and JSON-ready; words come from the model.

Illegal arguments raise ToolInputError with what is legal; what only the person can fix comes back as {"error": …}.
No tool runs a shell or reads outside the data folder, the uploads and the catalogue.
"""

from langchain_core.tools import BaseTool

from agent.tools import changing, confirming, data, explaining, steering
from agent.tools.making import ToolFunction, make_tool
from agent.workspace import Workspace

TOOLS: tuple[ToolFunction, ...] = (
    data.list_datasets,
    data.add_dataset,
    data.describe_dataset,
    data.recall_trials,
    data.remember_lesson,
    steering.start_study,
    steering.propose_trial,
    steering.run_trial,
    steering.set_search_space,
    changing.change_study,
    changing.repeat_trial,
    steering.control_study,
    steering.study_status,
    explaining.explain_trial,
    explaining.compare_trials,
    explaining.parameter_importance,
    explaining.show_tradeoffs,
    explaining.recommend_items,
    explaining.export_model,
    confirming.confirm,
    confirming.show_confirmation,
)


def make_tools(workspace: Workspace) -> list[BaseTool]:
    """The tools of one workspace."""
    return [make_tool(function, workspace) for function in TOOLS]
