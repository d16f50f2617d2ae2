"""A recording runs again without a model and comes out the same; what was changed since is found where it is."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, messages_from_dict

from agent.assembly import Deciders
from agent.chat.conversation import Conversation
from agent.chat.known_now import known_now
from agent.deciding.context import DecisionContext
from agent.grounding.checking import Checked
from agent.llm.pilot.chat import PilotChat
from agent.llm.scripted import ScriptedChat, call
from agent.recording.lines import FileLines
from agent.recording.plain import built, plain
from agent.recording.reading import read_recording
from agent.recording.recorder import Recorder
from agent.replaying.chat_models import RecordEndedError, Replies
from agent.replaying.checking import CheckReport, check
from agent.replaying.showing import shown
from agent.settings import Settings
from agent.studies.at_hand import hand
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from recmodels.search_space import Choice, Float, Int, SearchSpace, When

LIE = "It has 60 users. It has 99 moons. It has 40 items."
TALK: tuple[tuple[str, list[Any]], ...] = (
    ("what is in tiny?", [call("describe_dataset", dataset="tiny"), LIE, LIE]),
    ("delete it, please", [call("delete_study", study="first")]),
    ("why trial 3?", [call("explain_trial", trial=70), call("explain_trial", trial=3), "So it was drawn."]),
    ("and now?", [TimeoutError("slow")]),
    ("hello", ["<think>hm</think>", "Hello."]),
)
Redo = Callable[..., CheckReport]


@pytest.fixture
def again(opened: Any, tmp_path: Path) -> Redo:
    """Reads the recording of this test and runs it again."""

    @contextmanager
    def scratch() -> Iterator[Workspace]:
        yield opened(tmp_path / "scratch")

    return lambda home=None: check(read_recording(tmp_path / "r"), scratch, home)


@pytest.fixture
def talked(tuned: Workspace, tmp_path: Path) -> Workspace:
    """A workspace on which a scripted model talked, and the recording `r` of it."""
    tuned.recorder = Recorder(FileLines(tmp_path / "r"))
    model = ScriptedChat(lines=[line for _, lines in TALK for line in lines])
    conversation = Conversation(tuned, "one", model)
    for say, _ in TALK:
        list(conversation.send(say))
    assert not model.lines
    return tuned


def changed(folder: Path, old: str, new: str) -> None:
    """A text is another one in what the recording gives to a replay, and not in what it is compared with."""
    [file] = folder.iterdir()
    lines = file.read_text("utf-8").split("\n")
    given = [
        line.replace(old, new) if line.startswith(('{"kind": "part"', '{"kind": "turn"')) else line for line in lines
    ]
    assert given != lines
    file.write_text("\n".join(given), "utf-8")


def told(report: CheckReport) -> list[tuple[str, str]]:
    return [(one.where.rpartition(", ")[2], one.what) for one in report.differences]


def test_a_chat_runs_again_and_nothing_differs(talked: Workspace, again: Redo) -> None:
    names = talked.runner.names()
    report = again()
    assert (report.n_turns, report.differences, report.skipped) == (len(TALK), (), ())
    assert talked.runner.names() == names, "nothing is carried out"


def test_tools_that_read_give_the_same_on_a_home_that_has_not_changed(talked: Workspace, again: Redo) -> None:
    assert again(talked).differences == ()
    talked.catalogue.remove("tiny")
    assert told(again(talked))[0] == ("“what is in tiny?”", "prompt 2, message 4")


def test_a_reply_that_was_changed_is_found_where_it_is(talked: Workspace, again: Redo, tmp_path: Path) -> None:
    changed(tmp_path / "r", "So it was drawn.", "So it won.")
    report = again()
    assert {where for where, _ in told(report)} == {"“why trial 3?”"}
    assert ("“why trial 3?”", "answer") in told(report)


def test_a_check_that_has_become_blind_is_found(
    talked: Workspace, again: Redo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.chat.guards.checked", lambda text, known: Checked(text=text))
    report = again()
    assert {where for where, _ in told(report)} == {"“what is in tiny?”", "“why trial 3?”"}
    assert ("“what is in tiny?”", "answer") in told(report)
    assert ("“what is in tiny?”", "prompts") in told(report), "the model is not asked again"


def test_a_guard_that_lets_through_more_is_found_and_still_nothing_is_done(
    talked: Workspace, again: Redo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.chat.dialogues.refusal", lambda *_: None)
    report = again()
    assert ("please”", "refused call") in told(report)
    assert "first" in talked.runner.names()


def test_another_system_prompt_is_found_in_each_turn_with_the_words_that_differ(
    talked: Workspace, again: Redo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = "You act only through the tools"
    monkeypatch.setattr("agent.chat.conversation.system_prompt", lambda: "You are recpilot. You may do what you like.")
    report = again()
    assert {what for _, what in told(report)} >= {"prompt 1, message 1"}
    first = report.differences[0]
    assert "You may do what you like" in (first.now or "") and before not in (first.now or "")
    assert len(first.recorded or "") < 400


def test_a_turn_that_was_cut_off_and_one_with_files_are_not_run(tuned: Workspace, again: Redo, tmp_path: Path) -> None:
    recorder = Recorder(FileLines(tmp_path / "r"))
    recorder.chat("one").begin("cut off", (), "scripted", ())
    tuned.recorder = recorder
    (tmp_path / "more.csv").write_text("user,item,timestamp\n" + "\n".join(f"u{i % 9},i{i % 7},{i}" for i in range(60)))
    list(Conversation(tuned, "two", ScriptedChat(lines=["Fine."])).send("", (str(tmp_path / "more.csv"),)))
    report = again()
    assert [skipped.why for skipped in report.skipped] == [
        "it was cut off before its end",
        "files were dropped in, which are not recorded",
    ]
    assert report.is_same and report.n_turns == 0


def test_a_reply_goes_to_the_prompt_that_it_answered_then_else_in_order(talked: Workspace, tmp_path: Path) -> None:
    passage = read_recording(tmp_path / "r").passages[0]
    prompts: list[list[Any]] = [messages_from_dict([dict(m) for m in one.messages]) for one in passage.exchanges]
    replies = Replies(passage)
    assert replies.next(prompts[1]).text.strip() == LIE
    assert replies.next([HumanMessage("something else")]).tool_calls[0]["name"] == "describe_dataset"
    assert replies.next(prompts[0]).text.strip() == LIE
    with pytest.raises(RecordEndedError, match="once more"):
        replies.next(prompts[0])


def test_the_pilot_reads_and_answers_the_same_from_what_was_known_then(
    tuned: Workspace, again: Redo, tmp_path: Path
) -> None:
    recorder = tuned.recorder = Recorder(FileLines(tmp_path / "r"))

    def known() -> Any:
        turn = hand()
        assert turn is not None and turn.chat is not None
        return recorder.chat(turn.chat).known(known_now(tuned.catalogue, tuned.runner))

    conversation = Conversation(tuned, "one", PilotChat(known=known))
    for say in ("what is in tiny?", "why trial 3?", "narrow the learning rate to at most 0.01", "delete first"):
        list(conversation.send(say))
    report = again()
    assert (report.n_turns, report.differences) == (4, ())
    changed(tmp_path / "r", "what is in tiny?", "which datasets are there?")
    assert ("“which datasets are there?”", "call") in told(again())


def test_without_a_language_model_the_answer_is_the_same(tuned: Workspace, again: Redo, tmp_path: Path) -> None:
    tuned.recorder = Recorder(FileLines(tmp_path / "r"))
    list(Conversation(tuned, "one").send("hello"))
    assert again() == CheckReport(n_turns=1, n_decisions=0, skipped=(), differences=())


def proposal(candidate: int, rationale: str, expected: float = 0.1) -> Callable[..., AIMessage]:
    return lambda _: call(
        "Proposal", rationale=rationale, choice={"candidate": candidate}, expected=expected, evidence=[]
    )


@pytest.fixture
def studied(tuned: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A study of four trials that a scripted model decided, and the recording `r` of it."""
    wrong = proposal(0, "Trial 0 reached 0.9876, so this will too.")
    lines = [proposal(0, "It is what the model starts from."), wrong, wrong, proposal(99, "Out."), proposal(77, "Out.")]
    model = ScriptedChat(lines=[*lines, TimeoutError("slow"), TimeoutError("slow")])
    monkeypatch.setattr("agent.assembly.load_chat_model", lambda settings: model)
    recorder = Recorder(FileLines(tmp_path / "r"))
    decider = Deciders(recorder)
    decider.load(Settings(home=tmp_path, llm="a/b"))
    tuned.runner._decider = decider
    spec = StudySpec.create(name="decided", dataset="tiny", models=["ease", "item_knn"], n_trials=5, llm="a/b")
    for _ in tuned.runner.create(spec).run():
        pass
    return tuned


