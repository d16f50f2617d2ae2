"""Tools told in fewer words to a model that reads little; calls stay under the whole schema."""

import pytest
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

from agent.llm.tool_briefs import briefs, signature
from agent.llm.transformers_chat import TransformersChat


@tool
def begin(
    dataset: str = Field(description="A long explanation. " * 40),
    how: str | None = Field(default=None, description="More words. " * 40, max_length=9),
    models: list[str] | None = None,
    trials: int = Field(default=10, ge=1, le=20),
) -> str:
    """Begin tuning
    in the background. It says more than that.

    And much more."""
    return "done"


def test_a_brief_tool_keeps_names_kinds_and_bounds_and_leaves_out_words():
    (function,) = (one["function"] for one in briefs([convert_to_openai_tool(begin)]))
    assert function == {
        "name": "begin",
        "description": "Begin tuning in the background",
        "parameters": {
            "type": "object",
            "properties": {
                "dataset": {"type": "string"},
                "how": {"type": "string"},
                "models": {"type": "array", "items": {"type": "string"}},
                "trials": {"type": "integer", "minimum": 1, "maximum": 20},
            },
            "required": ["dataset"],
        },
    }
    told = convert_to_openai_tool(begin)["function"]
    assert signature(told) == "begin(dataset, how, models, trials): Begin tuning in the background"


@pytest.mark.parametrize("template", [True, False])
def test_a_model_that_reads_little_is_told_in_few_words_and_calls_by_the_whole_schema(template, tiny, tmp_path):
    turns = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    plain = f"{turns}<|im_start|>assistant\n"
    chosen = tiny.CHAT_TEMPLATE if template else plain
    lengths = {}
    for context in (2_000, 32_768):
        folder = tiny.write_tiny_causal_lm(tmp_path / str(context), context=context, chat_template=chosen)
        model = TransformersChat.load(folder, device="cpu", temperature=1.0, max_new_tokens=900)
        answer = model.bind_tools([begin], tool_choice="begin").invoke("Begin.")
        lengths[context] = answer.usage_metadata["input_tokens"]
        (call,) = answer.tool_calls
        assert isinstance(call["args"]["dataset"], str)
        assert 1 <= call["args"].get("trials", 1) <= 20
        assert len(call["args"].get("how") or "") <= 9
    assert lengths[2_000] < 300 < lengths[32_768]
