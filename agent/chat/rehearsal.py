"""A dialogue without consequences: reading tools run, acts are pretended, the state goes on as if they were done.

`recpilot ask --plan --dialogues FILE` prints what comes of each turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from agent.answers.explain import word
from agent.answers.facts import from_json, quoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.llm.pilot.composing import PRETENDED, about_facts, composed, planned
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Held, Plan, Request
from agent.understanding.planner import Planner
from agent.understanding.replies import said_of_pretended

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

_STATES = {"pause": "paused", "resume": "running", "stop": "stopped"}


class Rehearsal:
    """One dialogue."""

    def __init__(self, planner: Planner, known: Callable[[str | None], Known], tools: Sequence["BaseTool"]) -> None:
        """
        Args:
            known: What is known with a study at hand.
            tools: Of the workspace; those that act are not called.
        """
        self._planner = planner
        self._read_known = known
        self._known = known(None)
        self._tools = {tool.name: tool for tool in tools}
        self._notes: list[str] = []  # what was told to remember in this dialogue
        self._dialogue = Dialogue(study=self._known.study, dataset=self._known.study_dataset)

    def turn(self, say: str) -> dict[str, Any]:
        """What comes of a message: `{"say", "calls", "held", "kind", "asks", "unused", "answer"}`.

        `asks` is why a yes is asked for.
        """
        plan = planned(self._planner.plan, say, self._known, self._dialogue)
        done = [(request.tool, self._do(request)) for request in plan.requests]
        found = [(tool, facts) for tool, facts in done if facts]
        self._dialogue = self._dialogue.after(plan.requests, plan.waiting)
        for _, facts in found:
            if "error" not in facts:
                self._dialogue = about_facts(self._dialogue, facts)
        would = plan.waiting.requests if plan.waiting is not None and plan.waiting.lacking is None else ()
        return {
            "say": say,
            "calls": [_call(request) for request in (*plan.requests, *would)],
            "held": [_call(held.request) | {"why": held.why} for held in plan.held],
            "kind": _kind(plan),
            "asks": plan.waiting.why if plan.waiting is not None else None,
            "unused": list(plan.unused),
            "answer": composed(plan, found, _word, self._known),
        }

    def _do(self, request: Request) -> Mapping[str, Any]:
        """What a reading tool finds; of an act that is only pretended, what it would do."""
        if request.acts:
            self._pretend(request)
            return {PRETENDED: request}
        tool = self._tools.get(request.tool)
        if tool is None:
            return {}
        try:
            return self._noted_too(request.tool, from_json(str(tool.invoke(dict(request.args)))))
        except (ToolInputError, *USER_ERRORS) as error:
            return {"error": str(error)}

    def _noted_too(self, tool: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """The notes with those that were pretended in this dialogue."""
        if tool != "list_lessons" or not self._notes:
            return facts
        first = 1 + max((int(row["number"]) for row in facts["lessons"]), default=0)
        more = [
            {"number": first + place, "text": quoted(text), "source": "user", "dataset": None}
            for place, text in enumerate(self._notes)
        ]
        n = len(more)
        return {
            **facts,
            "lessons": [*facts["lessons"], *more],
            "count": facts["count"] + n,
            "n_told": facts["n_told"] + n,
        }

    def _pretend(self, request: Request) -> None:
        known, args = self._known, request.args
        if request.tool == "start_study":
            name = _free_name(known, str(args.get("dataset")))
            self._known = replace(
                known,
                studies=(name, *known.studies),
                study=name,
                study_state="running",
                study_dataset=str(args.get("dataset")),
                study_models=tuple(args.get("models", ())),
                trials=(),
                ranking=(),
                params={},
                pending=None,
            )
            self._dialogue = self._dialogue.about(study=name, dataset=str(args.get("dataset")))
        elif request.tool == "open_study":
            self._known = _opened(self._read_known(str(args["study"])), known)
            self._dialogue = self._dialogue.about(study=str(args["study"]), dataset=self._known.study_dataset)
        elif request.tool == "control_study":
            self._known = replace(known, study_state=_STATES.get(str(args.get("action")), known.study_state))
        elif request.tool in ("extend_study", "run_trial", "repeat_trial"):
            self._known = replace(known, study_state="running")
        elif request.tool == "add_dataset":
            self._known = replace(
                known, datasets=(*known.datasets, str(args.get("name") or PurePath(str(args["path"])).stem))
            )
        elif request.tool == "remember_lesson":
            self._notes.append(str(args.get("text", "")))
        elif request.tool in ("rename_dataset", "remove_dataset"):
            left = tuple(name for name in known.datasets if name != args.get("dataset"))
            self._known = replace(known, datasets=(*left, str(args["name"])) if "name" in args else left)
        elif request.tool in ("rename_study", "delete_study"):
            old = args.get("study") or known.study
            left = tuple(name for name in known.studies if name != old)
            self._known = replace(known, studies=(str(args["name"]), *left) if "name" in args else left)


def _word(tool: str, facts: Mapping[str, Any]) -> str:
    if PRETENDED in facts:
        return said_of_pretended(facts[PRETENDED])
    return word(tool, facts)


def _opened(read: Known, pretended: Known) -> Known:
    return replace(read, datasets=pretended.datasets, studies=pretended.studies)


def _free_name(known: Known, dataset: str) -> str:
    number = 1
    while f"{dataset}-{number}" in known.studies:
        number += 1
    return f"{dataset}-{number}"


def _call(request: Request) -> dict[str, Any]:
    return {"tool": request.tool, "args": dict(request.args), "mood": request.mood}


def _kind(plan: Plan) -> str:
    if plan.waiting is not None:
        return "asked"
    if plan.requests:
        return "did"
    return "refused" if any(isinstance(held, Held) for held in plan.held) else "told"


def rehearse(rehearsal: Callable[[], Rehearsal], dialogue: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every turn of a dialogue `{"id", "turns": [text or {"say"}]}`, each with its id and place."""
    acting = rehearsal()
    said = [turn if isinstance(turn, str) else str(turn["say"]) for turn in dialogue["turns"]]
    return [{"id": dialogue.get("id"), "turn": place} | acting.turn(say) for place, say in enumerate(said)]
