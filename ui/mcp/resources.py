"""Studies, their reports and datasets as resources: what the reading tools find, under an address."""

from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from langchain_core.tools import BaseTool
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, Resource, ResourceTemplate, TextResourceContents

from agent import outside
from agent.answers.explain import word
from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.results.kept import json_of, to_json
from agent.results.result import JsonObject
from agent.studies.at_hand import at_hand
from agent.workspace import Workspace

ROOT = "recpilot://"
JSON, MARKDOWN = "application/json", "text/markdown"
MAX_LISTED = 50  # studies and datasets, the latest

TEMPLATES = [
    ResourceTemplate(
        uri_template=f"{ROOT}studies/{{name}}",
        name="study",
        description="How a study stands: state, leaderboard, the best and the latest trial.",
        mime_type=JSON,
    ),
    ResourceTemplate(
        uri_template=f"{ROOT}studies/{{name}}/report",
        name="report",
        description="A study in words: how it stands, every trial, what confirms it.",
        mime_type=MARKDOWN,
    ),
    ResourceTemplate(
        uri_template=f"{ROOT}datasets/{{name}}",
        name="dataset",
        description="The profile of a dataset.",
        mime_type=JSON,
    ),
]


class Resources:
    """What can be read of one workspace; reading changes neither what is at hand nor anything else."""

    def __init__(self, workspace: Workspace, tools: Mapping[str, BaseTool]) -> None:
        self._workspace = workspace
        self._tools = tools

    def listed(self) -> list[Resource]:
        """The two lists, and each study and dataset."""
        studies, datasets = self._workspace.runner.names(), self._workspace.catalogue.names()
        return [
            _resource("studies", "studies", "All studies, the latest first.", JSON),
            _resource("datasets", "datasets", "The datasets that can be tuned on.", JSON),
            *(_resource(f"studies/{quote(one, safe='')}", one, "A study.", JSON) for one in studies[:MAX_LISTED]),
            *(
                _resource(f"studies/{quote(one, safe='')}/report", f"report of {one}", "Its report.", MARKDOWN)
                for one in studies[:MAX_LISTED]
            ),
            *(_resource(f"datasets/{quote(one, safe='')}", one, "A dataset.", JSON) for one in datasets[:MAX_LISTED]),
        ]

    def read(self, uri: str) -> TextResourceContents:
        """What stands at an address.

        Raises:
            MCPError: Nothing does.
        """
        parts = [unquote(part) for part in uri.removeprefix(ROOT).split("/")] if uri.startswith(ROOT) else []
        readers: dict[tuple[str, int], Callable[[], tuple[str, str]]] = {
            ("studies", 1): lambda: self._json("list_studies"),
            ("studies", 2): lambda: self._json("study_status", study=parts[1]),
            ("studies", 3): lambda: self._report(parts[1]),
            ("datasets", 1): lambda: self._json("list_datasets"),
            ("datasets", 2): lambda: self._json("describe_dataset", dataset=parts[1]),
        }
        reader = readers.get((parts[0], len(parts))) if parts else None
        if reader is None or (len(parts) == 3 and parts[2] != "report"):
            raise MCPError(INVALID_PARAMS, f"there is no resource {quoted(uri, 200)}")
        try:
            kind, text = reader()
        except (ToolInputError, *USER_ERRORS) as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
        return TextResourceContents(uri=uri, mime_type=kind, text=text)

    def _json(self, tool: str, **args: str) -> tuple[str, str]:
        return JSON, to_json(self._found(tool, **args))

    def _report(self, study: str) -> tuple[str, str]:
        parts = [("study_status", "How it stands"), ("trials", "Trials"), ("show_confirmation", "Confirmation")]
        sections = [f"## {title}\n\n{word(tool, self._found(tool, study=study))}" for tool, title in parts]
        return MARKDOWN, "\n\n".join([f"# Study “{outside.text(study)}”", *sections])

    def _found(self, tool: str, **args: str) -> JsonObject:
        with at_hand(None):
            facts = json_of(self._tools[tool].invoke(args))
        if "error" in facts:
            raise ToolInputError(str(facts["error"]))
        return facts


def _resource(path: str, name: str, description: str, kind: str) -> Resource:
    return Resource(uri=f"{ROOT}{path}", name=name, description=description, mime_type=kind)
