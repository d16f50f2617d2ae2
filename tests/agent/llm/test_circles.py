"""An answer that says the same again and again is ended; what only looks like that goes on."""

import pytest

from agent.llm.errors import ModelAnswerError
from agent.llm.generation import CIRCLE_TOKENS, circles
from agent.llm.transformers_chat import TransformersChat


@pytest.mark.parametrize("period", [1, 2, 7, 30, 64])
def test_tokens_that_repeat_for_long_are_a_circle(period):
    said = [*range(1000, 1050), *(list(range(period)) * 200)[: CIRCLE_TOKENS + period]]
    assert circles(said)
    assert not circles(said[:-1])
    assert not circles([*said, 7_777])


def test_a_long_text_of_its_own_is_no_circle():
    assert not circles(list(range(500)))
    assert not circles([])


def test_an_answer_in_circles_ends_long_before_its_limit_and_is_no_answer(tiny_folder):
    import torch

    model = TransformersChat.load(tiny_folder, device="cpu", temperature=0.0, max_new_tokens=2_000)
    with torch.no_grad():  # the same token, whatever stands before
        for layer in model.model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        embedding = model.model.get_input_embeddings().weight
        embedding.copy_(torch.nn.functional.normalize(embedding, dim=1))  # each token is most like itself
    made = []
    model.model.register_forward_hook(lambda *_: made.append(1))
    with pytest.raises(ModelAnswerError, match="said the same again and again"):
        model.invoke("Go on.")
    assert CIRCLE_TOKENS < len(made) < CIRCLE_TOKENS + 70
