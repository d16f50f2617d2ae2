"""How a trial stands against the defaults of its own model, which a trial or a baseline of the study measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from agent.baseline import Baseline
from agent.cut_defaults import cut_words
from agent.standing import DEFAULTS, broken, defaults_of, gain_of, gain_over_run, ordered, same_configuration
from agent.studies.baselines import baseline_folder
from agent.studies.study import Study
from agent.uncertainty import Difference, user_values, valid_values
from memory.record import TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OverDefaults:
    """What a trial won over the defaults of a model, and which defaults these are."""

    model: str
    number: int | None  # the trial that ran them; None: a baseline
    cut: str  # what the study's ranges changed of them; empty: nothing
    unmet: tuple[str, ...]  # the constraints that they break
    is_same: bool  # the trial ran these very params
    gain: Difference | None  # more is better; None for the same params, or where the users' values were not kept

    def words(self) -> str:
        """`clearly better than the defaults of item_knn (trial 4)`; empty where that cannot be said."""
        which = f"the defaults of {self.model}"
        which += f" with {self.cut}, cut to this study's ranges" if self.cut else ""
        if self.is_same:
            return which
        where = "a baseline" if self.number is None else f"trial {self.number}"
        barred = f", which break {' and '.join(self.unmet)}" if self.unmet else ""
        return "" if self.gain is None else f"{_sure(self.gain)} {which} ({where}){barred}"


def over_defaults(study: Study, record: TrialRecord) -> OverDefaults | None:
    """Against its own model's defaults where they were measured, else the best defaults of the study.

    None for a trial that did not come to its end, and where no defaults were measured.
    """
    if record.state != "complete" or record.value is None:
        return None
    records = study.records()
    own = next((one for one in _defaults(study, records) if one.model == record.model), None)
    if own is not None and (same_configuration(own, record) or not cut_words(own.model, own.params)):
        return _over_trial(study, record, own)
    real = next((one for one in study.baselines() if one.model == record.model and one.value is not None), None)
    if real is not None and (gain := gain_over_baseline(study, record, real)) is not None:
        unmet = tuple(study.spec.goal.unmet(real.metrics))
        return OverDefaults(model=real.model, number=None, cut="", unmet=unmet, is_same=False, gain=gain)
    other = own or defaults_of(study.spec.goal, records)
    return None if other is None else _over_trial(study, record, other)


def gain_over_baseline(study: Study, record: TrialRecord, one: Baseline) -> Difference | None:
    """What a trial won over a simple model, over the same users; None where what each user had is not kept."""
    if one.value is None:
        return None
    folder = baseline_folder(study.place.checkpoints, one.measured_in or study.name, one.model)
    kept = user_values(folder, f"valid_{record.objective}")
    if kept is None or not isclose(float(kept.values.mean()), one.value, rel_tol=1e-5):  # another study has that name
        return None
    return gain_over_run(study.spec.goal, record, kept, study.records(), valid_values)


def _defaults(study: Study, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The complete trials of defaults, best first."""
    ran = [one for one in records if one.proposer == DEFAULTS and one.state == "complete" and one.value is not None]
    return ordered(study.spec.goal, records, ran)


def _over_trial(study: Study, record: TrialRecord, defaults: TrialRecord) -> OverDefaults:
    goal, records = study.spec.goal, study.records()
    return OverDefaults(
        model=defaults.model,
        number=defaults.number,
        cut=cut_words(defaults.model, defaults.params),
        unmet=tuple(broken(goal, defaults, records)),
        is_same=same_configuration(record, defaults),
        gain=gain_of(goal, record, defaults, records, valid_values),
    )


def _sure(gain: Difference) -> str:
    if gain.low > 0:
        return "clearly better than"
    return "clearly worse than" if gain.high < 0 else "not clearly better than"
