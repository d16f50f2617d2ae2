"""Grammars: what they allow is checked by an independent validator, on answers of a model that knows nothing."""

import json

import jsonschema
import pytest

from agent.errors import SetupError
from agent.llm.constrained import GrammarProcessor, Guide
from agent.llm.errors import ModelAnswerError, ModelTimeoutError
from agent.llm.formats import tool_format
from agent.llm.schema_bounds import bounded

PROPOSAL = {
    "type": "object",
    "properties": {
        "rationale": {"type": "string", "maxLength": 24},
        "candidate": {"type": ["integer", "null"], "minimum": 0, "maximum": 4},
        "params": {
            "type": "object",
            "properties": {
                "learning_rate": {"type": "number", "minimum": 1e-5, "maximum": 0.1},
                "embedding_size": {"type": "integer", "enum": [16, 32, 64]},
                "dropout": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
            },
            "required": ["learning_rate", "embedding_size"],
            "additionalProperties": False,
        },
        "expected": {"type": "number"},
        "choice": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"candidate": {"type": "integer", "enum": [0, 1]}},
                    "required": ["candidate"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"model": {"type": "string", "enum": ["ease"]}, "l2": {"enum": [True, 0.5, "x"]}},
                    "required": ["model", "l2"],
                    "additionalProperties": False,
                },
            ]
        },
        "evidence": {"type": "array", "items": {"type": "string", "maxLength": 8}, "maxItems": 3},
    },
    "required": ["rationale", "candidate", "params", "expected", "choice", "evidence"],
    "additionalProperties": False,
}
STATUS = {"type": "function", "function": {"name": "status", "parameters": {"type": "object", "properties": {}}}}


def test_twenty_of_twenty_proposals_follow_their_schema(chat):
    propose = chat.with_structured_output(PROPOSAL)
    seen = set()
    for number in range(20):
        proposal = propose.invoke(f"Propose trial {number}.")
        jsonschema.validate(proposal, PROPOSAL)
        seen.add(json.dumps(proposal))
    assert len(seen) > 10  # the model chooses; the grammar only bounds the choice


def test_the_same_question_gets_the_same_proposal_when_answers_are_greedy(chat):
    propose = chat.with_structured_output(PROPOSAL, temperature=0.0)
    assert propose.invoke("Propose.") == propose.invoke("Propose.")


def test_a_schema_without_bounds_still_gets_an_answer_that_ends(chat):
    loose = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "x": {"type": "number"}, "any": {"type": "object"}},
        "required": ["n", "x", "any"],
    }
    answer = chat.with_structured_output(loose, max_new_tokens=4000).invoke("Go.")
    assert abs(answer["n"]) <= 2**53
    assert abs(answer["x"]) <= 1e12
    assert len(answer["any"]) <= 24


def test_bounds_are_only_added_where_there_are_none():
    schema = {
        "type": "object",
        "properties": {
            "type": {"type": "string"},  # a property may be called like a keyword
            "maxLength": {"type": "string", "maxLength": 3},
            "n": {"type": "integer", "minimum": 1},
            "pick": {"type": "string", "enum": ["a", "b"]},
        },
    }
    properties = bounded(schema)["properties"]
    assert properties["type"]["maxLength"] > 100
    assert properties["maxLength"] == {"type": "string", "maxLength": 3}
    assert properties["n"]["minimum"] == 1
    assert properties["pick"] == {"type": "string", "enum": ["a", "b"]}
    assert bounded(schema)["additionalProperties"] is False


def test_a_tool_without_arguments_gets_none(chat):
    (call,) = chat.bind_tools([STATUS], tool_choice="any").invoke("Go.").tool_calls
    assert call["args"] == {}


def test_a_number_that_would_never_end_is_ended(chat):
    """Greedy decoding repeats itself, here in the digits behind the point."""
    schema = {
        "type": "object",
        "properties": {"x": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}},
        "required": ["x"],
    }
    for number in range(5):
        answer = chat.with_structured_output(schema, temperature=0.0, max_new_tokens=200).invoke(f"Number {number}.")
        assert 0 < answer["x"] <= 1


def test_an_answer_cut_off_in_the_middle_is_an_error_not_half_an_answer(chat):
    with pytest.raises(ModelAnswerError, match="cut off after 8 tokens"):
        chat.with_structured_output(PROPOSAL, max_new_tokens=8).invoke("Propose.")


def test_a_proposal_that_takes_too_long_is_given_up(chat):
    with pytest.raises(ModelTimeoutError, match=r"within 0\.01 s"):
        chat.with_structured_output(PROPOSAL, timeout=0.01).invoke("Propose.")


def test_free_text_is_not_masked_until_a_call_opens_and_free_again_after_it(chat):
    import torch

    guide = chat._guide
    form = tool_format(chat.tokenizer, ["<|im_end|>"])
    processor = GrammarProcessor(guide, form=form, tools=[STATUS])
    ids = [1, 1]

    def n_allowed(text: str) -> int:
        ids.extend(chat._encode(text))
        scores = processor(torch.tensor([ids]), torch.zeros(1, guide.vocab_size))
        return int(torch.isfinite(scores).sum())

    assert n_allowed("") == guide.vocab_size
    assert n_allowed("let me <tool_") == guide.vocab_size
    assert n_allowed(" look <tool_call>") < 5
    assert processor.is_open
    assert n_allowed('\n{"name": "status", "arguments": {}}\n</tool_call>') == guide.vocab_size
    assert not processor.is_open


def test_a_marker_inside_a_thinking_block_opens_no_call(chat):
    import torch

    form = tool_format(chat.tokenizer, ["<|im_end|>"])
    processor = GrammarProcessor(chat._guide, form=form, tools=[STATUS], starts_thinking=True)
    ids = chat._encode("I could write <tool_call>")
    processor.catch_up(torch.tensor([[1]]))
    processor.catch_up(torch.tensor([[1, *ids]]))
    assert not processor.is_open
    processor.catch_up(torch.tensor([[1, *ids, *chat._encode("</think><tool_call>")]]))
    assert processor.is_open


def test_rows_of_the_embedding_without_a_token_are_never_chosen(chat):
    assert chat._guide.vocab_size > len(chat.tokenizer)
    import torch

    processor = GrammarProcessor(chat._guide, chat._guide.json_matcher(PROPOSAL))
    scores = processor(torch.tensor([[1]]), torch.zeros(1, chat._guide.vocab_size))
    assert torch.isinf(scores[0, len(chat.tokenizer) :]).all()


def test_a_tokenizer_without_a_fast_backend_is_a_setup_error():
    class Slow:
        name_or_path = "old-model"

    with pytest.raises(SetupError, match=r"`old-model`.*tokenizer.json|tokenizer.json.*`old-model`"):
        Guide(Slow(), 10, [0])
