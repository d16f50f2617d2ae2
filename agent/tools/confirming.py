"""The tool that confirms what a study found, with several seeds and one reading of the sealed test."""

from typing import Annotated

from pydantic import Field

from agent.answers.facts import Facts
from agent.confirmation import N_SEEDS
from agent.confirming.opening import confirm_in_background
from agent.tools.making import correctable
from agent.tools.steering import current_study
from agent.workspace import Workspace


def confirm(
    workspace: Workspace,
    n_seeds: Annotated[int, Field(description="runs of each contender, with other seeds", ge=1, le=50)] = N_SEEDS,
    study: Annotated[str | None, Field(description="left out: the study at hand")] = None,
) -> Facts:
    """Confirm in the background that the best of a study is better than its defaults and a simple baseline.

    The best trials and the defaults run with several seeds; then the sealed test part is read once. Use it when the
    person asks to confirm a result, or for its value on test. It costs many training runs, so never unasked.
    """
    chosen = workspace.runner.open(study) if study else current_study(workspace)
    with correctable():
        begun = confirm_in_background(workspace, chosen, n_seeds=n_seeds)
    return {
        "study": begun.study,
        "confirmation": begun.number,
        "contenders": [contender.name for contender in begun.contenders],
        "n_seeds": n_seeds,
        "objective": begun.objective,
    }
