"""A causal language model made on the spot: random weights, byte-level BPE, a chat template with tools.

`write_tiny_causal_lm(folder)` writes what `AutoModelForCausalLM.from_pretrained(folder)` reads. It has no knowledge at
all, so whatever is valid in its answers comes from constrained decoding.
"""

from collections.abc import Iterator
from pathlib import Path

END = "<|im_end|>"

CHAT_TEMPLATE = """\
{%- set system = messages[0].content if messages and messages[0].role == 'system' else '' %}
{%- if system or tools %}
    {{- '<|im_start|>system\\n' + system }}
    {%- if tools %}
        {{- '\\nYou may call these functions:\\n<tools>' }}
        {%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
        {{- '\\n</tools>' }}
    {%- endif %}
    {{- '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '<|im_start|>user\\n' + message.content + '<|im_end|>\\n' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|im_start|>assistant\\n' + (message.content or '') }}
        {%- for call in message.tool_calls or [] %}
            {%- if message.content or not loop.first %}{{- '\\n' }}{%- endif %}
            {{- '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
            {{- call.function.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == 'tool' %}
        {{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""

RESPONSE_TEMPLATE = {
    "defaults": {"role": "assistant"},
    "start_anchor": "<|im_start|>assistant\n",
    "fields": {
        "reasoning_content": {"open": "<think>", "close": "</think>", "content": "text"},
        "tool_calls": {
            "open_pattern": r"\s*<tool_call>",
            "close": "</tool_call>",
            "repeats": True,
            "content": "json",
            "transform": {"type": "function", "function": "{content}"},
        },
        "content": {"close_pattern": r"\s*<\|im_end\|>", "content": "text"},
    },
}


def write_tiny_causal_lm(
    folder: Path,
    *,
    seed: int = 0,
    context: int = 32768,
    chat_template: str | None = CHAT_TEMPLATE,
    response_template: bool = True,
    spare_vocabulary: int = 40,
    hidden_size: int = 16,
    n_layers: int = 1,
) -> Path:
    """Write the model and its tokenizer into `folder`, in about a second; returns `folder`.

    Args:
        folder: Made if it is not there.
        seed: Of the weights.
        context: The longest prompt plus answer, in tokens.
        chat_template: Jinja source; None leaves the tokenizer without one.
        response_template: Whether the tokenizer says how to parse its answers, as transformers 5 does.
        spare_vocabulary: Rows of the embedding that no token uses, as in most published models.
        hidden_size: Of the states; even.
        n_layers: Of the transformer.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer(chat_template, response_template)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer) + spare_vocabulary,
        hidden_size=hidden_size,
        intermediate_size=2 * hidden_size,
        num_hidden_layers=n_layers,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        initializer_range=0.4,
        eos_token_id=tokenizer.convert_tokens_to_ids(END),
        pad_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
        bos_token_id=None,
    )
    folder.mkdir(parents=True, exist_ok=True)
    LlamaForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(chat_template: str | None, response_template: bool):
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|endoftext|>", "<|im_start|>", END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(_corpus(), trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token=END, pad_token="<|endoftext|>")  # noqa: S106
    markers = ("<tool_call>", "</tool_call>", "<think>", "</think>")
    tokenizer.add_tokens([AddedToken(marker, special=False, normalized=False) for marker in markers])
    tokenizer.chat_template = chat_template
    if response_template:
        tokenizer.response_template = RESPONSE_TEMPLATE
    return tokenizer


def _corpus() -> Iterator[str]:
    yield from (
        "Tune sasrec on the demo data with 8 trials and say why each learning rate was chosen.",
        '{"name": "start_study", "arguments": {"dataset": "demo", "models": ["bpr_mf"], "n_trials": 10}}',
        '{"type": "object", "properties": {"learning_rate": {"type": "number", "minimum": 0.0001}}, "required": []}',
        "The best trial so far has ndcg@10 of 0.1873; the second has 0.1804 at a dropout of 0.2.",
        '{"rationale": "a smaller embedding trains faster", "expected": 0.21, "evidence": ["trial-3", "trial-4"]}',
    )
