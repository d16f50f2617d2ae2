"""Chat turns, decisions and tiny studies over the faulty server, and what is wrong with how they end."""

import re
import time
from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from agent.advisor.situation import Situation
from agent.chat.conversation import Conversation
from agent.deciding.context import DecisionContext
from agent.deciding.decision import Chooser
from agent.deciding.model_decider import ModelDecider
from agent.events import AnswerFinished, ChatEvent, StudyFinished, StudyNoted, TextDelta, ToolReturned, TrialFinished
from agent.llm.openai_compatible import OpenAICompatibleChat
from agent.llm.server_errors import Retries
from agent.objective import Goal
from agent.proposal import Candidate
from agent.studies.study_spec import StudySpec
from agent.words.acts import ACTS
from agent.workspace import Workspace
from recmodels.search_space import Float, SearchSpace

LIMIT_S = 60.0  # for an answer that comes, however busy the machine is
SHORT_S = 0.25  # for one that never comes
SLOW_S = 25.0  # the server hangs for longer
QUESTION = "What is in the dataset tiny?"
ORDER = "Start a study on tiny with bpr_mf, 3 trials."
RAW = re.compile(
    r"<\w|</|Traceback|\{['\"]|['\"]\}|```|TOOL_CALLS|\x1b|\x00|[\ud800-\udfff]|Error\b|\bNone\b|start_study\("
)
BLAMES = re.compile(r"in other words|I do not understand", re.IGNORECASE)
SAYS = re.compile(r"language model (?:failed|gave no answer)|too many steps|I did not|Shall I|60 users", re.IGNORECASE)


def model_at(url: str, timeout_s: float) -> OpenAICompatibleChat:
    return OpenAICompatibleChat(
        model="faulty",
        base_url=url,
        api_key=SecretStr("none"),
        timeout_s=timeout_s,
        max_retries=0,
        use_responses_api=False,
        retries=Retries(n=3, first_s=0.01),
    )


def state_of(workspace: Workspace) -> Any:
    """All that an act could change."""
    studies = {name: workspace.runner.peek(name).state for name in workspace.runner.names()}
    return studies, workspace.catalogue.names(), workspace.memory.stats()


def chat_problem(workspace: Workspace, url: str, text: str, good: str | None, hangs: bool = False) -> str | None:
    """What is wrong with a turn; None where it ended with a sentence and nothing was done.

    Args:
        good: What a right answer holds, where one must come.
        hangs: Whether the server never comes to an end.
    """
    limit_s = SHORT_S if hangs else LIMIT_S
    workspace.settings = workspace.settings.model_copy(update={"llm_timeout_s": limit_s})
    before, began = state_of(workspace), time.monotonic()
    events: list[ChatEvent] = list(Conversation(workspace, None, model_at(url, limit_s)).send(text))
    took = time.monotonic() - began
    last = events[-1]
    if not isinstance(last, AnswerFinished) or not last.text.strip():
        return "no answer"
    shown = "".join(event.text for event in events if isinstance(event, TextDelta))
    checks: Iterator[tuple[bool, str]] = iter(
        [
            (state_of(workspace) == before, "something was done"),
            (not any(_acted(event) for event in events), "an act was done"),
            (not hangs or took < SLOW_S, f"{took:.1f} s"),
            (RAW.search(last.text) is None, "raw text is shown"),
            (BLAMES.search(last.text) is None, "the person is blamed"),
            (good is None or good in last.text, "the good answer was lost"),
            (good is not None or SAYS.search(last.text) is not None, "does not say what happened"),
            (len(shown) < 50_000 and "TOOL_CALLS" not in shown and "<tool_call>" not in shown, "raw text streamed"),
        ]
    )
    return next((f"{problem}: {last.text[:300]!r}" for is_right, problem in checks if not is_right), None)


def _acted(event: ChatEvent) -> bool:
    is_done = isinstance(event, ToolReturned) and not event.is_error
    return is_done and event.tool in ACTS and ACTS[event.tool].kind != "reads"


SPACE = SearchSpace({"l2": Float(1.0, 1000.0, default=10.0, log=True)})
GOAL = Goal.parse(["ndcg@10"])
SITUATION = Situation(goal=GOAL, spaces={"ease": SPACE}, declared={"ease": SPACE}, records=(), seed=1)
CONTEXT = DecisionContext(
    study="s",
    number=1,
    n_trials=9,
    goal=GOAL,
    profile={},
    spaces={"ease": SPACE},
    records=(),
    recalled=(),
    lessons=(),
    candidates=(Candidate(model="ease", params={"l2": 30.0}, source="gp", reason="It promises most."),),
)


def decision_problem(url: str, is_good: bool, hangs: bool = False) -> str | None:
    """What is wrong with a decision; None where there is a proposal in time, with a plain note."""
    began, limit_s = time.monotonic(), SHORT_S if hangs else LIMIT_S
    proposal = Chooser(ModelDecider(model_at(url, limit_s), limit_s)).choose(CONTEXT, SITUATION)
    took, note = time.monotonic() - began, proposal.note or ""
    checks = [
        (proposal.params == {"l2": 30.0}, "other params"),
        (not hangs or took < SLOW_S, f"{took:.1f} s"),
        (not is_good or not note, "the good answer was lost"),
        (is_good or "did not decide" in note, "does not say what happened"),
        (RAW.search(note) is None and "\n" not in note and len(note) < 400, "raw text"),
    ]
    return next((f"{problem}: {note!r}" for is_right, problem in checks if not is_right), None)


def study_problem(workspace: Workspace, url: str, name: str, hangs: bool = False) -> str | None:
    """What is wrong with a real study of three trials that the faulty model steers."""
    limit_s = SHORT_S if hangs else LIMIT_S
    spec = StudySpec.create(name=name, dataset="tiny", models=["bpr_mf"], n_trials=3, epochs=1, llm="faulty")
    workspace.runner._decider = ModelDecider(model_at(url, limit_s), limit_s)  # that of tests decides without a model
    events = list(workspace.runner.create(spec).run())
    n_done = sum(isinstance(event, TrialFinished) for event in events)
    ended = any(isinstance(event, StudyFinished) for event in events)
    notes = [event.text for event in events if isinstance(event, StudyNoted)]
    if not ended or n_done != 3:
        return f"{n_done} trials, ended: {ended}"
    return next((f"raw text: {note!r}" for note in notes if RAW.search(note)), None)
