"""Params in a message: `lr 3e-4`, `128 dims and 2 layers`, `no dropout`, and the names people give them."""

import re
from dataclasses import dataclass

from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.numbers import NUMBER, Reader, number
from recmodels.search_space import Choice, ParamValue

PARAM_WORDS: dict[str, str] = {
    "adapter_learning_rate": r"(?:adapter|lora)[-_ ]?(?:learning[-_ ]?rate|lr)",
    "learning_rate": r"learning[-_ ]?rates?|lr|step size|lernrate|taux d['’]apprentissage|tasa de aprendizaje|学习率",
    "adapter_dropout": r"(?:adapter|lora)[-_ ]?dropout",
    "dropout": r"drop[-_ ]?outs?|dropot",
    "embedding_size": r"(?:embedding|emb|embed|hidden|latent|model)s?[-_ ]?(?:sizes?|dim(?:ension)?s?|units)|"
    r"dim(?:ension)?s?|dimensionen|dimensiones|"
    r"embeddings?|emb|factors|latent factors|d_model|hidden|width|d(?=\s*=)",
    "weight_decay": r"weight[-_ ]?decay|wd|reg(?:ulari[sz]ation)?",
    "l2": r"l2|lambda|λ|ridge",
    "batch_size": r"batch(?:[-_ ]?sizes?|es)?|bs",
    "adapter_layers": r"adapter[-_ ]?layers|adapted layers",
    "n_layers": r"n_?layers?|num_?layers|(?:number of |gcn |gru |transformer )?layers?|n_?blocks?|num_?blocks|"
    r"blocks?|depth|couches|schichten|capas",
    "n_heads": r"n_?heads?|num_?heads|(?:number of |attention )?heads?",
    "max_length": r"max[-_ ]?(?:seq[-_ ]?)?len(?:gth)?|(?:max(?:imum)? )?(?:seq(?:uence)?|history|"
    r"context)[-_ ]?len(?:gth)?s?",
    "history_length": r"history[-_ ]length",
    "n_negatives": r"n_?neg(?:ative)?s?|num_?neg(?:ative)?s?|(?:number of )?negatives?(?: samples?)?|negs?|"
    r"negative sampling",
    "epochs": r"n_?epochs|(?:number of )?epochs?|epochen",
    "adapter_rank": r"(?:adapter|lora)[-_ ]?rank|ranks?|rang|r(?=\s*=)",
    "adapter_alpha": r"(?:adapter|lora)[-_ ]?alpha|alpha",
    "adapter_targets": r"(?:adapter|lora)[-_ ]?targets?|target[-_ ]?modules?",
    "adapter_prefix_length": r"(?:adapter[-_ ]?)?prefix[-_ ]?len(?:gth)?|virtual[-_ ]tokens",
    "adapter": r"adapter(?:[-_ ](?:kind|type))?s?|peft",
    "temperature": r"temp(?:erature)?|tau",
    "loss": r"loss(?: function)?",
    "biases": r"bias(?:es)?",
    "user_embedding": r"user[-_ ]?embeddings?",
    "popularity_weight": r"popularity[-_ ]weight",
    "encoded_items": r"encoded[-_ ]items",
    "optimizer": r"optimi[sz]er",
    "activation": r"activation",
    "schedule": r"schedule|scheduler",
    "pooling": r"pooling",
    "warmup": r"warm[-_ ]?up(?: steps)?",
    "accumulation": r"(?:grad(?:ient)?[-_ ]?)?accumulation(?:[-_ ]?steps)?",
    "max_grad_norm": r"max[-_ ]?grad(?:ient)?[-_ ]?norm|grad(?:ient)?[-_ ]?clip(?:ping)?",
    "gamma": r"gamma",
    "seed": r"seeds?",
}
"""Words for params; those that no model declares are passed on, so that the tool can say which there are."""

_OTHERS: dict[str, tuple[str, ...]] = {  # what else a word may mean where the model at hand lacks the first
    "weight_decay": ("l2",),
    "l2": ("weight_decay",),
    "max_length": ("history_length",),
    "history_length": ("max_length",),
    "n_layers": ("adapter_layers",),
}
_COUNTED = (
    r"layers?|blocks?|heads?|negatives?|negs?|dims?|dimensions?|dimensionen|factors|epochs?|embeddings?|batch|rank|"
    r"dropout"
)
_FILLER = (
    r"(?:\s*(?:\b(?:to|of|at|as|is|be|are|with|set|say|should|must|just|about|around|exactly|value|values|size|range|"
    r"rate|from|now|on|"
    r"back|down|up|up to|auf|en|à|de|in|it|for|fixed|constant|lower|higher|low|high|bounds?|rather|maybe|like|use|"
    r"also)\b|[=:→]|->))*\s*"
)
_FRACTION = re.compile(r"(?<![\w.])(\d+)\s*/\s*(\d+)(?![\w.])")
_NOTHING = r"(?:no|without|zero|kein(?:e|en)?|ohne|sans|sin)"
_OFF = r"(?:switched off|turned off|off|disabled)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A param where it stands in the text."""

    param: str
    start: int
    end: int


