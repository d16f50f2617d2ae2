"""What the best trial is compared with: the defaults and the simple models, each with the gain and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answers.over_defaults import defaults_words
from agent.answers.wording import number, signed, unmet_words
from agent.results.standing import BarredDefaults, BaselineShown, GainOver, GainShown, StandingShown


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One row."""

    name: str
    value: str
    gain: str
    interval: str
    verdict: str
    tone: str  # good, bad, soft
    view: str = ""  # of the trial, where it is one


def rivals(stands: StandingShown) -> Sequence[Rival]:
    """The best defaults first; before there is a best trial, what it will have to beat."""
    first = [_defaults(stands)] if stands.defaults is not None and not stands.is_defaults else []
    barred = [_barred(stands.barred_defaults)] if stands.barred_defaults is not None else []
    return [*filter(None, first), *barred, *(_baseline(stands, row) for row in stands.baselines)]


def judged(gain: GainShown | GainOver | None) -> tuple[str, str]:
    """What an interval says of a gain, and how that is shown."""
    if gain is None:
        return "no interval was kept", "soft"
    if gain.low > 0:
        return "clearly better", "good"
    return ("clearly worse", "bad") if gain.high < 0 else ("could be chance", "soft")


def gain_cells(gain: GainShown | GainOver | None) -> tuple[str, str]:
    """The gain and its interval."""
    return ("", "") if gain is None else (signed(gain.mean), f"[{signed(gain.low)}, {signed(gain.high)}]")


def _defaults(stands: StandingShown) -> Rival | None:
    if stands.defaults is None:
        return None
    (verdict, tone), (gain, interval) = judged(stands.gain), gain_cells(stands.gain)
    return Rival(
        name=defaults_words(stands).removeprefix("the "),
        value=number(stands.defaults.value),
        gain=gain,
        interval=interval,
        verdict=verdict,
        tone=tone,
        view=f"trial/{stands.defaults.number}",
    )


def _barred(row: BarredDefaults) -> Rival:
    (verdict, tone), (gain, interval) = judged(row.gain), gain_cells(row.gain)
    return Rival(
        name=f"defaults of {row.model} (trial {row.number})",
        value=number(row.value),
        gain=gain,
        interval=interval,
        verdict=f"{verdict}; {unmet_words(row.unmet)}",
        tone=tone,
        view=f"trial/{row.number}",
    )


def _baseline(stands: StandingShown, row: BaselineShown) -> Rival:
    is_same = stands.is_defaults and not stands.defaults_cut and row.model == stands.best_model
    (verdict, tone), (gain, interval) = judged(row.gain), gain_cells(row.gain)
    if row.gain is None and row.is_beaten is not None:
        verdict = f"{'above' if row.is_beaten else 'not above'} it; {verdict}"
    if stands.best is None:
        verdict = ""
    if is_same and stands.best is not None:
        (verdict, tone), (gain, interval) = (f"the same params as trial {stands.best.number}", "soft"), ("", "")
    barred = unmet_words(row.unmet)
    return Rival(
        name=f"{row.model} at its defaults",
        value=number(row.value) + (f" ± {row.half_width:.2g}" if row.half_width is not None else ""),
        gain=gain,
        interval=interval,
        verdict="; ".join(filter(None, (verdict, barred))),
        tone=tone,
    )
