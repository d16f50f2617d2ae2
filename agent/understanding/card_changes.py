"""What is said to an open plan card and does nothing but change it: "only ease", "with 8 trials and recall@20".

A change makes a card that asks again; with a plain yes, "yes, but 8 trials", what was changed is done at once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent import outside
from agent.studies.defaults import TRIALS
from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.asking.answers_to import ADDS, agrees, without_yes
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.mood_words import NEGATION
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import heard
from agent.understanding.known import Known
from agent.understanding.message import Message
from agent.understanding.names.new_names import called
from agent.understanding.names.new_studies import before_card, card_of, on_card
from agent.understanding.plan import Request, Waiting
from agent.understanding.steering import begins, changes_card
from agent.words.chinese import is_chinese
from agent.words.said import Said, Span
from agent.words.spelling import words_of

_ASKED = re.compile(
    r"^\W*(?:please\s+)?(?:can|could|would|will|may)\s+(?:you|we|i|it)\b(?:\s+(?:please|maybe|also|be|have))*\s+",
    re.IGNORECASE,
)
"""What makes a wish of a question: "can you make it 8 trials?"."""
_QUESTION = re.compile(
    r"^\W*(?:what|why|how|which|who|when|where|is|are|was|does|do\s+(?:you|i|we)|did|should|would|shall)\b",
    re.IGNORECASE,
)
_EACH = (
    r"(?:each|every|any|a|the|one|single|of|them|trial|trials|run|runs|it|they|starts?|begins?|runs?|is|run|started)"
)
_ASKING = re.compile(
    r"\b(?P<off>(?:(?:do\s+not|don'?t|dont|never|without|no(?:\s+need\s+to)?|stop|need\s+not|needn'?t)\s+)(?:you\s+)?)?"
    rf"(?:ask(?:ing)?|check(?:ing)?\s+with|wait(?:ing)?\s+for)\b(?:\s+(?:me|us|my|approval|ok|yes|permission|again|any\s?more|first|always|for))*(?:\s+before(?:\s+{_EACH})*|\s+(?:each|every)\s+time)?"
    r"|(?P<zh>(?:no\s+need\s+to\s+|don't\s+)?)(?:each\s+)?(?:trials?\s*)?(?:之?前|都|先|要|请)*问(?:\s*(?:I|me|一下))?"
    r"|\b(?P<none>no|without|skip|drop)\s+(?:the\s+|my\s+|any\s+)*(?:approvals?|confirmations?|permission)"
    r"|\b(?P<run>(?:just\s+)?run\s+(?:them|all)\s+(?:all\s+)?without\s+asking(?:\s+me)?)",
    re.IGNORECASE,
)
_DEFAULTS = re.compile(
    r"\b(?P<off>(?:without|no|don't|skip|drop|leave\s+out|omit|not)\s+)?(?:with\s+)?(?:a\s+|the\s+|any\s+)*(?:(?:trials?|runs?)\s+(?:of|with|at)\s+(?:the\s+)?)?defaults?(?:\s+(?:trials?|runs?|values|settings))?(?P<on>\s+(?:too|first|as\s+well|also))?",
    re.IGNORECASE,
)
_REPLACES_BUDGET = re.compile(r"\b(?:make\s+(?:it|that)|change\s+(?:it\s+)?to|instead|rather)\b", re.IGNORECASE)
_CONNECTS = words_of(
    "a about above actually add again all alone also an and another as at aim aiming be below better between but by change changed cut data "
    "dataset datasets do done drop each else except exclude exclusively fewer for forget from get give go have hm hmm i i'd "
    "i'll id in include including instead into is it it's its just keep leave less let let's lets like limit limited longer "
    "make max maximal maximum maximise maximize may maybe me metric metrics min mind minimum model models more most least much "
    "must need no nope not objective objectives of oh ok okay on one only optimise optimising optimize optimizing or other "
    "others out over overall per perhaps please plus prefer put range ranges rather remove replace run runs sampler sampling "
    "search seed set shall should simply skip so solely sorry split stay study swap switch take target targeting than that the "
    "them then there these they this time times to too top total trial trials tries try tune tuning until up use using value "
    "values wait want we well while why will with within without would you your yes budget best goal half hour hours minute "
    "minutes param parameter patience epochs epoch begin don't early launch prune pruned pruner pruning start stopping can good great fine alright"
)
_WORD = re.compile(r"[^\W\d_\ue000-\uf8ff]+(?:['’-][^\W\d_\ue000-\uf8ff]+)*")
_VAGUE = re.compile(
    rf"^\W*(?:(?:{'|'.join(sorted(_CONNECTS - {'fewer', 'less', 'more', 'trials'}, key=len, reverse=True))})\b\W*)*(?P<how>fewer|less|more)\s+(?:trials|runs)\W*$",
    re.IGNORECASE,
)
"""A budget without a number."""
_FRESH = re.compile(
    r"\b(?:new|another|second)\s+(?:study|search|one)\b|^\W*(?:please\s+)?(?:start|begin|launch|tune|optimi[sz]e)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:call|name)\s+(?:it|this|that|the\s+(?:new\s+)?study)\b", re.IGNORECASE)
_HEDGES = re.compile(r"\b(?:maybe|perhaps)\b", re.IGNORECASE)


def wish_in(text: str) -> int:
    """Where a wish begins that is put as a question, "can you make it 8 trials?"; 0 for other words."""
    found = _ASKED.match(text)
    return found.end() if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChange:
    """What stands on the card from now on."""

    requests: tuple[Request, ...]
    is_agreed: bool  # the person said yes to it
    notes: tuple[str, ...] = ()  # on what changes nothing


def card_change(say: str, said: Said, known: Known, dialogue: Dialogue, used: set[Span]) -> CardChange | None:
    """The card with what a message changes of it; None where it says anything else, and for a plain yes or no.

    Args:
        said: The message as it is read.
        used: Gets the names and amounts that the change took.
    """
    shown, waiting = card_of(dialogue), dialogue.waiting
    text = said.text.replace("\u2019", "'")
    if shown is None or waiting is None or (said.of("dataset", "path", "study") and _FRESH.search(text)):
        return None
    wish, behind = wish_in(text), without_yes(text)
    if _QUESTION.match(behind) or ("?" in text and not wish):
        return None
    start = wish or len(text) - len(behind)
    taken: set[Span] = set()
    name, marked = _title(said, start, taken)
    flags, marked = _switched(marked)
    if any(match[0].lower().replace("’", "'") not in _CONNECTS for match in _WORD.finditer(marked)):
        return None  # it says something else, too
    args = _read(said, start, known, taken)
    if (vague := _VAGUE.match(text[start:])) is not None:
        n_trials = _fewer(shown, vague["how"])
        ask = f"How many trials shall it be? Say, for example, “{n_trials} trials”."
        notes = (f"要多少次试验？比如说“{n_trials} 次试验”。" if is_chinese(say) else ask,)
        return CardChange(requests=waiting.requests, is_agreed=False, notes=notes)
    is_elsewhere = "dataset" in args and (waiting.n_before or NEGATION.search(text[start:]))
    if "base" in args or is_elsewhere or not (args or flags or name):
        return None
    changed = _with(shown, args, flags, text[start:], known, waiting)
    if changed is None and (why := _cannot(shown, args, text, zh=is_chinese(say))):
        used |= taken
        return CardChange(requests=waiting.requests, is_agreed=False, notes=(why,))
    if changed is None:
        return None
    used |= taken
    return CardChange(
        requests=(
            *before_card(dialogue),
            replace(changed, limited=(), words=", ".join(filter(None, (shown.words, said.text)))),
            *_named(name, dialogue),
        ),
        is_agreed=not wish and (agrees(text) or agrees(say)) and not _HEDGES.search(text),
        notes=tuple(_not_there(shown, args, zh=is_chinese(say))),
    )


def _title(said: Said, start: int, used: set[Span]) -> tuple[str | None, str]:
    """The name that the study gets, and the marked text without it and without what stands before the change."""
    marked = " " * start + said.marked[start:]
    if (title := _TITLE.search(marked)) is None:
        return None, marked
    name = called(Stretch(said, [(title.start(), len(said.text))], used), is_title=True)
    at = said.text.find(name, title.end()) if name else -1
    if name is None or at < 0:
        return None, marked
    return name, marked[: title.start()] + " " * (at + len(name) - title.start()) + marked[at + len(name) :]


def _named(name: str | None, dialogue: Dialogue) -> list[Request]:
    """What would be done with the study after its start, with its new name."""
    return on_card(dialogue) if name is None else [Request(tool="rename_study", args={"name": name})]


def _not_there(shown: Request, args: Mapping[str, Any], *, zh: bool) -> Iterable[str]:
    """On models that are ruled out and were not among those of the card."""
    for model in args.get("without", ()):
        if shown.args.get("models") and model not in shown.args["models"]:
            name = outside.code(model)
            yield (
                f"计划里本来就没有 {name}，所以没有变。"
                if zh
                else f"{name} was not among the models of the plan, so it stays as it is."
            )


def _fewer(shown: Request, how: str) -> int:
    n_trials = int(shown.args.get("n_trials", TRIALS))
    return 2 * n_trials if how.lower() == "more" else max(1, n_trials // 2)


def _switched(marked: str) -> tuple[dict[str, Any], str]:
    """The switches that are turned, and the text without them."""
    flags: dict[str, Any] = {}
    if (asks := _ASKING.search(marked)) is not None:
        flags["needs_approval"] = not any(asks[name] for name in ("off", "zh", "none", "run"))
        marked = _without(marked, asks)
    if (defaults := _DEFAULTS.search(marked)) is not None and (defaults["off"] or defaults["on"]):
        flags["run_defaults"] = None if defaults["on"] else False
        marked = _without(marked, defaults)
    return flags, marked


def _without(text: str, match: "re.Match[str]") -> str:
    return text[: match.start()] + " " * len(match[0]) + text[match.end() :]


def _read(said: Said, start: int, known: Known, used: set[Span]) -> dict[str, Any]:
    stretch = Stretch(said, [(start, len(said.text))], used)
    args = dict(read_arguments("start_study", stretch, known, is_edit=True)[0])
    return {name: value for name, value in args.items() if name not in ("needs_approval", "run_defaults")}


def _with(
    shown: Request, args: Mapping[str, Any], flags: Mapping[str, Any], text: str, known: Known, waiting: Waiting
) -> Request | None:
    """The study with the change; None where it cannot be changed so."""
    if _cannot(shown, args, text):
        return None
    more = {name: value for name, value in args.items() if name not in ("dataset", "without")}
    if "time_limit_s" in more and "n_trials" not in more and _REPLACES_BUDGET.search(text):
        more["n_trials"] = None
    if "models" in more and ADDS.search(text) and not shown.args.get("models"):
        usual = known.would("start_study", shown.args).runs.get("models")
        if not usual:
            return None  # which are there is not known
        shown = shown.with_args(models=[*usual])
    changed = shown
    if more:
        request = Request(tool="start_study", args=more)
        found = changes_card(request, waiting, _plain(text))
        if found is None:
            return None
        changed = found
    if "models" in more and "without" in changed.args and not ADDS.search(text):
        changed = changed.with_args(without=None)
    if out := args.get("without"):
        left = _left(changed, out)
        changed = changed.with_args(**({"without": [*out]} if left is None else {"models": left}))
    if "dataset" in args:
        changed = replace(
            changed.with_args(dataset=args["dataset"]), assumed=tuple(n for n in changed.assumed if n != "dataset")
        )
    return changed.with_args(**flags) if flags else changed


def _plain(text: str) -> str:
    """Without the words that begin a study, which here are of the one on the card."""
    return re.sub(r"\b(?:start|begin|launch|tune|optimi[sz]e)\b", "", text, flags=re.IGNORECASE)


def _left(study: Request, out: Sequence[str]) -> list[str] | None:
    """The models of the study without those; None where it names none and takes the usual ones."""
    models = study.args.get("models")
    return [one for one in models if one not in out] if models else None


def _cannot(shown: Request, args: Mapping[str, Any], text: str, *, zh: bool = False) -> str:
    """Why the card stays as it is."""
    if "models" not in args and _left(shown, args.get("without", ())) == []:
        english = "That would leave no model, so the plan stays as it is; say which one to tune instead."
        return "那样就没有模型了，所以计划没有变；请说要换成哪个模型。" if zh else english
    if "dataset" in args and ADDS.search(text):
        english = (
            "A study is on one dataset, so the plan stays as it is. Say “on NAME instead”, or start another study."
        )
        return "一个研究只用一个数据集，所以计划没有变。可以说“换成 NAME”，或者另开一个研究。" if zh else english
    return ""


def is_card_change(say: str, known: Known, dialogue: Dialogue) -> bool:
    """Whether a message does nothing but change the study on the open card."""
    if card_of(dialogue) is None:
        return False
    said = heard(say, known, dialogue, lambda word: True).said
    return card_change(say, said, known, dialogue, set()) is not None


def stands_on_card(request: Request, message: Message) -> bool:
    """Whether a study that is about to start is the one on the open card, rather than one that the message begins."""
    is_named = bool(message.said.of("dataset", "path"))
    return card_of(message.dialogue) is not None and not (is_named and begins(message.said.text))