def mentions(text: str, context: PilotContext, models: tuple[str, ...] = ()) -> list[Mention]:
    """Every param named in the text, longest words first where they overlap, in the order of the text."""
    words = {name: re.escape(name) for space in context.spaces.values() for name in space if name not in PARAM_WORDS}
    found = [
        Mention(param=resolve(name, context, models), start=match.start(), end=match.end())
        for name, pattern in (words | PARAM_WORDS).items()
        for match in re.finditer(rf"(?<![\w.-])(?:{re.escape(name)}|{pattern})(?![\w-])", text, re.IGNORECASE)
    ]
    found.sort(key=lambda mention: mention.start - mention.end)
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def resolve(name: str, context: PilotContext, models: tuple[str, ...] = ()) -> str:
    """The declared param that a word means for the models at hand."""
    for group in (models or context.study_models, tuple(context.spaces)):
        declared = {param for model in group if model in context.spaces for param in context.spaces[model]}
        for candidate in (name, *_OTHERS.get(name, ())):
            if candidate in declared:
                return candidate
    return name


_OTHER_CHOICES = {
    "adam": "optimizer",
    "adamw": "optimizer",
    "sgd": "optimizer",
    "adagrad": "optimizer",
    "relu": "activation",
    "gelu": "activation",
    "cosine": "schedule",
}  # of params that no model here declares; the tool says so


def choice_words(context: PilotContext) -> dict[str, str]:
    """Words that name a choice of exactly one param: lora -> adapter, softmax -> loss."""
    owners: dict[str, set[str]] = {}
    for space in context.spaces.values():
        for name, param in space.items():
            if isinstance(param, Choice):
                for value in param.choices:
                    if isinstance(value, str):
                        owners.setdefault(value, set()).add(name)
    unique = {word: next(iter(names)) for word, names in owners.items() if len(names) == 1}
    return unique | _OTHER_CHOICES


def read_params(reader: Reader, context: PilotContext, models: tuple[str, ...] = ()) -> dict[str, ParamValue]:
    """Assignments in the message, typed as they were written; what is illegal is kept for the tool to refuse."""
    text = _FRACTION.sub(lambda m: f"{int(m[1]) / int(m[2]):g}" if int(m[2]) else m[0], reader.text)
    found: dict[str, ParamValue] = {}
    used: set[int] = set()
    named = mentions(text, context, models)
    for mention in named:
        value = _value_beside(text, mention, used)
        if value is not None:
            found.setdefault(mention.param, value)
    for word, param in choice_words(context).items():
        if word == "bpr" and not re.search(r"\bloss\W+bpr\b|\bbpr\W+loss\b", text, re.IGNORECASE):
            continue  # the model
        if param not in found and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE):
            found[param] = word
    return found


def _value_beside(text: str, mention: Mention, used: set[int]) -> ParamValue | None:
    """The value after the name, or before it: "dropout of 0.2", "3 layers", "no dropout", "biases on"."""
    before, after = text[: mention.start], text[mention.end :]
    counted = text[mention.start : mention.end].split()[-1].lower()
    ahead = re.search(
        rf"(?<![\w.@])({NUMBER})\s*-?\s*(?:[a-z]{{3,}}\s)?$"
        if counted in ("layers", "epochs")
        else rf"(?<![\w.@])({NUMBER})\s*-?\s*$",
        before,
        re.I,
    )
    if ahead and ahead.start(1) not in used and re.fullmatch(_COUNTED, counted):
        used.add(ahead.start(1))
        return number(ahead[1])
    behind = re.match(rf"{_FILLER}({NUMBER})(?![\w]|\.\d)", after, re.IGNORECASE)
    if behind:
        used.add(mention.end + behind.start(1))
        return number(behind[1])
    said = re.match(rf"\s*,\s*(?:say|maybe|like|e\.g\.?)?\s*({NUMBER})\s*(?:$|[.!?](?!\d))", after, re.IGNORECASE)
    if said:
        used.add(mention.end + said.start(1))
        return number(said[1])
    if ahead and ahead.start(1) not in used and not re.search(r"(?:trials?|#)\s*$", before[: ahead.start(1)], re.I):
        used.add(ahead.start(1))
        return number(ahead[1])
    if re.search(rf"\b{_NOTHING}\s+(?:the\s+)?$", before, re.I) or re.match(rf"\s+(?:\w+\s+)?{_OFF}\b", after, re.I):
        return False if mention.param in ("biases", "user_embedding") else 0
    return _word_value(mention, before, after)


def _word_value(mention: Mention, before: str, after: str) -> ParamValue | None:
    if mention.param in ("biases", "user_embedding"):
        if re.match(r"\s*[=:]?\s*(?:false|no)\b", after, re.I):
            return False
        return (
            True
            if re.match(r"\s*[=:]?\s*(?:true|yes|on)\b", after, re.I) or re.search(r"\bwith\s+$", before, re.I)
            else None
        )
    quoted = re.match(r"\s*[=:]\s*[\"']?([A-Za-z][\w+]*)", after)
    return quoted[1] if quoted else None


def base_params(text: str, context: PilotContext) -> tuple[dict[str, ParamValue], str | None]:
    """The params of a trial that the message builds on ("same as trial 3 but …") and its model."""
    number_ = _base_trial(text, context)
    if number_ is None or number_ not in context.params:
        return {}, None
    return dict(context.params[number_]), context.trial_models.get(number_)


def _base_trial(text: str, context: PilotContext) -> int | None:
    named = re.search(
        r"\b(?:same as|like|as in|repeat|redo|retrain|rerun|again)\s+(?:in\s+)?(?:trial|run|number|#)\s*(\d+)",
        text,
        re.I,
    )
    if named:
        return int(named[1])
    if re.search(
        r"\b(?:like|as|of|than|repeat|retrain) the best\b|\bthe best (?:one |trial )?(?:but|with|params)", text, re.I
    ):
        return context.ranking[0] if context.ranking else None
    if re.search(r"\b(?:same|again|once more|repeat|rerun)\b", text, re.I):
        return context.trials[-1] if context.trials else None
    return None
