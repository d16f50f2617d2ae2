"""The trial that runs or waits, with its reason; and what a language model asks the person."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from agent.answers.wording import number, sentence, source
from agent.proposal import Proposal
from agent.studies.study import Study
from agent.studies.study_spec import StudyStatus
from recmodels.outside import on_one_line
from ui.views.params import ParamRow, param_rows
from ui.words import changes_line

_AT_REST = ("paused", "stopped", "failed")
_PROPOSED = "It was proposed when you asked; nothing runs until you say so."
_RESUMED = "It runs when the study is resumed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A proposal that was made, and has not ended."""

    number: int
    model: str
    title: str
    why: str
    expected: str
    note: str
    params: tuple[ParamRow, ...]
    waits: bool  # for the person's yes
    when: str  # it runs, where that is not now; else empty
    is_proposal: bool  # which runs only if someone says so
    post: str  # what its acts' addresses begin with
    body: str  # JSON that names the trial
    draft: str  # a message that runs it changed

    @classmethod
    def of(cls, study: Study) -> "Next | None":
        """The one that waits, else the one that runs, else the next in line."""
        status = study.status()
        waits = study.waiting() is not None and status.state == "waiting"
        running = study.running()
        found = study.waiting() if waits else running.proposal if running else status.pending
        if found is None:
            return None
        is_running = not waits and running is not None
        if not is_running and not waits and _runs_by_no_one(status):
            return cls._of(study, found, f"Trial {found.number}, a proposal", waits=False, when=_PROPOSED)
        title = f"Trial {found.number}, which {'runs now' if is_running else 'is next'}"
        when = _RESUMED if not is_running and status.state in _AT_REST else ""
        return cls._of(study, found, title, waits=waits, when=when)

    @classmethod
    def _of(cls, study: Study, found: Proposal, title: str, *, waits: bool, when: str = "") -> "Next":
        objective = study.spec.goal.primary.metric
        said = [] if found.expected is None else [f"Expected {objective}: {number(found.expected)}."]
        rests = f"It rests on {len(found.evidence)} earlier trial{'s' * (len(found.evidence) != 1)} or lessons."
        said += [rests] if found.evidence else []
        return cls(
            number=found.number,
            model=found.model,
            title=title,
            why=sentence(on_one_line(found.why)) or f"Proposed by {source(found.proposer)}.",
            expected=" ".join(said),
            note=sentence(on_one_line(found.note or "")),
            params=tuple(param_rows(found)),
            waits=waits,
            when=when,
            is_proposal=when == _PROPOSED,
            post=f"/api/studies/{quote(study.title)}",
            body=json.dumps({"trial": found.number, "proposal": found.mark}),
            draft=f"run it with {changes_line(found)}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that is offered."""

    says: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a language model asks while the study waits."""

    says: str
    choices: tuple[Choice, ...]
    post: str

    @classmethod
    def of(cls, study: Study) -> "Question | None":
        """None where nothing is asked."""
        asked = study.question
        if asked is None:
            return None
        choices = tuple(Choice(says=on_one_line(one), body=json.dumps({"text": one})) for one in asked.choices())
        return cls(
            says=on_one_line(asked.question()), choices=choices, post=f"/api/studies/{quote(study.title)}/answer"
        )


def _runs_by_no_one(status: StudyStatus) -> bool:
    """Whether a proposal that is kept would not run, even where the study is resumed."""
    return status.state == "finished" or (status.state in _AT_REST and status.n_finished >= status.n_trials)
