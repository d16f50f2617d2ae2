"""What the page shows of a confirmation: in the panel, and in a chat that is opened again after a restart."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from agent import events
from agent.confirmation import Confirmation, Contender, Gain, Score
from agent.confirming.readings import Readings
from ui.chats import Chat

SCORE = Score(
    contender="trial 5", mean=0.2, error=0.002, low=0.19, high=0.21, n_runs=3, n_users=40, train_s=2.0
)  # fmt: skip
DONE = Confirmation(
    study="s", number=1, dataset="demo", data="a1", split="random", split_seed=7, moves_border=False, n_seeds=1,
    objective="ndcg@10", direction="maximize",
    contenders=(
        Contender(name="defaults of ease", role="defaults", model="ease", params={}, trial=0),
        Contender(name="trial 5", role="contender", model="ease", params={"l2": 1.0}, trial=5),
    ),
    valid=(SCORE,), winner="trial 5", reading=1, test=(SCORE,),
    gains=(Gain(over="defaults of ease", mean=0.01, low=0.002, high=0.018, n_users=40),),
    began_at="2026-01-01T00:00:00+00:00", ended_at="2026-01-01T00:01:00+00:00",
)  # fmt: skip
CUT_OFF = replace(DONE, valid=(), winner=None, reading=None, test=(), gains=(), ended_at="")
CONFIRM = events.ToolReturned(chat="c", call_id="1", tool="confirm", facts={"study": "s", "confirmation": 1})


class Conversation:
    """A chat in which a confirmation was asked for."""

    def close_lost(self) -> None: ...

    def history(self) -> list[events.ChatEvent]:
        called = events.ToolCalled(chat="c", call_id="1", tool="confirm", args={})
        answer = events.AnswerFinished(chat="c", text="Confirming s.")
        return [events.MessageSaid(chat="c", text="confirm it"), called, CONFIRM, answer]


def restored(kept: Confirmation) -> list[str]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Readings(engine).save(kept)
    stopped = SimpleNamespace(status=lambda: SimpleNamespace(state="stopped", reason=""))
    runner = SimpleNamespace(names=lambda: ["s"], events=lambda name, after=0: [], peek=lambda _: stopped)
    workspace: Any = SimpleNamespace(
        runner=runner,
        ledger=SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None),
        chats=SimpleNamespace(shown=lambda _: [], study=lambda _: None, note_shown=lambda *_: None),
    )
    chat = Chat(workspace, "c", Conversation())  # type: ignore[arg-type]
    return [f"{entry.title}: {entry.text}" for entry in chat.transcript.entries()]


def test_a_chat_that_is_opened_again_tells_how_its_confirmation_ended() -> None:
    told = "\n".join(restored(DONE))
    assert "Confirmed · s" in told
    assert "Trial 5 is clearly better than defaults of ease" in told


def test_a_chat_that_is_opened_again_tells_of_a_confirmation_that_was_cut_off() -> None:
    told = "\n".join(restored(CUT_OFF))
    assert "Confirmation stopped · s" in told
    assert "It can go on with `confirm`" in told
