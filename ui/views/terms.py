"""What a study was asked to do, as terms and their values."""

from agent.answers.wording import duration, listed
from agent.confirming.commands import tune_command
from agent.pruner_words import DEFAULT_PRUNER
from agent.studies.study import Study


def terms_of(study: Study, dataset: str) -> list[tuple[str, str]]:
    """The goal, the data and the budget, then what is not as ever; the command that makes the study last.

    Args:
        dataset: What its data are called now.
    """
    spec = study.spec
    rows = [
        ("Goal", spec.aim),
        ("Models", listed(spec.models)),
        ("Dataset", dataset),
        ("Split", next((one.split for one in study.records() if one.split), spec.split.kind)),
        ("Trials", str(spec.n_trials)),
        ("Time limit", "none" if spec.time_limit_s is None else duration(spec.time_limit_s)),
        ("Each trial", _each(study)),
        ("Sampler", spec.sampler),
    ]
    rows += [("Pruner", spec.pruner)] if spec.pruner != DEFAULT_PRUNER else []
    rows += [("Approval", "each trial waits for a yes")] if spec.needs_approval else []
    rows += [("Begun by", study.begun.person)] if study.begun.person else []
    return [*rows, ("Command", tune_command(spec))]


def _each(study: Study) -> str:
    spec = study.spec
    epochs = "the model's own number of epochs" if spec.epochs is None else f"up to {spec.epochs} epochs"
    return epochs if spec.trial_time_limit_s is None else f"{epochs}, at most {duration(spec.trial_time_limit_s)}"
