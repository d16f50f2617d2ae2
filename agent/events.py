"""Everything that happens, as frozen records; chat, command line and tests see events and nothing else of the agent.

Event
├── StudyEvent     carries the study's name
│   ├── StudyStarted · StudyStateChanged · StudyFinished
│   ├── BaselineStarted · BaselinesMeasured · ProposalMade · ApprovalNeeded
│   ├── TrialStarted · EpochFinished · TrialFinished
│   ├── LessonLearned · StudyNoted (DeciderActed · QuestionAsked)
│   └── ConfirmationStep · ConfirmationStopped · ConfirmationFinished
└── ChatEvent      one message and its answer
    ├── MessageSaid · TurnsReplaced · TextDelta · TextWithdrawn · AnswerFinished
    └── ToolCalled · ToolReturned
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agent.baseline import Baseline
from agent.confirmation import Confirmation, Stage
from agent.plan_card import PlanCard
from agent.proposal import Proposal
from agent.results.by_tool import result_of
from agent.results.result import Json, Result
from memory.record import Lesson, ParamValue, TrialRecord

StudyState = Literal["queued", "running", "waiting", "paused", "stopped", "finished", "failed"]
"""waiting: for the person's approval or answer; stopped: by the person, can be resumed; failed: with a reason, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEvent:
    study: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyStarted(StudyEvent):
    dataset: str
    models: tuple[str, ...]
    objective: str  # in words: "maximize ndcg@10, coverage@10 >= 0.2"
    n_trials: int
    resumed_from: int = 0  # finished trials that were already there


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyStateChanged(StudyEvent):
    state: StudyState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineStarted(StudyEvent):
    """A simple model is measured now, before the first trial."""

    model: str
    at_least_s: float = 0.0  # where its time can be foretold; 0: not


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinesMeasured(StudyEvent):
    """Simple models at their defaults, before the first trial."""

    baselines: tuple[Baseline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMade(StudyEvent):
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalNeeded(StudyEvent):
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStarted(StudyEvent):
    number: int
    model: str
    params: Mapping[str, ParamValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFinished(StudyEvent):
    number: int
    epoch: int  # from 1
    epochs: int  # at most
    loss: float | None
    value: float  # the objective on validation
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFinished(StudyEvent):
    record: TrialRecord
    is_best: bool
    n_finished: int
    n_trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLearned(StudyEvent):
    lesson: Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyNoted(StudyEvent):
    """Something that the person should know and that stops nothing, such as a memory that cannot be written."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeciderActed(StudyNoted):
    """A language model changed the study, ended it, or heard from the person; the text says what and why."""

    act: str  # range, leave_out, bring_in, stop, ask


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(StudyNoted):
    """A language model asks the person; the study waits for the answer, and goes on without one after a while."""

    choices: tuple[str, ...]  # the answers that are offered; others may be given
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFinished(StudyEvent):
    best: TrialRecord | None
    n_finished: int
    reason: str  # "8 of 8 trials done", "time limit of 30 min reached", "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationStep(StudyEvent):
    """A run of a confirmation begins."""

    confirmation: int  # from 1
    contender: str
    stage: Stage
    seed: int  # from 0
    done: int  # runs of the stage before it
    total: int  # of the stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationStopped(StudyEvent):
    """A confirmation was cut off, and can go on: what it measured so far is kept."""

    confirmation: Confirmation
    reason: str = ""  # empty: it was told to


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationFinished(StudyEvent):
    """The study's best was confirmed, or not; the confirmation holds what was measured."""

    confirmation: Confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEvent:
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSaid(ChatEvent):
    """What the person said; only in a chat's history."""

    text: str
    files: tuple[str, ...] = ()  # names of files that were dropped in
    turn: int = field(default=0, compare=False)  # its number, which no other turn of the chat has
    at: str = field(default="", compare=False)  # when it was said, ISO 8601 in UTC; empty: not kept
    begun: str = field(default="", compare=False)  # when the answer to it was begun
    stays: str = ""  # what turns did that it took the place of, in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsReplaced(ChatEvent):
    """Turns were taken out, since the person asks for another answer or says it otherwise."""

    turns: tuple[int, ...]  # their numbers
    stays: str  # what they did that stays, in a sentence; empty: nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta(ChatEvent):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWithdrawn(ChatEvent):
    """What streamed so far of this answer does not stand; the model was asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled(ChatEvent):
    call_id: str
    tool: str
    args: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolReturned(ChatEvent):
    call_id: str
    tool: str
    facts: Mapping[str, Json]  # the result as the model sees it
    is_error: bool = False

    @property
    def result(self) -> Result:
        """What the tool found."""
        return result_of(self.tool, self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFinished(ChatEvent):
    text: str  # the whole answer as it stands after grounding
    removed: tuple[str, ...] = ()  # claims that did not hold, as they were written; their sentences were cut
    not_checked: tuple[str, ...] = ()  # sentences that nothing measured supports or denies; marked in the text
    choices: tuple[str, ...] = ()  # offered when the agent asks back
    plan: PlanCard | None = None  # that the text tells, and a yes would carry out
    has_failed: bool = False  # the language model did, so that nothing or only a part of it was done
    is_stopped: bool = False  # the person stopped it; the text says so, and what was done before
    is_cut: bool = False  # the server ended before it was given, as the text says; it can be given again
    at: str = field(default="", compare=False)  # when it was given, ISO 8601 in UTC; empty: not kept


Event = StudyEvent | ChatEvent
