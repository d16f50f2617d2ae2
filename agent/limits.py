"""How much a chat, `ask` or an attached model may start: stated here, and the same for all of them.

What a person types as a command of the terminal (`recpilot tune`, `recpilot study resume`) has no such limit; only the
free space of the disk is looked at there too. Nothing is ever made smaller in silence: whoever asks for more hears the
limit, what to ask for instead, and how to raise it.
"""

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one home; the settings of the same names, as RECPILOT_MAX_TRIALS, raise them."""

    max_trials: float = 500  # of one study, those that ran included
    max_hours: float = 24.0  # of work of one study
    max_studies: float = 8  # that run or wait at a time
    max_disk_gib: float = 50.0  # of datasets and weights together
    min_free_mib: float = 500.0  # of the disk that the home lies on

    @property
    def max_s(self) -> float:
        """Seconds of work of one study."""
        return self.max_hours * 3600.0

    def of_a_command(self) -> "Limits":
        """Those of what a person typed as a command of the terminal."""
        return replace(self, max_trials=math.inf, max_hours=math.inf, max_studies=math.inf, max_disk_gib=math.inf)


NO_LIMITS = Limits(min_free_mib=0.0).of_a_command()
