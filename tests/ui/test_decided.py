"""Among several people a chat names the other one who let a trial run, or rejected it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from agent import events
from agent.proposal import Proposal
from agent.studies.acts_log import METADATA, ActsLog
from ui.decided import decided_by
from ui.owners import fresh_chat, owner_of
from ui.render import apply
from ui.transcript import Transcript

PROPOSAL = Proposal(number=4, model="ease", params={"l2": 7.0}, proposer="gp", rationale="why")
RUN = events.TrialStarted(study="s", number=4, model="ease", params=PROPOSAL.params)
OTHER = events.ProposalMade(study="s", proposal=replace(PROPOSAL, params={"l2": 9.0}))
APPROVED, REJECTED = "trial 4 of shop-1 was begun", "trial 4 of shop-1 was rejected"


@pytest.fixture
def acts() -> ActsLog:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    return ActsLog(engine)


@pytest.mark.parametrize(
    ("tool", "says", "chat", "event", "text"),
    [
        ("run_trial", APPROVED, "bo-0123abcd", RUN, "Trial 4 was approved by bo."),
        ("run_trial", APPROVED, "ana-0123abcd", RUN, "Trial 4 was approved."),
        ("run_trial", APPROVED.replace("4", "3"), "bo-0123abcd", RUN, "Trial 4 was approved."),
        ("reject_trial", REJECTED, "bo-0123abcd", RUN, "Trial 4 was approved."),
        ("reject_trial", REJECTED, "bo-0123abcd", OTHER, "Trial 4 was rejected by bo: ease, l2 7. Another is proposed"),
    ],
)
def test_the_other_person_is_named(
    acts: ActsLog, tool: str, says: str, chat: str, event: events.StudyEvent, text: str
) -> None:
    transcript = Transcript()
    apply(transcript, events.ApprovalNeeded(study="s", proposal=PROPOSAL), answer="")
    with acts.act(tool, chat=chat, study="s", before={}) as entry:
        entry.says = says
    apply(transcript, event, answer="", by=decided_by(acts, transcript, event, "ana"))
    assert transcript.entries()[0].text.startswith(text)


def test_an_act_of_before_the_proposal_is_not_meant(acts: ActsLog) -> None:
    with acts.act("run_trial", chat="bo-0123abcd", study="s", before={}) as entry:
        entry.says = APPROVED
    transcript = Transcript()
    apply(transcript, events.ApprovalNeeded(study="s", proposal=PROPOSAL), answer="")
    transcript._entries = {key: replace(one, at="2999-01-01T00:00:00") for key, one in transcript._entries.items()}
    assert decided_by(acts, transcript, RUN, "ana") == ""


@pytest.mark.parametrize("person", ["ana", "ana-b", None])
def test_the_owner_of_a_chat_is_told_by_its_id(person: str | None) -> None:
    assert owner_of(fresh_chat(person)) == person
