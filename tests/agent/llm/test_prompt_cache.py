"""A prompt that begins like the last one is read from where it differs, and the answers stay the same."""

import pytest
import torch
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.llm import model_files
from agent.llm.transformers_chat import TransformersChat

RULES = SystemMessage("You tune recommender models. " * 20)
TURNS: list[list[BaseMessage]] = [
    [RULES, HumanMessage("How does the study stand?")],
    [RULES, HumanMessage("How does the study stand?"), AIMessage("It runs."), HumanMessage("And now?")],
    [RULES, HumanMessage("Something else.")],
    [SystemMessage("Other rules."), HumanMessage("Something else.")],
]


class Counted:
    """How many tokens the model reads in each call of it."""

    def __init__(self, model: torch.nn.Module) -> None:
        self.n_read: list[int] = []
        model.register_forward_pre_hook(self._count, with_kwargs=True)

    def _count(self, module: torch.nn.Module, args: object, kwargs: dict[str, torch.Tensor]) -> None:
        self.n_read.append(kwargs["input_ids"].shape[1])


def fresh(tiny_folder) -> TransformersChat:
    return TransformersChat.load(tiny_folder, device="cpu", temperature=0.0, max_new_tokens=12)


def test_answers_are_those_of_a_model_that_reads_everything(tiny_folder):
    model = fresh(tiny_folder)
    assert [model.invoke(turn).text for turn in TURNS] == [fresh(tiny_folder).invoke(turn).text for turn in TURNS]


def test_only_what_differs_is_read(tiny_folder):
    model = fresh(tiny_folder)
    counted = Counted(model.model)
    answers = [model.invoke(turn) for turn in TURNS]
    whole = [answer.usage_metadata["input_tokens"] for answer in answers]
    read = [n for n in counted.n_read if n > 1]  # answers are made one token at a time
    assert read[0] == whole[0]
    assert read[1] < 40 < whole[1]
    assert read[2] < 40 < whole[2]
    assert read[3] > whole[3] / 2  # these two share only the head of the template


def test_an_answer_that_was_left_in_the_middle_does_no_harm(tiny_folder):
    model = fresh(tiny_folder)
    stream = model.stream(TURNS[0])
    next(stream)
    stream.close()
    assert model.invoke(TURNS[1]).text == fresh(tiny_folder).invoke(TURNS[1]).text


def test_states_that_are_too_large_are_not_kept(tiny_folder, monkeypatch):
    monkeypatch.setattr("agent.llm.prompt_cache.MAX_BYTES", 100)
    model = fresh(tiny_folder)
    counted = Counted(model.model)
    for _ in range(2):
        model.invoke(TURNS[0])
    first, second = [n for n in counted.n_read if n > 1]
    assert first == second


@pytest.mark.parametrize(
    ("capabilities", "free", "dtype"),
    [
        ({"avx2": True}, 1 << 40, torch.float32),
        ({"avx2": True}, 1_000, torch.bfloat16),
        ({"avx512_bf16": True}, 1 << 40, torch.bfloat16),
    ],
)
def test_half_precision_becomes_float32_where_the_cpu_is_slow_at_it_and_memory_allows(
    capabilities, free, dtype, tiny_folder, tmp_path, monkeypatch
):
    import psutil
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoModelForCausalLM.from_pretrained(tiny_folder, dtype=torch.bfloat16).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(tiny_folder).save_pretrained(tmp_path)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"available": free}))
    model, _ = model_files.load_model(str(tmp_path), "cpu")
    assert model.dtype == dtype
