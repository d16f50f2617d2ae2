"""Tools that read values out of a study: the table of its trials, and sums over its values."""

from typing import Annotated

from pydantic import Field

from agent.answers import calculation, trial_table
from agent.results.sums import Sum
from agent.results.table import TrialTable
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, study_at_hand
from agent.workspace import Workspace


def trials(
    workspace: Workspace,
    columns: Annotated[
        list[str] | None,
        Field(
            description='["dropout", "coverage@10", "train_s", "surprise", "curve", "metrics"]; left out: what differs',
            max_length=16,
        ),
    ] = None,
    filter: Annotated[
        str | None,
        Field(description="(model=ease or proposer=llm) and ndcg@10>0.1, state=failed", max_length=300),
    ] = None,
    sort: Annotated[str | None, Field(description="a column; -train_s: descending", max_length=100)] = None,
    limit: Annotated[int | None, Field(description="rows at most", ge=1, le=trial_table.MAX_ROWS)] = None,
    study: StudyName = None,
) -> TrialTable:
    """Show the trials of a study as a table, best first: any params, metrics, costs, and only those that fit.

    Other columns: state, reason, proposer, expected, surprise, repeats, epochs_run, best_epoch; or all `params`,
    `metrics`, `costs`.
    """
    with correctable():
        return trial_table.trial_table(study_at_hand(workspace, study), columns, filter, sort, limit)


def calc(
    workspace: Workspace,
    expression: Annotated[
        str,
        Field(
            description="t3.ndcg@10 - mean(t0.ndcg@10, t1.ndcg@10); best.train_s / 60; max(train_s of all trials)",
            max_length=300,
        ),
    ],
    study: StudyName = None,
) -> Sum:
    """Work out a sum, difference, ratio, mean, min, max or std of numbers and of values of a study's trials.

    Use it for every number that is not itself in the evidence.
    """
    found = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    with correctable():
        return calculation.calculate(expression, found)
