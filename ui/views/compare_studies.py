"""Studies side by side: what each reached under which terms, and what may be said of the difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.answers.across_studies import compare_studies, studies_compared, unlike_of
from agent.answers.standings import standing_shown
from agent.answers.status_facts import data_title
from agent.answers.wording import duration, listed, number, param, told, with_spread
from agent.studies.study import Study
from agent.studies.study_spec import trials_done
from agent.workspace import Workspace
from ui.views.compare_trials import Line
from ui.views.plain import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiesSide:
    """The tables of a comparison; the first study is what the others are compared with."""

    titles: tuple[str, ...]
    verdicts: tuple[str, ...]
    lines: tuple[Line, ...]
    params: tuple[Line, ...]
    alike: tuple[Study, ...]  # those that can be compared with the first

    @classmethod
    def of(cls, workspace: Workspace, studies: Sequence[Study]) -> "StudiesSide":
        """Of two or more."""
        first, *others = studies
        rows: list[tuple[str, Callable[[Study], str]]] = [
            ("Best ± 95 %", _best),
            ("Best trial", _trial),
            ("Simple models", _baselines),
            ("Goal", lambda study: study.spec.aim),
            ("Dataset", lambda study: data_title(workspace, study.spec.dataset)),
            ("Data", _data),
            ("Split", _split),
            ("Models", lambda study: listed(study.spec.models)),
            ("Trials", lambda study: trials_done(study.status().n_finished, study.spec.n_trials)),
            ("Time used, without pauses", lambda study: duration(study.status().elapsed_s)),
            ("Sampler", lambda study: study.spec.sampler),
            ("State", lambda study: study.state),
        ]
        return cls(
            titles=tuple(study.title for study in studies),
            verdicts=tuple(plain(studies_compared(compare_studies(first, other))) for other in others),
            lines=tuple(_line(name, [said(study) for study in studies]) for name, said in rows),
            params=_params(studies),
            alike=tuple(other for other in others if not unlike_of(first, other)),
        )


def _line(name: str, cells: Sequence[str]) -> Line:
    return Line(name=name, cells=tuple(cells), differs=len(set(cells)) > 1)


def _best(study: Study) -> str:
    stands = standing_shown(study)
    return "–" if stands.best is None else with_spread(stands.best.value, stands.uncertainty)


def _trial(study: Study) -> str:
    best = study.best()
    return "–" if best is None else f"{best.number}, {best.model}"


def _baselines(study: Study) -> str:
    rows = standing_shown(study).baselines
    return "; ".join(f"{row.model} {number(row.value)}" for row in rows) or "–"


def _data(study: Study) -> str:
    """The version of its data, as far as it was kept."""
    kept = study.begun.data or next((record.data for record in study.records() if record.data), "")
    return kept[:8] or "not kept"


def _split(study: Study) -> str:
    found = next((record.split for record in study.records() if record.split), study.spec.split.kind)
    return f"{found}, seed {study.spec.split.seed}" if study.spec.split.seed else found


def _params(studies: Sequence[Study]) -> tuple[Line, ...]:
    """The params of the best trials, what differs first."""
    best = [study.best() for study in studies]
    shown = [{} if one is None else told(one.model, one.params) for one in best]
    lines = []
    for name in dict.fromkeys(name for params in shown for name in params):
        cells = [param(params[name]) if name in params else "–" for params in shown]
        lines.append(_line(name, cells))
    return tuple(sorted(lines, key=lambda line: not line.differs))
