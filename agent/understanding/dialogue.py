"""The state of a dialogue: what it is about, what was done last, what waits for an answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any

from agent.understanding.plan import Request, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Everything that "it", "the other one", "same but" and "no, ten" can mean; JSON-ready by `to_dict`."""

    study: str | None = None  # that this chat is about
    other_study: str | None = None  # that it was about before
    dataset: str | None = None  # talked of last
    trials: tuple[int, ...] = ()  # talked of last, the latest last
    user: str | None = None
    param: str | None = None
    last: tuple[Request, ...] = ()  # what the turn before did, or would have done
    waiting: Waiting | None = None

    @property
    def trial(self) -> int | None:
        """The trial that was talked of last."""
        return self.trials[-1] if self.trials else None

    @property
    def last_tool(self) -> str | None:
        """The tool of the turn before."""
        return self.last[-1].tool if self.last else None

    def after(self, done: tuple[Request, ...], waiting: Waiting | None = None) -> "Dialogue":
        """The dialogue once these were done; what an answer leaves open waits."""
        state = replace(self, waiting=waiting)
        for request in done:
            state = state._with(request)
        if done or waiting is not None:
            state = replace(state, last=done or (waiting.requests if waiting else ()))
        return state

    def about(
        self, *, study: str | None = None, dataset: str | None = None, trials: tuple[int, ...] = ()
    ) -> "Dialogue":
        """The dialogue after an answer that spoke of these."""
        state = self
        if study is not None and study != self.study:
            state = replace(state, study=study, other_study=self.study or self.other_study)
        if dataset is not None:
            state = replace(state, dataset=dataset)
        return replace(state, trials=trials) if trials else state

    def _with(self, request: Request) -> "Dialogue":
        args = request.args
        state = self
        if isinstance(study := args.get("study"), str):
            state = state.about(study=study)
        if isinstance(dataset := args.get("dataset"), str):
            state = state.about(dataset=dataset)
        if request.tool == "add_dataset" and isinstance(path := args.get("path"), str):
            state = state.about(dataset=str(args.get("name") or PurePath(path).stem))
        if request.tool == "rename_study" and isinstance(name := args.get("name"), str):
            state = state.about(study=name)
        if request.tool == "rename_dataset" and isinstance(name := args.get("name"), str):
            state = state.about(dataset=name)
        named = [args.get("trial"), args.get("against"), args.get("base"), *(args.get("trials") or ())]
        trials = tuple(trial for trial in named if isinstance(trial, int) and not isinstance(trial, bool))
        if trials:
            state = replace(state, trials=trials)
        if isinstance(user := args.get("user"), str):
            state = replace(state, user=user)
        params = args.get("params")
        only = next(iter(params)) if isinstance(params, Mapping) and len(params) == 1 else None
        if isinstance(param := args.get("param", only), str):
            state = replace(state, param=param)
        return state

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        whole = asdict(self)
        whole["last"] = [request.to_dict() for request in self.last]
        whole["waiting"] = self.waiting.to_dict() if self.waiting else None
        return whole

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Dialogue":
        """The dialogue that `to_dict` wrote."""
        return cls(
            **(
                dict(data)
                | {
                    "trials": tuple(data.get("trials", ())),
                    "last": tuple(Request.from_dict(request) for request in data.get("last", ())),
                    "waiting": Waiting.from_dict(data["waiting"]) if data.get("waiting") else None,
                }
            )
        )
