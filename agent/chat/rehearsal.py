"""A dialogue without consequences: reading tools run, acts are pretended, the state goes on as if they were done.

`recpilot ask --plan --dialogues FILE` prints what comes of each turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from agent.answers.explain import word
from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.llm.pilot.composing import Pretended, about_facts, composed, planned
from agent.results.by_tool import read_result
from agent.results.memory import LessonList, LessonListed
from agent.results.result import Failure, Result
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
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
        self._left: dict[str, Known] = {}  # what was pretended of studies, as they were last at hand
        self._known = replace(known(None), with_study=self._at)
        self._tools = {tool.name: tool for tool in tools}
        self._notes: list[str] = []  # what was told to remember in this dialogue
        self._dialogue = Dialogue(study=self._known.study, dataset=self._known.study_dataset)

    def turn(self, say: str) -> dict[str, Any]:
        """What comes of a message: `{"say", "calls", "held", "kind", "asks", "unused", "answer"}`.

        `asks` is why a yes is asked for.
        """
        plan = planned(self._planner.plan, say, self._known, self._dialogue)
        done = [(request.tool, self._do(request)) for request in plan.requests]
        found = [(tool, result) for tool, result in done if result is not None]
        self._dialogue = self._dialogue.after(plan.requests, plan.waiting)
        for request in plan.requests:
            self._dialogue = self._after(request, self._dialogue)
        for _, result in found:
            if not isinstance(result, Failure):
                self._dialogue = about_facts(self._dialogue, result)
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

    def _do(self, request: Request) -> Result | None:
        """What a reading tool finds; of an act that is only pretended, what it would do; None without such a tool."""
        study = request.args.get("study")
        if isinstance(study, str) and study in self._known.studies and study != self._known.study:
            self._open(study)
        if request.acts:
            self._pretend(request)
            return Pretended(request=request)
        tool = self._tools.get(request.tool)
        if tool is None:
            return None
        try:
            return self._noted_too(read_result(request.tool, str(tool.invoke(dict(request.args)))))
        except (ToolInputError, *USER_ERRORS) as error:
            return Failure(error=str(error))

    def _noted_too(self, found: Result) -> Result:
        """The notes with those that were pretended in this dialogue."""
        if not isinstance(found, LessonList) or not self._notes:
            return found
        first = 1 + max((row.number for row in found.lessons), default=0)
        more = tuple(
            LessonListed(number=first + place, text=quoted(text), source="user", dataset=None)
            for place, text in enumerate(self._notes)
        )
        n = len(more)
        return replace(found, lessons=found.lessons + more, count=found.count + n, n_told=found.n_told + n)

    def _at(self, study: str) -> Known | None:
        """What is known with another study at hand, as it was left in this dialogue."""
        if study in self._left:
            return self._left[study]
        there = self._read_known(study)
        return there if there.study is not None else None

    def _open(self, study: str) -> None:
        known = self._known
        self._left |= {known.study: known} if known.study else {}
        there = self._at(study) or known
        self._known = replace(there, study=study, datasets=known.datasets, studies=known.studies, with_study=self._at)

    def _after(self, request: Request, dialogue: Dialogue) -> Dialogue:
        """The dialogue once an act has told what it began."""
        known = self._known
        if request.tool == "start_study":
            return dialogue.about(study=known.study, dataset=known.study_dataset)
        if request.tool in ("run_trial", "repeat_trial"):
            return dialogue.running(known.trials[-1])
        if request.tool == "open_study":
            return dialogue.about(study=known.study, dataset=known.study_dataset)
        return dialogue

    def _pretend(self, request: Request) -> None:
        known, args = self._known, request.args
        if request.tool == "start_study":
            self._begin(args)
        elif request.tool == "control_study":
            self._known = replace(known, study_state=_STATES.get(str(args.get("action")), known.study_state))
        elif request.tool == "extend_study":
            self._known = replace(known, study_state="running")
        elif request.tool in ("run_trial", "repeat_trial"):
            self._run(args)
        elif request.tool == "add_dataset":
            name = str(args.get("name") or PurePath(str(args["path"])).stem)
            self._known = replace(known, datasets=(*known.datasets, name))
        elif request.tool == "filter_dataset":
            name = str(args.get("name") or f"{args.get('dataset')}-v2")
            self._known = replace(known, datasets=(*known.datasets, name))
        elif request.tool == "remember_lesson":
            self._note(str(args.get("text", "")), is_bound=args.get("as_bound"))
        elif request.tool in ("rename_dataset", "remove_dataset"):
            old, new = args.get("dataset"), args.get("name")
            here = str(new) if known.study_dataset == old and new else known.study_dataset
            self._known = replace(known, datasets=_exchanged(known.datasets, old, new), study_dataset=here)
        elif request.tool == "rename_study":
            self._known = replace(
                known, studies=_exchanged(known.studies, known.study, args["name"]), study=str(args["name"])
            )
        elif request.tool == "delete_study":
            self._known = replace(known, studies=_exchanged(known.studies, args.get("study") or known.study, None))
            if self._known.studies:
                self._open(self._known.studies[0])

    def _note(self, text: str, *, is_bound: bool | None) -> None:
        """The note as it would be known from now on."""
        before = self._known.notes()
        was = next((one for one in before if one.text == text), None)
        if was is None:
            self._notes.append(text)
            was = NoteKnown(number=1 + len(before), text=text, is_own=True, is_bound=False, told_at="9")
        now = replace(was, is_bound=was.is_bound if is_bound is None else is_bound)
        notes = (*(one for one in before if one.text != text), now)
        self._known = replace(self._known, notes=lambda: notes)

    def _begin(self, args: Mapping[str, Any]) -> None:
        known = self._known
        self._left |= {known.study: known} if known.study else {}
        based = self._at(str(args["base"])) if "base" in args else None
        dataset = str(args.get("dataset") or (based.study_dataset if based else known.study_dataset))
        name = _free_name(known, dataset)
        self._known = replace(
            known,
            studies=(name, *known.studies),
            study=name,
            study_state="running",
            study_dataset=dataset,
            study_models=tuple(args.get("models") or (based.study_models if based else ())),
            trials=(),
            ranking=(),
            params={},
            trial_models={},
            pending=None,
        )

    def _run(self, args: Mapping[str, Any]) -> None:
        """The trial that a run or a repeat begins has the next number."""
        known = self._known
        number = 1 + max(known.trials, default=-1)
        base = args.get("base", args.get("trial"))
        params = {**known.params.get(base, {}), **dict(args.get("params") or {})}
        model = args.get("model") or known.trial_models.get(base)
        self._known = replace(
            known,
            study_state="running",
            trials=(*known.trials, number),
            params={**known.params, number: params},
            trial_models={**known.trial_models, **({number: str(model)} if model else {})},
            pending=None,
        )


def _word(tool: str, found: Result) -> str:
    return said_of_pretended(found.request) if isinstance(found, Pretended) else word(tool, found)


def _exchanged(names: tuple[str, ...], old: object, new: object) -> tuple[str, ...]:
    """The names with a new one in the place of an old one; None takes the old one away."""
    return tuple(str(new) if name == old else name for name in names if name != old or new is not None)


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
