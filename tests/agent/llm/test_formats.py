"""Formats are read off chat templates written the way the big families write theirs."""

import copy

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from agent.llm.formats import HERMES, tool_format
from agent.llm.transformers_chat import TransformersChat

TEMPLATE = """\
{%- for m in messages if m.role in ('system', 'user') %}
    {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if tools %}{{- tools | tojson }}{% endif %}
{%- for m in messages if m.role == 'assistant' %}
    {{- '<|im_start|>assistant\\n' }}
    {%- for c in m.tool_calls %}CALL{% endfor %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}"""

LLAMA = TEMPLATE.replace(
    "CALL",
    """{{- '{"name": "' + c.function.name + '", "parameters": ' + c.function.arguments | tojson + '}' }}""",
)
MISTRAL = TEMPLATE.replace(
    "CALL",
    """\
{{- '[TOOL_CALLS] [{"name": "' + c.function.name + '", "arguments": ' + c.function.arguments | tojson }}
{{- ', "id": "' + c.id + '"}]' }}""",
)
TAGS = TEMPLATE.replace(
    "CALL",
    """\
{{- '<think>\\n\\n</think>\\n\\n<tool_call>\\n<function=' + c.function.name + '>\\n' }}
{%- for k, v in c.function.arguments.items() %}
    {{- '<parameter=' + k + '>\\n' + v | string + '\\n</parameter>\\n' }}
{%- endfor %}
{{- '</function>\\n</tool_call>' }}""",
)
NO_TOOLS = """\
{%- for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
NO_SYSTEM = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" + NO_TOOLS
)

PICK = {
    "type": "function",
    "function": {
        "name": "pick",
        "description": "Pick a metric.",
        "parameters": {
            "type": "object",
            "properties": {
                "metric": {"type": "string", "enum": ["ndcg@10", "recall@10"]},
                "at": {"type": "integer", "minimum": 1, "maximum": 20},
                "note": {"type": "string", "maxLength": 6},
            },
            "required": ["metric", "at"],
        },
    },
}


def with_template(chat, template):
    tokenizer = copy.deepcopy(chat.tokenizer)
    tokenizer.chat_template, tokenizer.response_template = template, None
    return TransformersChat(model=chat.model, tokenizer=tokenizer, temperature=1.0)


def test_the_format_of_qwen_and_hermes_is_read_off_the_template(chat):
    form = tool_format(chat.tokenizer, ["<|im_end|>"])
    assert (form.begin, form.middle, form.end) == ('<tool_call>\n{"name": "', '", "arguments": ', "}\n</tool_call>")
    assert (form.trigger, form.is_native) == ("<tool_call>", True)


def test_a_call_without_a_marker_is_only_known_at_the_start_of_an_answer(chat):
    form = with_template(chat, LLAMA)._format
    assert (form.begin, form.middle, form.end) == ('{"name": "', '", "parameters": ', "}")
    assert (form.trigger, form.at_start_only) == ("{", True)


def test_arguments_in_tags_and_a_thinking_block_before_them_are_understood(chat):
    form = with_template(chat, TAGS)._format
    assert (form.begin, form.arguments) == ("<tool_call>\n<function=", "tags")
    assert form.end == "</function>\n</tool_call>"


def test_a_template_without_tools_falls_back_to_words(chat):
    assert with_template(chat, NO_TOOLS)._format == HERMES


@pytest.mark.parametrize("template", [LLAMA, MISTRAL, TAGS, NO_TOOLS, NO_SYSTEM])
def test_forced_calls_are_valid_in_every_format(chat, template):
    model = with_template(chat, template)
    forced = model.bind_tools([PICK], tool_choice="any")
    for number in range(4):
        answer = forced.invoke([SystemMessage("Be brief."), HumanMessage(f"message {number}")])
        (call,) = answer.tool_calls
        assert call["args"]["metric"] in ("ndcg@10", "recall@10")
        assert 1 <= call["args"]["at"] <= 20
        assert set(call["args"]) <= {"metric", "at", "note"}
        assert answer.text == ""
