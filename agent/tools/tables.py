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
            description='["dropout", "coverage@10", "train_s", "state", "seed"]; left out: what differs', max_length=12
        ),
    ] = None,
    filter: Annotated[
        str | None, Field(description="model=ease, state=failed, ndcg@10>0.1, several with `and`", max_length=300)
    ] = None,
    study: StudyName = None,
) -> TrialTable:
    """Show the trials of a study as a table, best first: any params, metrics and costs, and only those that fit."""
    with correctable():
        return trial_table.trial_table(study_at_hand(workspace, study), columns, filter)


def calc(
    workspace: Workspace,
    expression: Annotated[
        str,
        Field(description="ndcg@10 of trial 3 - ndcg@10 of trial 0; train_s of the best / 60", max_length=300),
    ],
    study: StudyName = None,
) -> Sum:
    """Work out a sum, difference or ratio of numbers and of values of a study, such as `ndcg@10 of trial 3`.

    Use it for every number that is not itself in the evidence.
    """
    found = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    with correctable():
        return calculation.calculate(expression, found)
