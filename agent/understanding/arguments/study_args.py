"""What a message says about a study to begin or to go on with: its models, goal, budget, space and the way it searches."""

import re
from typing import Any

from agent.understanding.arguments.approval_words import approval_in
from agent.understanding.arguments.first_words import first_in
from agent.understanding.arguments.pruner_args import pruner_in
from agent.understanding.arguments.rule_words import rules_in
from agent.understanding.arguments.study_words import about_study
from agent.understanding.bounds.bounds import bounds_in
from agent.understanding.bounds.counts import counts, group, patience, times
from agent.understanding.bounds.fitting import cost
from agent.understanding.bounds.goal import goal, models_in, shares, timed
from agent.understanding.bounds.nouns import counted
from agent.understanding.bounds.pairing import paired
from agent.understanding.bounds.params import ranges_of, told_params, with_choices
from agent.understanding.bounds.ruled_out import with_the_rest
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.data.dataset_words import dataset_in, earlier_dataset
from agent.understanding.data.likes_words import positive_in
from agent.understanding.data.outcome_words import outcomes_in
from agent.understanding.data.part_left import use_times
from agent.understanding.data.repeat_words import repeat_events_in
from agent.understanding.known import Known
from agent.words.digits import whole_number

Args = dict[str, Any]


def start_study(stretch: Stretch, known: Known) -> Args:
    """The arguments of `start_study`; what was not said is left out."""
    args: Args = {}
    use_times(stretch)
    if based := stretch.take(
        r"\b(?:copy|clone|duplicate|like|as(?:\s+in)?|same\s+(?:as|setup\s+as|settings\s+as|spec\s+as|as\s+in|settings\s+of|space\s+as)|based\s+on|base\s*[=:]?|again\s+like|repeat(?:ing)?|redo|re-?tun(?:e|ing)|settings\s+of|setup\s+of|spec\s+of|from)\s+(?:the\s+)?(?:study\s+)?(?P<study>{study})"
    ):
        args["base"] = stretch.said.span(based, "study").value
    args |= approval_in(stretch)
    args |= positive_in(stretch)
    args |= repeat_events_in(stretch)
    args |= outcomes_in(stretch)
    args |= pruner_in(stretch)
    args |= rules_in(stretch)
    args |= how(stretch)
    bounded = [*timed(stretch), *shares(stretch)]
    models, without = models_in(stretch)
    args |= first_in(stretch, known, models)
    args |= _budget_and_goal(stretch, known, tuple(models), bounded)
    if "n_trials" not in args:
        args |= _first_whole(stretch, rf"{_LAST_NUMBER}|{_OVERALL}")
    if models:
        args["models"] = models
    elif without:
        args["without"] = without
    if not models and not without and known.study_models and re.search(_SAME_MODEL, stretch.text, re.IGNORECASE):
        args["models"] = list(known.study_models)
    elif "base" not in args and (base := _copied(stretch)):
        args["base"] = base
    dataset = dataset_in(stretch, known) or (earlier_dataset(stretch) if stretch.has(_THERE) else None)
    if dataset == "it" and (earlier := earlier_dataset(stretch)):
        dataset = earlier
    if dataset and "base" in args and RETUNES.search(stretch.text):
        args["retune"] = True
    return args | ({"dataset": dataset} if dataset else {})


RETUNES = re.compile(r"\bre-?tun(?:e|ing)\b", re.IGNORECASE)
"""A study is run again on other data, its best params first: "retune demo-1 on shop-v2"."""
_SAME_MODEL = r"\b(?:same|identical)\s+(?:data\w*\s*(?:and|&|,)?\s+)?(?:the\s+)?(?:same\s+)?models?\b"
_LAST_NUMBER = r"(?:[,;/]\s*|(?:{model}|{dataset}|{metric}|{sampler})\s+)(?P<n>{number})(?=[.!\s]*$)"
"""The number that ends a terse order: "ease, demo, 20"."""
_OVERALL = r"(?P<overall>{number})\s+(?:overall|altogether|all\s+told|in\s+(?:all|total|sum))\b"
_THERE = r"\b(?:there|on\s+it|with\s+it|for\s+it)\b"


def _first_whole(stretch: Stretch, pattern: str) -> Args:
    """The trials of the first match with a whole number, which is used."""
    for match in stretch.find(pattern):
        span = stretch.said.span(match, group(match))
        if isinstance(span.value, int):
            stretch.use(span)
            return {"n_trials": span.value}
    return {}


def _copied(stretch: Stretch) -> str | None:
    """The study that is copied: a named one, or the one at hand of "the same study on films"."""
    for span in stretch.spans("study")[:1]:
        stretch.use(span)
        return str(span.value)
    is_same = stretch.has(
        r"\b(?:same|identical)\s+(?:study|setup|set-up|settings|search|thing|spec|config\w*|models?|as\b)|\bsame\b[^.;]{0,12}\bon\b|\bsame\s+again\b"
    )
    return "it" if is_same else None


