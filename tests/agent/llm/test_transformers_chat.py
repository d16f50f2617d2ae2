import copy
import threading
import time

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field

from agent.errors import SetupError, UserError
from agent.llm.errors import ModelTimeoutError
from agent.llm.streaming import AnswerReader
from agent.llm.transformers_chat import TransformersChat
from agent.stopping import Stop, StoppedError, stoppable


@tool
def study_status() -> str:
    """How the study stands."""
    return "running"


@tool
def explain_trial(trial: int) -> str:
    """Why a trial was proposed."""
    return f"trial {trial}"


def test_text_streams_before_the_answer_is_finished(chat):
    started = time.perf_counter()
    times, texts = [], []
    for chunk in chat.stream("Tell me a story.", max_new_tokens=120, temperature=0.0):
        if chunk.text:
            times.append(time.perf_counter() - started)
            texts.append(chunk.text)
    assert len(texts) > 20
    assert times[0] < times[-1] / 2


def test_the_last_chunk_says_why_and_how_long(chat):
    chunks = list(chat.stream("Tell me a story.", max_new_tokens=10))
    assert chunks[-1].response_metadata["finish_reason"] in ("length", "stop")
    assert 0 < chunks[-1].usage_metadata["output_tokens"] <= 10


def test_streamed_and_whole_answers_are_the_same_when_greedy(chat):
    whole = chat.invoke("Tell me a story.", max_new_tokens=40, temperature=0.0)
    streamed = "".join(chunk.text for chunk in chat.stream("Tell me a story.", max_new_tokens=40, temperature=0.0))
    assert streamed == whole.text
    assert streamed


def test_a_forced_call_arrives_as_one_complete_tool_call_chunk(chat):
    chunks = list(chat.bind_tools([explain_trial], tool_choice="explain_trial").stream("Why?"))
    (call,) = [call for chunk in chunks for call in chunk.tool_call_chunks]
    assert call["name"] == "explain_trial"
    total = sum(chunks[1:], chunks[0])
    assert isinstance(total.tool_calls[0]["args"]["trial"], int)
    assert total.response_metadata["finish_reason"] == "tool_calls"


def test_the_named_tool_is_the_one_that_is_called(chat):
    for name in ("study_status", "explain_trial"):
        answer = chat.bind_tools([study_status, explain_trial], tool_choice=name).invoke("Go on.")
        assert [call["name"] for call in answer.tool_calls] == [name]


def test_no_tool_is_called_when_the_choice_is_none(chat):
    answer = chat.bind_tools([study_status], tool_choice="none").invoke("Go on.", max_new_tokens=20)
    assert answer.tool_calls == []


def test_an_unknown_tool_choice_is_refused_with_what_is_legal(chat):
    with pytest.raises(ValueError, match=r"must be auto, none, any or one of \['study_status'\], got 'nope'"):
        chat.bind_tools([study_status], tool_choice="nope")


def test_a_history_that_ends_in_a_tool_result_is_answered(chat):
    call = {"name": "explain_trial", "args": {"trial": 3}, "id": "call_1"}
    history = [
        SystemMessage("Be brief."),
        HumanMessage("Why trial 3?"),
        AIMessage("", tool_calls=[call]),
        ToolMessage("because", tool_call_id="call_1", name="explain_trial"),
    ]
    answer = chat.bind_tools([explain_trial]).invoke(history, max_new_tokens=15)
    assert answer.usage_metadata["input_tokens"] > 50


def test_a_stop_string_ends_the_answer_and_is_left_out(chat):
    full = chat.invoke("Tell me a story.", max_new_tokens=60, temperature=0.0).text
    stop = full[20:24]
    cut = chat.invoke("Tell me a story.", max_new_tokens=60, temperature=0.0, stop=[stop]).text
    assert cut == full[: full.index(stop)]


def test_text_that_runs_out_of_time_is_kept_as_far_as_it_came(chat):
    started = time.monotonic()
    answer = chat.invoke("Tell me a long story.", max_new_tokens=15_000, timeout=1.5)
    assert time.monotonic() - started < 6
    if answer.response_metadata["finish_reason"] != "stop":  # the model may end its turn by chance
        assert answer.response_metadata["finish_reason"] == "timeout"
        assert answer.text


