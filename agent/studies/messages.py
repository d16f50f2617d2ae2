"""What a study is told, and what it wants done: plain data between the pure machine and the worker around it.

Message                                   Effect
├── Command   a person or a screen asks   ├── Save · CloseTrial · Report        written to the ledger
│   └── Start … Change                    ├── Tell · Retell                     shown to readers
└── what the worker observed              ├── AskForProposal · StopTrial        carried out elsewhere
    └── Seen … ProgramEnds                └── Answer · AnswerLater · Refuse …   back to whoever asked

A new command: its class here, its handler in steering.py, a line in machine.py's table, a method in study.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.deciding.acts import Deed
from agent.events import Event
from agent.proposal import Proposal
from agent.studies import saved_state
from agent.studies.pruners.progress import Progress
from agent.studies.saved_state import SavedState
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord
from recmodels.request import EpochReport
from recmodels.search_space import Params, ParamValue, SearchSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    now: float = 0.0  # seconds of the worker's clock, which fills it in: the machine has none


# -- commands: each is answered or refused ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Message):
    """What a person, a screen or the runner asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """There is work to do, whatever the state is; a finished study says once more that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue(Command):
    """This process will work on the study as soon as its turn comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Command):
    """Answered with the pending proposal, when there is one."""

    request: str | None = None  # the person's wish, which replaces what is pending


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPending(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTrial(Command):
    params: Mapping[str, ParamValue]  # what differs from the model's defaults
    model: str | None = None
    rationale: str = "params given by the person"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProposal(Command):
    proposal: Proposal  # made and judged already


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatTrial(Command):
    number: int
    seed: int | None = None  # None: the next one that follows from the study's


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    params: Mapping[str, ParamValue] | None = None  # changed by the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    """What the person says to a language model's question; answered with the deed that it belongs to."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSpace(Command):
    """Answered with the model's space from then on."""

    model: str | None
    param: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] | None = None
    value: ParamValue | None = None
    is_reset: bool = False  # to the whole range that the model declares, and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Command):
    """Other limits, models or constraints; answered with the spec from then on."""

    change: saved_state.Change


# -- what the worker observed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Message):
    """What the ledger holds, read while this worker does not work on the study."""

    saved: SavedState
    records: tuple[TrialRecord, ...]
    n_started: int  # trials in the ledger, finished or not
    is_held: bool  # another living worker has the claim


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkBegins(Message):
    """The claim is this worker's, and the ledger is recovered."""

    records: tuple[TrialRecord, ...]
    n_started: int
    lost: tuple[TrialRecord, ...] = ()  # trials that a crash cut off, just now recorded as interrupted
    again: tuple[tuple[int, Proposal], ...] = ()  # interrupted trials that have to run again
    n: int | None = None  # trials at most
    answer_wait_s: float = 0.0  # how long a question to the person waits
    most_s: float | None = None  # working time of the study in all that this process gives it; None: no end


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatNext(Message):
    """The working thread has nothing to do."""

    no_room: str | None = None  # why no trial may begin now
    worked_long: str = ""  # the reason, where the study has worked for as long as it may


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalReady(Message):
    token: int
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedReady(Message):
    """A language model does something to the study before the next trial."""

    token: int
    deed: Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDue(Message):
    """The time for the person's answer may be over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFailed(Message):
    """Nothing is left to try (`planner.Exhausted`), or the search for a proposal broke."""

    token: int
    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStarted(Message):
    number: int  # in the ledger
    at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFinished(Message):
    report: EpochReport
    past: tuple[Progress, ...] = ()  # of the trial's model on other datasets


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded(Message):
    """Training returned; the ledger does not know yet."""

    record: TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialClosed(Message):
    """The outcome stands in the ledger, as this record."""

    record: TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned(Message):
    """The memory was told of the trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broke(Message):
    """The work cannot go on: the machine lacks something (`SetupError`), or a bug."""

    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLost(Message):
    """Another process took the study, since this one was silent for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramEnds(Message):
    pass


# -- effects ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something the machine wants done; effects are carried out in order, under one lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Save(Effect):
    state: SavedState


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Effect):
    """An epoch's objective, for the ledger."""

    number: int
    epoch: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTrial(Effect):
    """Write the outcome; `TrialClosed` follows."""

    record: TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Effect):
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Retell(Effect):
    """Trials that another process ran."""

    records: tuple[TrialRecord, ...]  # all of the study's
    after: int  # those that are told already


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForProposal(Effect):
    """Find the next params, in a thread of its own.

    `ProposalReady`, `ProposalFailed`, or where the model may act `DeedReady` follows with the token.
    """

    token: int
    number: int
    spec: StudySpec
    records: tuple[TrialRecord, ...]
    spaces: Mapping[str, SearchSpace]
    excluded: tuple[tuple[str, Params], ...]
    request: str | None
    limits: Mapping[str, SearchSpace] = field(default_factory=dict)  # the spaces as the person narrowed them
    reserve: Mapping[str, bool] = field(default_factory=dict)  # models that may come in; True: with the person's yes
    deeds: tuple[Deed, ...] = ()  # what a language model did to the study so far
    waiting: tuple[Proposal, ...] = ()  # what runs or is to run
    time_left_s: float | None = None
    may_act: bool = False  # a language model may do something to the study first


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTrial(Effect):
    """End the running trial at this epoch."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgive(Effect):
    """Ask a decider again that was left alone after its failures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake(Effect):
    """There is work again, and nobody works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Effect):
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLater(Effect):
    """The proposal that is being made is the answer; `Settle` brings it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Effect):
    """The proposal that was being made, or why there is none."""

    result: Proposal | BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Effect):
    error: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(Effect):
    """A bug that ended the work: raised again in the thread that works."""

    error: BaseException
