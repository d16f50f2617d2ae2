"""The vocabulary in a GGUF file -> tokenizer.json and tokenizer_config.json.

Two kinds are known: byte-level BPE (`gpt2`) with the rule by which a model cuts text before merging, and the BPE of
SentencePiece (`llama`), whose merges follow from its scores. The rules are those of llama.cpp and of the tokenizers
that the models were published with.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from agent.errors import UserError
from agent.llm.shelf.gguf_header import GgufHeader

_UNKNOWN, _CONTROL, _USER_DEFINED = 2, 3, 4  # `tokenizer.ggml.token_type`
_LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
_TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN_2 = _LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}")
_RULES = {
    **dict.fromkeys(("llama-bpe", "llama3", "llama-v3"), _LLAMA_3),
    **dict.fromkeys(("qwen2", "deepseek-r1-qwen"), _QWEN_2),
    "tekken": _TEKKEN,
}
_WHOLE_WORDS = ("llama-bpe", "llama3", "llama-v3", "tekken")  # a word that is a token needs no merges
_GPT_2 = ("gpt-2", "gpt2")
_DIGIT_BY_DIGIT = ("smollm", "starcoder", "refact")  # else as GPT-2
_NAMES = {"bos": "bos_token_id", "eos": "eos_token_id", "unk": "unknown_token_id", "pad": "padding_token_id"}


def write_tokenizer(header: GgufHeader, folder: Path, context: int) -> dict[str, Any]:
    """Write the tokenizer's two files; what the generation config says: the tokens that begin, end and pad a text.

    Raises:
        UserError: The vocabulary is broken, or of a kind that is not known here.
    """
    tokens = header.texts("tokenizer.ggml.tokens")
    if not tokens or len(set(tokens)) < len(tokens):
        raise UserError(f"{header.path.name} has {'tokens twice in its' if tokens else 'no'} vocabulary")
    tokenizer = (
        _byte_level(header, tokens) if header.text("tokenizer.ggml.model") == "gpt2" else _pieces(header, tokens)
    )
    kinds = header.numbers("tokenizer.ggml.token_type") or [1] * len(tokens)
    special = [token for token, kind in zip(tokens, kinds, strict=False) if kind == _CONTROL]
    known = {name: _token(header, tokens, key) for name, key in _NAMES.items()}
    special += [token for token in known.values() if token is not None and token not in special]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    words = [token for token, kind in zip(tokens, kinds, strict=False) if kind == _USER_DEFINED]
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in words])
    if tokenizer.get_vocab_size() != len(tokens):
        raise UserError(f"{header.path.name} names special tokens that its vocabulary does not hold")
    _begin_and_end(header, tokenizer, known)
    tokenizer.save(str(folder / "tokenizer.json"))
    about: dict[str, Any] = {f"{name}_token": token for name, token in known.items() if token is not None}
    about |= {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": context}
    about |= {"clean_up_tokenization_spaces": False}
    if template := header.text("tokenizer.chat_template"):
        about["chat_template"] = template
    (folder / "tokenizer_config.json").write_text(json.dumps(about, ensure_ascii=False, indent=2), encoding="utf-8")
    return _generation(header, tokenizer, known)


def _byte_level(header: GgufHeader, tokens: Sequence[str]) -> Tokenizer:
    rule = header.text("tokenizer.ggml.pre")
    model = models.BPE(
        vocab={token: number for number, token in enumerate(tokens)},
        merges=_merges(header, tokens),
        ignore_merges=rule in _WHOLE_WORDS,
    )
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = _cutting(header, rule)
    tokenizer.normalizer = normalizers.NFC() if rule in ("qwen2", "deepseek-r1-qwen") else None
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _cutting(header: GgufHeader, rule: str) -> pre_tokenizers.PreTokenizer:
    """How text is cut into words, within which merges happen."""
    if rule in _RULES:
        cut = pre_tokenizers.Split(Regex(_RULES[rule]), behavior="isolated")
        return pre_tokenizers.Sequence([cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    words = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if rule in _DIGIT_BY_DIGIT:
        return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words])
    if rule in _GPT_2:
        return words
    known = ", ".join((*_RULES, *_DIGIT_BY_DIGIT, *_GPT_2))
    raise UserError(f"{header.path.name} cuts text into words by the rule {rule!r}; those known here are {known}")


def _merges(header: GgufHeader, tokens: Sequence[str]) -> list[tuple[str, str]]:
    """The merges, best first.

    Raises:
        UserError: One of them makes something that is no token.
    """
    vocabulary, found = set(tokens), []
    for merge in header.texts("tokenizer.ggml.merges"):
        left, _, right = merge.partition(" ")
        if not {left, right, left + right} <= vocabulary:
            raise UserError(f"{header.path.name} merges {left!r} and {right!r} into what is no token")
        found.append((left, right))
    return found


def _pieces(header: GgufHeader, tokens: Sequence[str]) -> Tokenizer:
    kind, scores = header.text("tokenizer.ggml.model"), header.reals("tokenizer.ggml.scores")
    if kind != "llama" or len(scores) != len(tokens):
        raise UserError(
            f"{header.path.name} has a tokenizer of the kind {kind!r}; those known here are gpt2, and llama with scores"
        )
    unknown = _token(header, tokens, "unknown_token_id")
    model = models.BPE(
        vocab={token: number for number, token in enumerate(tokens)},
        merges=_merges_by_score(tokens, scores),
        unk_token=unknown,
        fuse_unk=True,
        byte_fallback=True,
    )
    tokenizer = Tokenizer(model)
    starts = header.flag("tokenizer.ggml.add_space_prefix") is not False
    scheme = "first" if starts else "never"
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme, split=False)
    steps: list[Any] = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, decoders.Strip(" ", 1, 0)] if starts else steps)
    return tokenizer


def _merges_by_score(tokens: Sequence[str], scores: Sequence[float]) -> list[tuple[str, str]]:
    """Every way to make a token of two others; the token of the best score first."""
    numbers = {token: number for number, token in enumerate(tokens)}
    found = [
        (scores[number], -numbers[left], -numbers[right], left, right)
        for number, token in enumerate(tokens)
        for at in range(1, min(len(token), 64))
        if (left := token[:at]) in numbers and (right := token[at:]) in numbers
    ]
    return [(left, right) for _, _, _, left, right in sorted(found, key=lambda one: one[:3], reverse=True)]


def _token(header: GgufHeader, tokens: Sequence[str], key: str) -> str | None:
    number = header.number(f"tokenizer.ggml.{key}")
    return tokens[number] if number is not None and number < len(tokens) else None


def _begin_and_end(header: GgufHeader, tokenizer: Tokenizer, known: dict[str, str | None]) -> None:
    """What stands around a text by itself; a chat template writes its own."""
    first = header.flag("tokenizer.ggml.add_bos_token")
    if first is None:
        first = header.text("tokenizer.ggml.model") == "llama" or header.text("tokenizer.ggml.pre") in _WHOLE_WORDS[:3]
    begin = known["bos"] if first else None
    end = known["eos"] if header.flag("tokenizer.ggml.add_eos_token") else None
    around = [token for token in (begin, end) if token is not None]
    if around:
        single = " ".join(filter(None, [begin, "$A", end]))
        numbers = [(token, tokenizer.token_to_id(token)) for token in dict.fromkeys(around)]
        tokenizer.post_processor = processors.TemplateProcessing(single=single, special_tokens=numbers)


def _generation(header: GgufHeader, tokenizer: Tokenizer, known: dict[str, str | None]) -> dict[str, Any]:
    numbers = {name: tokenizer.token_to_id(token) for name, token in known.items() if token is not None}
    ends = [numbers.get("eos"), header.number("tokenizer.ggml.eot_token_id")]
    ends = list(dict.fromkeys(end for end in ends if end is not None))
    about = {"bos_token_id": numbers.get("bos"), "pad_token_id": numbers.get("pad")}
    return {name: number for name, number in about.items() if number is not None} | (
        {"eos_token_id": ends} if ends else {}
    )
