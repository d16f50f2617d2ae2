"""What of the past weighed in on a study's trials: past data, rules, lessons and notes."""

from dataclasses import dataclass

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTrusted:
    """A dataset whose past trials were followed."""

    dataset: str
    likeness: float | None = None  # to the study's data, in [0, 1]; None: its profile is not known
    trials: tuple[int, ...] = ()  # of the study, whose reason names it
    first: float | None = None  # trust in the first of them, in [0, 1]
    most: float | None = None
    last: float | None = None  # in the last of them
    since: str = ""  # why, as the last trial that tells it says
    is_shipped: bool = False  # it came with recpilot
    model: str = ""  # whose trials these are, in a study of several models: each trusts by its own

    @property
    def called(self) -> str:
        """`ml-1m`, or `ml-1m for ease`."""
        return f"{self.dataset} for {self.model}" if self.model else self.dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """A rule, lesson or note, and where it weighed in."""

    says: str  # a rule's id, else the text, quoted
    trials: tuple[int, ...] = ()  # empty: the whole study was held to it


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFound:
    """The best trial, and how its params came about."""

    number: int
    value: float
    proposer: str
    trusted: tuple[str, ...] = ()  # datasets that its reason names


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWeighed(Result):
    """What weighed in, by the reasons that the trials keep."""

    study: str | None = None  # None: there is none yet
    dataset: str | None = None
    about: str = ""  # all, data, rules, notes, shipped
    of: DataTrusted | None = None  # the dataset that was asked about
    trial: int | None = None  # only this one
    n_trials: int = 0
    n_from_past: int = 0  # whose reason names past data
    objective: str = ""
    sampler: str = ""
    data: tuple[DataTrusted, ...] = ()  # the most trusted first
    rules: tuple[Spoke, ...] = ()
    lessons: tuple[Spoke, ...] = ()
    bounds: tuple[Spoke, ...] = ()  # notes that narrowed the search space
    best: BestFound | None = None
    shipped: tuple[DataTrusted, ...] = ()  # the histories that came with recpilot, where those are asked for
