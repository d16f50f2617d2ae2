"""What the best trial is compared with: the defaults and the simple models, each with the gain and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answers.standings import defaults_words
from agent.answers.wording import number, signed, unmet_words
from agent.results.standing import BaselineShown, GainOver, GainShown, StandingShown
from agent.studies.study import Study


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


def rivals(stands: StandingShown, study: Study) -> Sequence[Rival]:
    """The best defaults first; empty before there is a best trial, or where there is nothing to compare with."""
    if stands.best is None:
        return ()
    rows = [_defaults(stands)] if stands.defaults is not None and not stands.is_defaults else []
    best = study.best() if stands.is_defaults else None  # whose own defaults are no rival
    others = [row for row in stands.baselines if best is None or row.model != best.model]
    return [*filter(None, rows), *map(_baseline, others)]


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


def _baseline(row: BaselineShown) -> Rival:
    (verdict, tone), (gain, interval) = judged(row.gain), gain_cells(row.gain)
    if row.gain is None and row.is_beaten is not None:
        verdict = f"{'above' if row.is_beaten else 'not above'} it; {verdict}"
    barred = unmet_words(row.unmet)
    return Rival(
        name=f"{row.model} at its defaults",
        value=number(row.value) + (f" ± {row.half_width:.2g}" if row.half_width is not None else ""),
        gain=gain,
        interval=interval,
        verdict="; ".join(filter(None, (verdict, barred))),
        tone=tone,
    )
