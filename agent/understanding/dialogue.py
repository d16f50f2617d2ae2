"""The state of a dialogue: what it is about, what was done last, what waits for an answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any, TypeVar

from agent.understanding.plan import Request, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Everything that "it", "the other one", "same but" and "no, ten" can mean; JSON-ready by `to_dict`."""

    study: str | None = None  # that this chat is about
    other_study: str | None = None  # that it was about before
    dataset: str | None = None  # talked of last
    made: str | None = None  # the dataset that was read or made last, until something else is done
    datasets: tuple[str, ...] = ()  # talked of, the latest last
    studies: tuple[str, ...] = ()  # talked of, the latest last
    trials: tuple[int, ...] = ()  # talked of last, the latest last
    recent: tuple[int, ...] = ()  # trials of this study that were talked of or run, the latest last
    ran: tuple[int, ...] = ()  # trials that were run since another one was talked of, the latest last
    user: str | None = None
    param: str | None = None
    last: tuple[Request, ...] = ()  # what the turn before did, or would have done
    waiting: Waiting | None = None
    kind: str | None = None  # what was talked of last: "dataset" or "study"
    is_idle: bool = False  # what was ordered last was not done
    unread: str | None = None  # the path of a file about whose columns the last answer asked

    @property
    def trial(self) -> int | None:
        """The trial that was talked of last."""
        return self.trials[-1] if self.trials else None

    def group(self, n: int) -> tuple[int, ...]:
        """The trials that "these two", "those three" are; empty where so many were not talked of."""
        for trials in (self.trials if len(self.trials) == n else (), self.ran, self.recent):
            if len(trials) >= n:
                return trials[-n:]
        return ()

    @property
    def last_tool(self) -> str | None:
        """The tool of the turn before."""
        return self.last[-1].tool if self.last else None

    def after(self, done: tuple[Request, ...], waiting: Waiting | None = None) -> "Dialogue":
        """The dialogue once these were done; what an answer leaves open waits."""
        state = replace(self, waiting=waiting, made=None if any(one.acts for one in done) else self.made)
        for request in done:
            state = state._with(request)
        asked = waiting.requests if waiting is not None else ()
        if done or waiting is not None:
            state = replace(state, last=done or asked)
        if not done and waiting is not None and waiting.lacking == "tool":
            asked = ()  # which is meant is not known yet
        kinds = [_KINDS[one.tool] for one in done or asked if one.tool in _KINDS]
        did, would = any(one.acts for one in done), any(one.acts for one in asked)
        return replace(state, kind=kinds[-1] if kinds else self.kind, is_idle=not did and (would or self.is_idle))

    def about(
        self, *, study: str | None = None, dataset: str | None = None, trials: tuple[int, ...] = ()
    ) -> "Dialogue":
        """The dialogue after an answer that spoke of these."""
        state = self
        if study is not None:
            state = replace(state, studies=_with_latest(self.studies, study))
        if study is not None and study != self.study:
            other = self.study or self.other_study
            state = replace(state, study=study, other_study=other, trials=(), recent=(), ran=())
        if dataset is not None:
            state = replace(state, dataset=dataset, datasets=_with_latest(state.datasets, dataset))
        return state._speaking_of(trials) if trials else state

    def running(self, trial: int) -> "Dialogue":
        """The dialogue once a trial of the study was begun."""
        return replace(self._speaking_of((trial,)), ran=_with_latest(self.ran, trial))

    def renamed(self, study: str | None, name: str) -> "Dialogue":
        """The dialogue once a study, by default the one that it is about, has another name."""
        old = study or self.study
        studies = tuple(name if one == old else one for one in self.studies)
        here = name if self.study in (old, None) else self.study
        other = name if self.other_study == old else self.other_study
        return replace(self, study=here, other_study=other, studies=studies).about(study=name)

    def _speaking_of(self, trials: tuple[int, ...]) -> "Dialogue":
        recent = self.recent
        for trial in trials:
            recent = _with_latest(recent, trial)
        return replace(self, trials=trials, recent=recent)

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
            state = state.renamed(study if isinstance(study, str) else None, name)
        if request.tool in ("rename_dataset", "filter_dataset") and isinstance(name := args.get("name"), str):
            state = state.about(dataset=name)
        named = [args.get("trial"), args.get("against"), args.get("base"), *(args.get("trials") or ())]
        trials = tuple(trial for trial in named if isinstance(trial, int) and not isinstance(trial, bool))
        if trials:
            ran = state.ran if request.tool in _RUNS or set(trials) <= set(state.ran) else ()
            state = replace(state._speaking_of(trials), ran=ran)
        user = args.get("user") or (args.get("filter") if args.get("what") == "user" else None)
        if isinstance(user, str):
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
        whole["waiting"] = replace(self.waiting, card=None).to_dict() if self.waiting else None  # kept with its answer
        return whole

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Dialogue":
        """The dialogue that `to_dict` wrote."""
        return cls(
            **(
                dict(data)
                | {
                    **{name: tuple(data.get(name, ())) for name in ("datasets", "studies", "trials", "recent", "ran")},
                    "last": tuple(Request.from_dict(request) for request in data.get("last", ())),
                    "waiting": Waiting.from_dict(data["waiting"]) if data.get("waiting") else None,
                }
            )
        )


_KINDS = dict.fromkeys(
    ("add_dataset", "describe_dataset", "inspect_data", "rename_dataset", "filter_dataset", "remove_dataset"), "dataset"
) | dict.fromkeys(
    (
        *("start_study", "extend_study", "open_study", "rename_study", "delete_study", "import_trials", "study_status"),
        *(
            "propose_trial",
            "run_trial",
            "reject_trial",
            "repeat_trial",
            "predict",
            "set_search_space",
            "show_space",
            "control_study",
        ),
        *("explain_trial", "compare_trials", "trials", "parameter_importance", "show_tradeoffs", "confirm", "report"),
        *("show_confirmation", "recommend_items", "export_model", "show_influence", "show_pruning"),
    ),
    "study",
)
"""What each tool speaks of; of neither are those that are left out."""
OF_STUDIES = frozenset(tool for tool, kind in _KINDS.items() if kind == "study")
_T = TypeVar("_T", bound=int | str)
_KEPT = 8  # that are remembered
_RUNS = ("run_trial", "repeat_trial", "predict")
"""Tools whose `base` or `trial` is where a new one starts from."""


def _with_latest(before: tuple[_T, ...], one: _T) -> tuple[_T, ...]:
    """The one at the end; the last two keep their order, so that "the former" stays the former once it was talked of."""
    return before if one in before[-2:] else (*(other for other in before if other != one), one)[-_KEPT:]