def _budget_and_goal(stretch: Stretch, known: Known, models: tuple[str, ...], bounded: list[str]) -> Args:
    """Counts, times, space, objective and constraints: all names of the request claim its amounts together."""
    args: Args = patience(stretch) | times(stretch)
    owners = [*stretch.spans("param", "metric"), *counted(stretch)]
    pairs = paired(owners, bounds_in(stretch), stretch, cost)
    args |= counts(pairs, stretch) | goal(stretch, pairs, bounded)
    told = with_the_rest(told_params(stretch, known, models, pairs), stretch, known, models)
    changes = [bound for one in told for bound in one.bounds if not bound.is_absolute]
    stretch.used.difference_update(span for bound in changes for span in bound.spans)  # "twice that": of no known value
    space = ranges_of(with_choices(told, stretch))
    if isinstance(epochs := space.get("epochs"), int):
        args["epochs"] = space.pop("epochs")
    elif isinstance(epochs, dict) and "high" in epochs:
        args["epochs"] = space.pop("epochs")["high"]
    return args | ({"space": space} if space else {})


def extend_study(stretch: Stretch, known: Known) -> Args:
    """The arguments of `extend_study`: what is added unless it is said to be in all."""
    args = about_study(stretch, known) | approval_in(stretch)
    is_added = stretch.take(_ON_TOP_OF) is not None
    stretch.take(_FROM_WHAT_IS)
    bounded = [*timed(stretch), *shares(stretch)]
    models, without = models_in(stretch)
    found = _budget_and_goal(stretch, known, tuple(models), bounded)
    if "n_trials" not in found:
        found |= _first_whole(stretch, rf"{_MORE}|(?P<added>{{number}})" if is_added else _MORE)
    for name, total in (("n_trials", "total_trials"), ("time_limit_s", "total_time_s")):
        if name in found:
            value = found.pop(name)
            in_all = not is_added and _is_in_all(stretch, value)
            args[total if in_all else name] = value
    if isinstance(n := args.get("n_trials"), str):
        args |= _counted_change(n, stretch, known)
        args = {name: value for name, value in args.items() if value is not None}
    if "total_trials" in args:  # "half as many again, so thirty overall"
        stretch.use(*stretch.spans("factor"))
    args |= {name: value for name, value in found.items() if name in ("constraints", "objective")}
    if without:
        args["without"] = without
    if models:
        args["more_models" if _adds_models(stretch) else "models"] = models
    return args


_ON_TOP_OF = r"\b(?:on\s+top\s+of|in\s+addition\s+to|beyond|besides)\s+(?:the|those|these|my|our)\s+{number}"
_FROM_WHAT_IS = r"(?<![\ue000-\uf8ff]\s)\bfrom\s+(?:the\s+)?{number}(?=\s+(?:up\s+)?to\s+{number})"
"""The trials that there are, which are no order: "two dozen on top of the four", "from 4 to 28"."""


def _counted_change(change: str, stretch: Stretch, known: Known) -> Args:
    """8 of "+8 trials"; of "twice as many as now in total" what that makes, where the trials are known."""
    if change.startswith("+"):
        return {"n_trials": whole_number(float(change[1:]))}
    if change.startswith("x") and known.trials and stretch.says(_TOTAL):
        return {"n_trials": None, "total_trials": round(float(change[1:]) * len(known.trials))}
    return {}


_MORE = (
    r"\b(?:another|anohter|add|plus|by|next|extra|further|give\s+(?:it|me|us)|do|run|try|make\s+it|make\s+that|go\s+(?:on\s+)?for)\s+(?P<a>{number})(?!\s*(?:{param}|{metric}|{model}|%|seeds?))|"
    r"(?<![\w.])\+\s?(?P<b>{number})|(?P<c>{number})\s*(?:more|mroe|moer|extra|further|additional|times|mehr|de\s+plus|m[aá]s|on\s+top)\b(?!\s*(?:{param}|{metric}|seeds?))|"
    r"\b(?:up\s+)?(?:to|until|till|at)\s+(?P<d>{number})(?!\s*(?:{param}|{metric}|%))|再(?:来|跑|加|做)?\s*(?P<e>{number})|(?P<f>{number})\s*次|"
    rf"{_OVERALL}"
)
"""Whole numbers that are trials though no noun says so."""
_TOTAL = r"\b(?:in\s+(?:all|total|sum|the\s+end)|total|altogether|all\s+(?:together|told)|overall|alltogether|in\s+sum|enough|instead\s+of|whole\s+(?:study|thing))\b|一共|总共|总计"
_UP_TO = r"\b(?:at\s+most|no(?:t)?\s+(?:longer|more)\s+than|(?:don'?t|not)\s+(?:go\s+)?above|maximum|max)\s*(?:of\s+|run\s+)?$|(?:\b(?:up\s+to|(?:until|till|til)(?:\s+\w+){0,4}?|to|at\s+most|not\s+more\s+than|no\s+more\s+than|max(?:imum)?|reach\w*|cap(?:ped)?\s+(?:it\s+)?at|limit\w*(?:\s+\w+){0,3}\s+(?:to|at))\s*(?:a\s+total\s+of\s*)?)$"
_ADDED = (
    r"\b(?:more|another|extra|further|additional|add(?:ed|itional)?|(?<!not\s)(?<!no\s)longer|on\s+top|again)\b|再|多"
)


