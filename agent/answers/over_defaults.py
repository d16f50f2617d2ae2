"""What the best trial won over the defaults, in words: the one place for chat, terminal, report and page."""

from dataclasses import dataclass

from agent.answers.wording import number, signed, unmet_words
from agent.results.standing import BaselineShown, BestStands, StandingShown


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict in a phrase that stands behind a trial's name."""

    says: str
    is_good: bool = False  # clearly better than the real defaults of a model


def verdict_of(facts: StandingShown) -> Verdict:
    """Whether the best trial is clearly better than the defaults, and which; `gain_words` says the same at length."""
    if facts.is_defaults:
        return Verdict(says=_is_the_defaults(facts))
    real = _real(facts)
    if real is not None and real.gain is not None:  # which a baseline measured over the same users
        is_clear = real.gain.low > 0
        return Verdict(says=f"{_clearly(is_clear)} the defaults of {real.model} (a baseline)", is_good=is_clear)
    if facts.defaults is None:
        return Verdict(says=_without_defaults(facts))
    named = defaults_words(facts) if facts.defaults_cut or _is_of_another(facts) else "the defaults"
    if facts.gain is None:
        return Verdict(says=f"not known to be better than {named}, as the users' values were not kept")
    is_good = facts.is_clear_gain and not facts.defaults_cut
    return Verdict(says=f"{_clearly(facts.is_clear_gain)} {named}", is_good=is_good)


def gain_words(facts: StandingShown, best: BestStands) -> str:
    """Whether the best trial is clearly better than the defaults, with the interval; empty where nothing is known."""
    defaults = facts.defaults
    if defaults is None:
        return barred_words(facts)
    if facts.is_defaults and facts.front:
        return f"By {facts.objective} alone {defaults_words(facts)} are ahead.{real_defaults(facts)}"
    if facts.is_defaults and facts.defaults_cut:
        return f"These are {defaults_words(facts)}: {_nothing_better(facts)}.{real_defaults(facts)}"
    if facts.is_defaults:
        return f"These are the model's defaults: {_nothing_better(facts)}."
    if facts.gain is None:
        return ""
    is_plain = not facts.defaults_cut and not _is_of_another(facts)
    where = f"the defaults (trial {defaults.number})" if is_plain else defaults_words(facts)
    interval = f"{signed(facts.gain.mean)} [{signed(facts.gain.low)}, {signed(facts.gain.high)}]"
    if facts.is_clear_gain:
        return f"Trial {best.number} is clearly better than {where} on validation: by {interval}.{real_defaults(facts)}"
    return f"Trial {best.number} is not clearly better than {where}: {interval}.{real_defaults(facts)}"


def defaults_words(facts: StandingShown) -> str:
    """What the gain is counted from: `the model's defaults (trial 0)`, or what a note or a range left of them."""
    trial = f" (trial {facts.defaults.number})" if facts.defaults else ""
    whose = f" of {facts.defaults_model}" if _is_of_another(facts) else ""
    if facts.defaults_cut:
        return f"the defaults{whose} with {facts.defaults_cut} to keep within this study's ranges{trial}"
    return f"the defaults{whose}{trial}" if whose else f"the model's defaults{trial}"


def real_defaults(facts: StandingShown) -> str:
    """Where the defaults were cut, what the real ones have, as far as a baseline measured them; begins with a space."""
    if not facts.defaults_cut or facts.best is None:
        return ""
    row = _real(facts)
    if row is None or row.value is None:
        return f" No gain over the real defaults of {facts.defaults_model} is claimed."
    gain = signed(facts.best.value - row.value)
    return f" The real defaults of {row.model} have {number(row.value)} (the baseline); the best is {gain} from there."


def barred_words(facts: StandingShown) -> str:
    """Of defaults that broke a constraint, so that no gain is counted from them; empty where none did."""
    barred = facts.barred_defaults
    if barred is None:
        return ""
    of = f"The defaults of {barred.model} (trial {barred.number})"
    return f"{of} {unmet_words(barred.unmet)}, so no gain is counted from them."


def _real(facts: StandingShown) -> BaselineShown | None:
    """The baseline that measured the real defaults where no trial ran them whole."""
    if facts.defaults is not None and not facts.defaults_cut:
        return None
    model = facts.defaults_model or facts.best_model
    return next((row for row in facts.baselines if row.model == model and not row.unmet), None)


def _without_defaults(facts: StandingShown) -> str:
    barred = facts.barred_defaults
    if barred is not None:
        return f"the defaults of {barred.model} (trial {barred.number}) {unmet_words(barred.unmet)}"
    whose = f"the defaults of {facts.best_model}" if facts.best_model else "the model's defaults"
    return f"no trial here ran {whose}"


def _is_the_defaults(facts: StandingShown) -> str:
    which = (
        f"the defaults with {facts.defaults_cut}, cut to this study's ranges" if facts.defaults_cut else "the defaults"
    )
    if facts.front:
        return f"these are {which}, ahead by {facts.objective} alone"
    return f"these are {which}: {_nothing_better(facts)}"


def _nothing_better(facts: StandingShown) -> str:
    return "no other params ran to their end" if facts.is_alone else "nothing tried so far was better"


def _clearly(is_clear: bool) -> str:
    return "clearly better than" if is_clear else "not clearly better than"


def _is_of_another(facts: StandingShown) -> bool:
    """Whether the defaults are of another model than the best trial."""
    return bool(facts.best_model and facts.defaults_model and facts.best_model != facts.defaults_model)
