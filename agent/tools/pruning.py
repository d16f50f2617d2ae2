"""The tool that says how a study stops trials early, and what a pruner would have done."""

import re
from typing import Annotated

from pydantic import Field

from agent.answers import evidence
from agent.answers.facts import quoted
from agent.errors import ToolInputError
from agent.results.pruning import PruningShown, TrialJudged
from agent.studies.pruners import PRUNERS, can_prune
from agent.studies.pruners.hindsight import in_hindsight
from agent.studies.pruners.recalled import RecalledProgress
from agent.studies.study import Study
from agent.tools.explaining import TrialNumber
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, study_read
from agent.workspace import Workspace
from memory.record import TrialRecord


def show_pruning(
    workspace: Workspace,
    trial: TrialNumber = None,
    rule: Annotated[str | None, Field(description="hurdle, quartile, halving or none; left out: the study's")] = None,
    study: StudyName = None,
) -> PruningShown:
    """Say which pruner a study has, what it stopped, and what a pruner would have stopped, by the trials' curves."""
    chosen = study_read(workspace, study)
    spec = chosen.spec
    if rule is not None and rule not in PRUNERS:
        raise ToolInputError(f"there is no pruner {quoted(rule, 60)}; the pruners are: {', '.join(PRUNERS)}")
    by = rule or spec.pruner
    with correctable():
        records = chosen.records() if trial is None else [evidence.finished(chosen, trial)]
    recalled = RecalledProgress(workspace.memory, chosen.profile)
    return PruningShown(
        study=chosen.title,
        pruner=spec.pruner,
        rule=by,
        can_prune=can_prune(spec.goal),
        goal=str(spec.goal),
        trial=trial,
        trials=tuple(_judged(by, record, chosen, recalled) for record in records),
        looks_at_past=by == "hurdle",
    )


def _judged(rule: str, record: TrialRecord, study: Study, recalled: RecalledProgress) -> TrialJudged:
    most = study.spec.epochs or record.params.get("epochs")
    found = in_hindsight(
        rule,
        record,
        study.records(),
        study.spec.goal,
        epochs=int(most) if most is not None else None,
        is_repeat=study.proposal(record.number).repeat_of is not None,
        past=recalled.of_rule(rule, study.spec, record.model) if len(record.curve) > 1 else (),
    )
    return TrialJudged(
        number=record.number,
        model=record.model,
        state=record.state,
        was_pruned=record.state == "pruned" and not re.match(r"time[ _]limit", record.reason or ""),
        reason=quoted(record.reason) if record.reason else None,
        n_epochs=len(record.curve),
        epoch=found.epoch,
        why=found.reason,
        spared=found.spared,
    )