def _is_in_all(stretch: Stretch, value: Any) -> bool:
    """Whether an amount is the whole, by the words around it: "to 40 in all", "until 60 trials altogether"."""
    for span in stretch.said.of("number", "duration"):
        if span.value != value or span not in stretch.used:
            continue
        others = [s for s in stretch.said.of("number", "duration", "factor") if s is not span]
        start = max([s.end for s in others if s.end <= span.start], default=0)
        end = min([s.start for s in others if s.start >= span.end], default=len(stretch.said.text))
        before = re.split(r"[.;]\s", stretch.said.marked[start : span.start])[-1]
        after = re.split(r"[.;,]\s", stretch.said.marked[span.end : end])[0]
        is_more = re.match(r"\s*(?:more|extra|further|additional)\b", after, re.IGNORECASE)
        if not is_more and re.search(_TOTAL, before + " " + after, re.IGNORECASE):
            return True
        return bool(re.search(_UP_TO, before, re.IGNORECASE)) and not re.search(_ADDED, before + after, re.IGNORECASE)
    return False


def _adds_models(stretch: Stretch) -> bool:
    only = r"\b(?:only|just|alone|solely|nothing\s+but|exclusively|from\s+now\s+on|stick\s+(?:to|with)|restrict\w*|limit\w*|switch\s+to|focus\s+on|concentrate\s+on|nur|seulement|solo)\b|只"
    adds = r"\b(?:add|also|too|as\s+well|aswell|include|including|bring|in\s+addition|another\s+model|join|throw\s+in|put\s+in|give\s+\w+\s+a|let\s+\w+\s+(?:join|in)|auch|aussi|tambi[eé]n)\b|加|也|(?:and|plus|\+)\s+{model}"
    goes_on = r"\b(?:with|on|of|for|using|mit|avec|con)\s+(?:the\s+)?{model}|{model}\s+(?:only|alone)"
    is_only = stretch.says(only)
    return (stretch.says(adds) and not is_only) or not (is_only or stretch.says(goes_on))


_REFUSED = re.compile(
    r"\b(?:do\s+not|don'?t|doesn'?t|never|not|without|instead\s+of|rather\s+than|forget|no)\s+(?:(?:really|want|trust|like|use|need|believe|in|the|your|this|that|any)\s+)*$",
    re.IGNORECASE,
)
"""What stands before a sampler or a split that is not wanted: "random, since I don't trust your advisor"."""


def how(stretch: Stretch) -> Args:
    """The way of searching: sampler, split, seed."""
    args: Args = {}
    _take_random_sampler(stretch, args)
    stretch.use(*(s for s in stretch.spans("split") if re.match(r"\s+seed", stretch.said.marked[s.end :])))
    for kind in ("split",) if "sampler" in args else ("sampler", "split"):
        if spans := stretch.spans(kind):
            meant = [span for span in spans if not _REFUSED.search(stretch.said.text[: span.start])]
            args |= {kind: meant[-1].value} if meant else {}
            stretch.use(*spans)
    if "split" not in args and stretch.has(
        r"\b(?:split|cut|divid)\w*\W+(?:\w+\W+){0,3}(?:by|for|on|along|after|in)\s+(?:the\s+)?time\b(?!\s+limit)"
    ):
        args["split"] = "temporal"
    if "split" not in args and (
        stretch.has(r"\bsplit\w*\W+(?:\w+\W+){0,2}random\w*|\brandom\w*\W+(?:\w+\W+){0,1}split")
    ):
        args["split"] = "random"
    elif "sampler" not in args and stretch.has(r"\brandom\b(?!\s+(?:split|seed|user|item))|\brandomly\b"):
        args["sampler"] = "random"
    return args


def _take_random_sampler(stretch: Stretch, args: Args) -> None:
    """A bare "random" is the sampler where the words around speak of one and of no split: "not gp, the random one"."""
    bare = [span for span in stretch.spans("split") if stretch.said.words(span).lower() == "random"]
    others = [span for span in stretch.spans("split") if span not in bare]
    is_sampler = stretch.says(r"{sampler}|\bsampl\w+|\bsearch\s+(?:is|method|strategy|by)\b") or others
    if bare and is_sampler and not stretch.says(r"\bsplit\w*|\bhold-?out\b|\bdivide\w*"):
        args["sampler"] = "random"
        stretch.use(*bare, *stretch.spans("sampler"))
