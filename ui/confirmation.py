"""The record of a confirmation, for a colleague to read and to repeat: one HTML file and one JSON file."""

import json
from collections.abc import Sequence
from pathlib import Path

from agent.answers.confirmation import details, verdict
from agent.confirmation import Confirmation, Contender, Run, Score
from recmodels.outcomes import parse_outcomes
from recmodels.positive import parse_rule
from recmodels.repeats import words_of
from ui.markup import template
from ui.words import count, duration, number, values_line


def write_record(confirmation: Confirmation, folder: Path) -> tuple[Path, Path]:
    """Writes `<study>-confirmation-<n>.html` and `.json` into the folder, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    html, record = (folder / f"{confirmation.record_name}.{ending}" for ending in ("html", "json"))
    html.write_text(_html(confirmation), encoding="utf-8")
    record.write_text(json.dumps(confirmation.to_dict(), ensure_ascii=False, indent=2), encoding="utf-8")
    return html, record


def _html(confirmation: Confirmation) -> str:
    found = confirmation
    return template("confirmation.html.j2").render(
        title=f"Confirmation {found.number} of {found.study}",
        verdict=verdict(found),
        details=details(found),
        valid=_scores(found, found.valid),
        test=_scores(found, found.test),
        failed=[(run.contender, run.stage, run.seed, run.reason) for run in found.runs if run.reason],
        params=[(contender.name, contender.model, _params(contender)) for contender in found.contenders],
        runs=[_run(run) for run in found.runs],
        about={
            "objective": f"{found.direction} {found.objective}",
            "constraints": ", ".join(found.constraints) or "none",
            "dataset": f"{found.dataset}, fingerprint {found.data}",
            "split": _split(found),
            "likes": parse_rule(found.positive).words(),
            "items had before": found.repeats_says or words_of(found.repeats),
            "outcomes": parse_outcomes(found.outcomes).words() if found.outcomes else "all count alike",
            "asked for": f"the best {found.n_top}, {count(found.n_seeds, 'seed')} each",
            "seed of the study": str(found.study_seed),
            "versions": values_line(found.versions),
            "began, ended": f"{found.began_at}, {found.ended_at}",
        },
        commands=[line for line in (found.study_command, found.command, *found.train_commands) if line],
        notes=found.notes,
    )


def _run(run: Run) -> tuple[str, ...]:
    return (
        run.contender,
        run.stage,
        str(run.train_seed),
        "–" if run.border is None else str(run.border),
        str(run.epochs or run.best_epoch),
        number(run.value),
        duration(run.train_s),
        "" if run.reused_from is None else f"of confirmation {run.reused_from}",
    )


def _scores(confirmation: Confirmation, scores: Sequence[Score]) -> list[tuple[str, ...]]:
    return [
        (
            f"{score.contender}{', winner' if score.contender == confirmation.winner else ''}",
            number(score.mean),
            f"{score.error:.2g}",
            "–" if score.low is None else f"[{number(score.low)}, {number(score.high)}]",
            str(score.n_runs),
            str(score.n_users or "–"),
            duration(score.train_s),
        )
        for score in scores
    ]


def _params(contender: Contender) -> str:
    """Exact, so that they can be set again."""
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in contender.params.items()) or "none"


def _split(confirmation: Confirmation) -> str:
    moves = "drawn again for each seed" if confirmation.moves_border else "the same for all seeds"
    return (
        f"{confirmation.split}, seed {confirmation.split_seed}; the border between train and validation {moves}, the "
        "test part the same throughout"
    )
