"""Whether a study may begin or go on: the trials, the time, the studies at a time and the disk that there are.

room.check_new(spec)              # raises OverLimit, which says what would be within
room.short_of_disk("demo-1")      # why a study stops before its next trial, or None
"""

import math
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from agent.errors import UserError
from agent.limits import Limits
from agent.studies.study_spec import StudySpec
from recmodels.durations import in_words

_LOOK_S = 30.0  # how long what the folders hold is taken for known
_MIB, _GIB = 1 << 20, 1 << 30


class OverLimit(UserError):
    """More than a chat or a model may start."""

    def __init__(self, text: str, instead: Mapping[str, Any] | None = None) -> None:
        """`instead`: the arguments of the tool that would be within the limit; None: no other ones would."""
        super().__init__(text)
        self.instead = dict(instead or {})


class Room:
    """What there is of one home; the limits are looked at where something begins, and between two trials."""

    def __init__(self, *, limits: Limits, folders: Sequence[Path], n_at_work: Callable[[], int]) -> None:
        """
        Args:
            limits: Of a chat, or of a command of the terminal.
            folders: Of datasets and weights.
            n_at_work: How many studies run or wait now.
        """
        self.limits = limits
        self._folders = tuple(folders)
        self._n_at_work = n_at_work
        self._looked_at = -math.inf
        self._bytes = 0

    def check_new(self, spec: StudySpec) -> None:
        """Raises OverLimit: a study like that may not begin."""
        self._check_trials(spec.n_trials, "n_trials")
        self._check_time(spec.time_limit_s, "time_limit_s")
        self.check_start()

    def check_change(self, before: StudySpec, n_trials: int | None, time_limit_s: float | None) -> None:
        """Raises OverLimit: a study may not be given so many trials or so much time in all."""
        if n_trials is not None and n_trials > before.n_trials:
            self._check_trials(n_trials, "total_trials", drops="n_trials", has=before.n_trials)
        if time_limit_s is not None and time_limit_s > (before.time_limit_s or 0):
            self._check_time(time_limit_s, "total_time_s", drops="time_limit_s", has=before.time_limit_s or 0)

    def check_one_more(self, study: str, n_trials: int) -> None:
        """Raises OverLimit: a study that has so many trials may not run one beyond its budget."""
        if n_trials >= self.limits.max_trials:
            raise OverLimit(
                f"study {study!r} has {n_trials:,} trials already, the limit of one that a chat or a model runs;"
                f" {_raised('MAX_TRIALS', n_trials + 1)}"
            )

    def check_going_on(self, spec: StudySpec, elapsed_s: float) -> None:
        """Raises OverLimit: a study may not go on with what it is to run."""
        if spec.n_trials > self.limits.max_trials:
            raise OverLimit(
                f"study {spec.name!r} is to run {spec.n_trials:,} trials, over the limit of"
                f" {self.limits.max_trials:,} for one that a chat or a model runs; go on with it on the terminal:"
                f" recpilot study resume {spec.name}; or {_raised('MAX_TRIALS', spec.n_trials)}"
            )
        self.check_start(spec.name, elapsed_s)

    def check_start(self, study: str = "", elapsed_s: float = 0.0) -> None:
        """Raises OverLimit: nothing may begin now, or this study may not go on."""
        if elapsed_s >= self.limits.max_s:
            raise OverLimit(self.worked_long(study))
        n = self._n_at_work()
        if n >= self.limits.max_studies:
            raise OverLimit(
                f"{n} {'study runs or waits' if n == 1 else 'studies run or wait'} already, the limit; stop one or wait"
                f" until one ends, or {_raised('MAX_STUDIES', n + 1)}"
            )
        if (problem := self._short_of_disk()) is not None:
            raise OverLimit(f"nothing was begun: {problem}")

    def check_data(self, n_bytes: int) -> None:
        """Raises OverLimit: so much may not be added to the datasets."""
        if (problem := self._short_of_disk(n_bytes)) is not None:
            raise OverLimit(f"nothing was added: {problem}")

    def short_of_disk(self, study: str) -> str | None:
        """Why a study stops before its next trial; None: there is space."""
        problem = self._short_of_disk()
        return None if problem is None else f"{problem}; then go on with `recpilot study resume {study}`"

    def worked_long(self, study: str) -> str:
        """Why a study stops that has worked for as long as it may; empty where there is no such limit."""
        if math.isinf(self.limits.max_s):
            return ""
        return (
            f"study {study!r} has worked for {in_words(self.limits.max_s)}, the limit of one that a chat or a model"
            f" runs; go on with it on the terminal: recpilot study resume {study}; or"
            f" {_raised('MAX_HOURS', math.ceil(2 * self.limits.max_hours))}"
        )

    def _check_trials(self, n: int, name: str, *, drops: str | None = None, has: int = 0) -> None:
        most = self.limits.max_trials
        if n > most:
            raise OverLimit(
                f"{n:,} trials are over the limit of {most:,} for a study that a chat or a model runs; ask for"
                f" {most:,} or fewer, or {_raised('MAX_TRIALS', n)}",
                _instead(name, int(most), drops) if most > has else None,
            )

    def _check_time(self, seconds: float | None, name: str, *, drops: str | None = None, has: float = 0) -> None:
        most = self.limits.max_s
        if seconds is not None and seconds > most:
            raise OverLimit(
                f"{in_words(seconds)} are over the limit of {in_words(most)} for a study that a chat or a model runs;"
                f" ask for {in_words(most)} or less, or {_raised('MAX_HOURS', math.ceil(seconds / 3600))}",
                _instead(name, most, drops) if most > has else None,
            )

    def _short_of_disk(self, more_bytes: int = 0) -> str | None:
        place = next((one for folder in self._folders for one in (folder, *folder.parents) if one.exists()), None)
        if place is None:
            return None
        free, least = shutil.disk_usage(place).free - more_bytes, self.limits.min_free_mib * _MIB
        if free < least:
            left = (
                f"would have {max(0, free) // _MIB:,} MiB left with it"
                if more_bytes
                else f"has {free // _MIB:,} MiB left"
            )
            return (
                f"the disk of {place} {left}, and under {self.limits.min_free_mib:,.0f} MiB (RECPILOT_MIN_FREE_MIB) no"
                " trial or dataset begins; free space"
            )
        if math.isinf(self.limits.max_disk_gib):
            return None
        held = self._held() + more_bytes
        if held >= self.limits.max_disk_gib * _GIB:
            return (
                f"datasets and weights {'would ' if more_bytes else ''}take {held / _GIB:.1f} GiB, and"
                f" {self.limits.max_disk_gib:g} GiB is the limit; remove some, or"
                f" {_raised('MAX_DISK_GIB', math.ceil(2 * self.limits.max_disk_gib))}"
            )
        return None

    def _held(self) -> int:
        """Bytes in the folders, as they were not long ago."""
        if time.monotonic() - self._looked_at > _LOOK_S:
            self._bytes = sum(map(_size, self._folders))
            self._looked_at = time.monotonic()
        return self._bytes


def _raised(setting: str, value: float) -> str:
    return f"start again with RECPILOT_{setting}={value:g} to raise it" if value < 1e6 else f"raise RECPILOT_{setting}"


def _instead(name: str, value: float, drops: str | None) -> dict[str, Any]:
    return {name: value} | ({drops: None} if drops else {})


def _size(folder: Path) -> int:
    """Bytes of all files below; what vanishes meanwhile counts nothing."""
    total = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    total += _size(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    return total
