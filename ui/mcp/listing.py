"""How a tool and the ready prompt look to a client: schema and words from the tool, hints from what it does."""

from typing import Any

from langchain_core.tools import BaseTool
from mcp_types import GetPromptResult, Prompt, PromptArgument, PromptMessage, TextContent, Tool, ToolAnnotations

from agent.answers.facts import quoted
from agent.words.acts import ACTS, KEEPS

TUNE = Prompt(
    name="tune_my_data",
    title="Tune a recommender on my data",
    description="Look at a dataset, propose a study, start it once you agree, and explain what came out.",
    arguments=[
        PromptArgument(name="dataset", description="a name from list_datasets; `demo` is built in", required=False),
        PromptArgument(
            name="goal", description="what matters, such as ndcg@10 with latency under 5 ms", required=False
        ),
    ],
)


def listed(tool: BaseTool) -> Tool:
    """The tool as `tools/list` tells it."""
    act = ACTS[tool.name]
    title = f"{act.says[0].upper()}{act.says[1:]}"
    reads = act.kind == "reads"
    return Tool(
        name=tool.name,
        title=title,
        description=tool.description,
        input_schema=_schema(tool),
        annotations=ToolAnnotations(
            title=title,
            read_only_hint=reads and tool.name not in KEEPS,
            destructive_hint=None if reads and tool.name not in KEEPS else act.kind == "destructive",
            open_world_hint=False,
        ),
    )


def told(arguments: dict[str, str] | None) -> GetPromptResult:
    """The prompt with what the person filled in, quoted."""
    given = arguments or {}
    dataset, goal = given.get("dataset", "").strip(), given.get("goal", "").strip()
    text = (
        f"Tune a recommender on {f'the dataset {quoted(dataset, 100)}' if dataset else 'one of my datasets'}."
        f" What matters: {quoted(goal, 300) if goal else 'ask me'}. Describe the data first (describe_dataset,"
        " inspect_data) and look at what was learned before (recall_trials). Then propose a study in two sentences and"
        " start it with start_study. Watch it with study_status; when it has ended, explain the best trial against the"
        " defaults (explain_trial, compare_trials), say how sure that is, and offer confirm."
    )
    return GetPromptResult(messages=[PromptMessage(role="user", content=TextContent(text=text))])


def _schema(tool: BaseTool) -> dict[str, Any]:
    """The arguments' JSON schema, without titles that only repeat the names."""
    schema: dict[str, Any] = tool.args_schema.model_json_schema()  # type: ignore[union-attr]  # made by agent.tools
    schema.pop("title", None)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
    return schema
