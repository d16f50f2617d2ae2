"""One HTML file that tells a study from the question to the answer; it opens without a network."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agent.answers.bounds import measured_of
from agent.answers.confirmation import details, verdict
from agent.answers.standings import (
    further_metrics,
    further_values,
    spread_of,
    standing_shown,
    standing_words,
    trial_standings,
)
from agent.baseline import Baseline, shown
from agent.confirmation import Confirmation
from agent.confirming.commands import notes_of_study, tune_command
from agent.objective import Goal
from agent.standing import best_of, ordered
from agent.studies.study import Study
from memory.record import TrialRecord
from recmodels.data.folders import disk_full, is_disk_full
from recmodels.errors import SetupError
from ui.confirmation import write_record
from ui.figures import KINDS, Kind, Picture, StudyData
from ui.figures.files import rounded
from ui.markup import template
from ui.words import count, duration, number, params_line, state_line, with_spread

_READ = ("history", "importance", "slice", "parallel", "pareto", "curves", "timeline")
_FEWEST = 3  # trials of a model that are worth a figure of its own
_WIDE, _NARROW = 880, 350  # px, of the column on a screen and on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The answer of the study, in words."""

    number: int
    model: str
    objective: str
    value: str
    params: str
    weights: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; the template escapes them."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    best: int | None = None  # the row that stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A confirmation in words, and the name of its record next to the report."""

    number: int
    verdict: str
    details: Sequence[str]
    record: str

    @classmethod
    def of(cls, confirmation: Confirmation) -> "Confirmed":
        return cls(
            number=confirmation.number,
            verdict=verdict(confirmation),
            details=details(confirmation),
            record=f"{confirmation.record_name}.html",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure for a wide page and for a phone."""

    wide: Picture
    narrow: Picture
    of: str = ""  # the model, where there is a figure for each

    @property
    def title(self) -> str:
        return f"{self.wide.title}: {self.of}" if self.of else self.wide.title


def record_of(confirmation: Confirmation, folder: Path) -> tuple[Path, Path]:
    """Where the record of a confirmation lies, as HTML and JSON; it is written where it is missing."""
    html, record = (folder / f"{confirmation.record_name}.{ending}" for ending in ("html", "json"))
    return (html, record) if html.is_file() and record.is_file() else write_record(confirmation, folder)


def write_report(study: Study, folder: Path, confirmations: Sequence[Confirmation] = ()) -> Path:
    """Writes `<folder>/<study>.html` and returns its path; an earlier one is replaced whole.

    Args:
        confirmations: Those of the study that are done; the report links to their records.

    Raises:
        recmodels.errors.SetupError: It cannot be written.
    """
    path = folder / f"{study.spec.name}.html"
    draft = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for confirmation in confirmations:
            record_of(confirmation, folder)
        draft.write_text(report(study, confirmations), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        says = disk_full(path) if is_disk_full(error) else SetupError(f"{path} cannot be written: {error.strerror}")
        raise says from error
    return path


def report(study: Study, confirmations: Sequence[Confirmation] = ()) -> str:
    """The report as one HTML document; all text is escaped by the template."""
    records, status, spec = study.records(), study.status(), study.spec
    best = best_of(spec.goal, records)
    effort = (
        f"{count(len(records), 'trial')} of {', '.join(spec.models)} in {duration(status.elapsed_s)} without pauses"
    )
    return template("report.html.j2").render(
        title=spec.name,
        name=spec.name,
        objective=status.objective,
        dataset=spec.dataset,
        effort=f"{effort}, seed {spec.seed}{'' if spec.uses_rules else ', without rules'}",
        best=None if best is None else _best(best),
        standing=standing_words(standing_shown(study)),
        confirmed=[Confirmed.of(confirmation) for confirmation in confirmations],
        sections=_sections(StudyData.of(study)),
        leaderboard=_leaderboard(spec.goal, records, study.baselines()),
        reasons=_reasons(study, records),
        commands=[tune_command(spec), *([] if best is None else [f"recpilot export {spec.name} {best.number}"])],
        notes=notes_of_study(spec, records),
        split=f"{spec.split.kind}, seed {spec.split.seed}",
        rounded=rounded,
    )


def _sections(data: StudyData) -> list[list[Figure]]:
    """The figures that there is something to draw of, in the order in which people read them."""
    return [found for name in _READ if (found := _figures(KINDS[name], data))]


def _figures(kind: Kind, data: StudyData) -> list[Figure]:
    """One for the study, or one a model where the kind is of a model."""
    is_of_model = any(option.name == "model" for option in kind.options(data))
    n_measured = Counter(record.model for record in data.measured)
    worth = [model for model in data.models if n_measured[model] >= _FEWEST or model == data.first_model]
    models = sorted(worth, key=lambda model: model != data.first_model) if is_of_model else [""]
    found = []
    for model in models:
        given = {"model": model} if model else {}
        wide = kind.draw(data, given, _WIDE)
        if not wide.empty:
            narrow = kind.draw(data, given, _NARROW)
            found.append(Figure(wide=wide, narrow=narrow, of=model if len(models) > 1 else ""))
    return found


def _best(best: TrialRecord) -> Best:
    return Best(
        number=best.number,
        model=best.model,
        objective=best.objective,
        value=with_spread(best.value, spread_of(best)),
        params=params_line(best),
        weights=best.checkpoint,
    )


def _leaderboard(goal: Goal, records: Sequence[TrialRecord], baselines: Sequence[Baseline]) -> Table:
    """All trials, best first, then the lines to beat; the star is for a best trial clearly above the defaults."""
    stands, has_front = trial_standings(goal, records), len(goal.objectives) > 1
    further = further_metrics(goal, records) + ["front"] * has_front
    rows: list[tuple[str, ...]] = [
        (
            f"{'★ ' if stands[record.number].is_starred else ''}{record.number}",
            record.model,
            with_spread(record.value, stands[record.number].half_width),
            *further_values(goal, measured_of(record), records),
            *(("yes" if stands[record.number].is_on_front else "",) if has_front else ()),
            "top" if stands[record.number].in_group else "",
            state_line(record),
            duration(record.cost.get("train_s", 0.0)),
            record.proposer,
            params_line(record),
        )
        for record in ordered(goal, records)
    ]
    rows += [
        (
            "–",
            one.model,
            with_spread(one.value, one.spread),
            *further_values(goal, one.metrics, records),
            *[""] * (has_front + 1),
            "baseline",
            duration(one.train_s),
            "–",
            "defaults",
        )
        for one in shown(goal, baselines)
    ]
    head = (
        "trial",
        "model",
        f"{goal.primary.metric} on validation, ± 95 %",
        *further,
        "group",
        "state",
        "time",
        "proposed by",
        "params",
    )
    return Table(head=head, rows=rows, best=0 if best_of(goal, records) else None)


def _reasons(study: Study, records: Sequence[TrialRecord]) -> Table:
    rows = [
        (
            str(record.number),
            study.proposal(record.number).rationale,
            number(record.expected),
            number(record.value),
            ", ".join(record.evidence) or "–",
        )
        for record in records
    ]
    return Table(head=("trial", "rationale", "expected", "measured", "evidence"), rows=rows)