def test_a_reader_that_leaves_frees_the_model(chat):
    stream = chat.stream("Tell me a long story.", max_new_tokens=15_000)
    next(stream)
    stream.close()
    assert chat.invoke("Hello.", max_new_tokens=3, timeout=20).usage_metadata["output_tokens"] <= 3


def test_waiting_for_another_answer_counts_as_time(chat):
    stream = chat.stream("Tell me a long story.", max_new_tokens=15_000, temperature=0.0)
    next(stream)
    with pytest.raises(ModelTimeoutError, match="busy"):
        chat.invoke("Hello.", timeout=0.2)
    stream.close()


def test_answers_in_several_threads_do_not_mix(chat):
    alone = {text: chat.invoke(text, max_new_tokens=12, temperature=0.0).text for text in ("one", "two", "three")}
    together = {}

    def ask(text):
        together[text] = chat.invoke(text, max_new_tokens=12, temperature=0.0).text

    threads = [threading.Thread(target=ask, args=(text,)) for text in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_a_history_longer_than_the_context_is_cut_at_its_oldest_turns(tiny, tmp_path):
    model = TransformersChat.load(tiny.write_tiny_causal_lm(tmp_path / "short", context=256), device="cpu")
    history = [SystemMessage("Be brief.")]
    for number in range(30):
        history += [HumanMessage(f"message {number}"), AIMessage(f"answer {number}")]
    answer = model.invoke([*history, HumanMessage("and now?")], max_new_tokens=10)
    assert 150 < answer.usage_metadata["input_tokens"] <= 246


def test_a_message_longer_than_the_context_is_said_in_a_sentence(tiny, tmp_path):
    model = TransformersChat.load(tiny.write_tiny_causal_lm(tmp_path / "short", context=128), device="cpu")
    with pytest.raises(UserError, match="shorten the message"):
        model.invoke("word " * 500)


def test_a_pydantic_schema_gives_an_instance(chat):
    class Choice(BaseModel):
        candidate: int = Field(ge=0, le=3)

    assert isinstance(chat.with_structured_output(Choice).invoke("Choose."), Choice)


@pytest.mark.parametrize("has_own_template", [True, False])
def test_thinking_before_an_answer_is_not_part_of_it(tiny, chat, has_own_template):
    tokenizer = copy.deepcopy(chat.tokenizer)
    tokenizer.response_template = tiny.RESPONSE_TEMPLATE if has_own_template else None
    reader = AnswerReader(tokenizer, chat._format, "<|im_start|>assistant\n", [])
    parts = [chunk for text in ("<think>h", "m</thi", "nk>\n\nso it", " is") for chunk in reader.feed(text)]
    assert "".join(part.text for part in [*parts, *reader.finish()]) == "so it is"


def test_four_bits_without_what_they_need_are_a_setup_error(tiny_folder):
    with pytest.raises(SetupError, match="4-bit weights need"):
        TransformersChat.load(tiny_folder, load_in_4bit=True)


def test_a_folder_without_safetensors_is_a_setup_error(tiny, tmp_path):
    folder = tiny.write_tiny_causal_lm(tmp_path / "broken")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"a pickle from outside")
    with pytest.raises(SetupError, match=r"model\.safetensors are needed"):
        TransformersChat.load(folder)


def test_a_model_without_a_chat_template_is_a_setup_error(tiny, tmp_path):
    folder = tiny.write_tiny_causal_lm(tmp_path / "base", chat_template=None)
    with pytest.raises(SetupError, match="no chat template"):
        TransformersChat.load(folder)


def test_an_answer_that_is_stopped_ends_at_its_next_token_and_the_model_is_free(chat):
    stop, n_before = Stop(), threading.active_count()
    with stoppable(stop), pytest.raises(StoppedError):
        for _ in chat.stream("Tell me a story.", max_new_tokens=2000, temperature=0.0, timeout=300):
            stop.set()
    deadline = time.monotonic() + 60
    while threading.active_count() > n_before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= n_before
    assert chat.invoke("Hello.", max_new_tokens=3).text is not None