def test_a_study_is_decided_again_and_nothing_differs(studied: Workspace, again: Redo, tmp_path: Path) -> None:
    passages = read_recording(tmp_path / "r").passages
    assert [passage.of for passage in passages] == [f"decided/{number}" for number in range(5)]
    assert any(passage.all("checked") for passage in passages)
    report = again()
    assert (report.n_decisions, report.differences) == (5, ())


def test_a_gate_and_a_reply_that_changed_are_found_at_their_trials(
    studied: Workspace, again: Redo, tmp_path: Path
) -> None:
    changed(tmp_path / "r", "It is what the model starts from.", "It is a start.")
    found = told(again())
    assert {where for where, _ in found} == {"trial 1"}
    assert ("trial 1", "proposal") in found


def test_a_study_of_the_advisor_alone_is_kept_and_chosen_again(tuned: Workspace, again: Redo, tmp_path: Path) -> None:
    tuned.runner._decider = Deciders(Recorder(FileLines(tmp_path / "r")))
    for _ in tuned.runner.create(StudySpec.create(name="alone", dataset="tiny", models=["ease"], n_trials=2)).run():
        pass
    report = again()
    assert (report.n_decisions, report.differences) == (2, ())


def test_what_a_decision_knew_comes_back_as_it_was(studied: Workspace, tmp_path: Path) -> None:
    decided = read_recording(tmp_path / "r").passages[-1].lines[-1]
    context: DecisionContext = built(DecisionContext, decided["context"])
    assert isinstance(context.spaces["ease"], SearchSpace)
    assert plain(context) == json.loads(json.dumps(plain(context))) == decided["context"]


def test_every_kind_of_param_comes_back() -> None:
    space = SearchSpace(
        {
            "rate": Float(0.0, 1.0, default=0.5, log=True),
            "n": Int(1, 9, default=3, held=True),
            "loss": Choice(("a", 1, True, 0.5), default="a", when=When(name="n", values=(1, 2))),
        }
    )
    assert dict(built(SearchSpace, json.loads(json.dumps(plain(space))))) == dict(space)


def test_a_recording_is_shown_as_a_person_reads_it(talked: Workspace, tmp_path: Path) -> None:
    text = "\n".join(part.text for passage in read_recording(tmp_path / "r").passages for part in shown(passage, False))
    for line in (
        "): what is in tiny?",
        "  prompt: 2 messages,",
        "  → describe_dataset(dataset='tiny')",
        "  cut: It has 99 moons.  [99 stands in no result]",
        "  → delete_study(study='first') was not called",
        "  failed: TimeoutError: slow",
        "Answer: It has 60 users. It has 40 items.",
    ):
        assert line in text
    assert "You act only through the tools" not in text
    whole = "\n".join(part.text for passage in read_recording(tmp_path / "r").passages for part in shown(passage, True))
    assert "You act only through the tools" in whole
