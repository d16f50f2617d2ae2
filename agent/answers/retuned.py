"""What an earlier study's best params are worth on other data, in a sentence."""

from agent.answers.wording import number, signed
from agent.standing import standing_values
from agent.studies.retuning import retuned
from agent.studies.study import Study


def retuned_words(study: Study) -> str:
    """How the best of the earlier study compares with this one's; empty for a study that began with none."""
    found = retuned(study)
    if found is None:
        return ""
    earlier, _, trial = found.origin.rpartition("/")
    if found.past is None or found.best is None:
        return f"The best of {earlier} (its trial {trial}) has no value on {study.spec.dataset} yet."
    values, metric = standing_values(study.records()), study.spec.goal.primary.metric
    past, best = found.past.number, found.best.number
    said = f"On {study.spec.dataset} the best of {earlier} reaches {metric} {number(values[past])} (trial {past})"
    if found.gain is None:
        is_same = past == best or found.best.params == found.past.params
        return (
            f"{said}, and is still the best." if is_same else f"{said}, the best {number(values[best])} (trial {best})."
        )
    interval = f"{signed(found.gain.mean)} [{signed(found.gain.low)}, {signed(found.gain.high)}]"
    sure = "clearly better: by" if found.gain.low > 0 else "not clearly better:"
    return f"{said}; the best of this study, trial {best} with {number(values[best])}, is {sure} {interval}."
