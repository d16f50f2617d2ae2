"""What a message says about trials: to run one, to repeat, explain or compare them, to confirm the best."""

import re
from typing import Any

from agent.understanding.arguments import trial_words
from agent.understanding.arguments.study_words import about_study
from agent.understanding.arguments.trial_lists import trials_listed
from agent.understanding.bounds.bounds import bounds_in
from agent.understanding.bounds.counts import counts, group
from agent.understanding.bounds.fitting import cost
from agent.understanding.bounds.nouns import TRIALS, counted
from agent.understanding.bounds.pairing import paired
from agent.understanding.bounds.params import alternatives, told_params, values_of, with_choices
from agent.understanding.bounds.ruled_out import without_ruled_out
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.corrections import marker_between
from agent.understanding.known import Known
from agent.words.spelling import loosely

Args = dict[str, Any]


def params_trials(stretch: Stretch, known: Known) -> list[Args]:
    """The arguments of `run_trial` and `predict`: params, model, and the trial whose params are taken.

    One set for each value of "dropout 0.1 and dropout 0.5".
    """
    args: Args = about_study(stretch, known)
    models = [span.value for span in stretch.spans("model")]
    stretch.use(*stretch.spans("model"))
    nouns = [noun for noun in counted(stretch) if noun.value == "seed"]
    pairs = paired([*stretch.spans("param"), *nouns], bounds_in(stretch), stretch, cost)
    args |= counts(pairs, stretch)
    told = without_ruled_out(told_params(stretch, known, tuple(models), pairs), stretch)
    told = with_choices(told, stretch)
    several = alternatives(told, stretch)
    params = values_of(told)
    if not params and (meant := _of_earlier_param(stretch, known)):
        params = meant
    if params:
        args["params"] = params
    if models:
        args["model"] = models[-1]
    if (base := _base(stretch)) is not None:
        args["base"] = base
    if stretch.has(r"\bdefaults?\b|默认") and not params and "base" not in args:
        args["params"] = {}
    _use_count(stretch, len(several) or 1)
    return [args | {"params": params | one} for one in several] or [args]


def _use_count(stretch: Stretch, count: int) -> None:
    """The amount of "one run with …" or "two trials: …", where it says how many calls there are."""
    for match in stretch.find(rf"(?P<n>{{number}})\s*(?:\w+\s+)?(?:{TRIALS}|runs?)(?![^\W\d_])"):
        if stretch.value(match, "n") == count:
            stretch.use(stretch.said.span(match, "n"))


def _of_earlier_param(stretch: Stretch, known: Known) -> Args:
    """A bare value after a param that the message named before: "why was dropout 0.3? Try it with 0.2"."""
    earlier = stretch.earlier().spans("param")
    for match in (
        stretch.find(r"\b(?:with|w/|w|at|to|use|of|try|was|were)\s+(?P<n>{number})(?!\s*\w)") if earlier else ()
    ):
        span = stretch.said.span(match, "n")
        stretch.use(span)
        return {known.param(earlier[-1].value): span.value}
    return {}


def with_bare_value(args: Args, stretch: Stretch, param: str | None, known: Known) -> Args:
    """The arguments of a trial with the one value that names no param, of the param that was talked of last.

    Args:
        param: Talked of last; without one, or where it cannot be that value, it stays unused.
    """
    if "value" in args:
        value = args["value"]
        args = {name: one for name, one in args.items() if name != "value"}
        if param is None or (isinstance(value, int | float) and not known.takes(param, value)):
            stretch.used.difference_update([span for span in stretch.used if span.value == value])
            return args
        return args | {"params": {param: value}}
    if param is None or "params" in args:
        return args
    for match in stretch.find(r"\b(?:with|w/|w|at|to|use|of|try|was|were)\s+(?P<n>{number})(?!\s*\w)"):
        if known.takes(param, value := stretch.value(match, "n")):
            stretch.use(stretch.said.span(match, "n"))
            return args | {"params": {param: value}}
    return args


_SAME = r"\b(?:the\s+)?same\s+(?:thing|one|trial|again|but|with|at|params?|parameters|settings|values|config\w*)\b|\bagain\s+(?:with|but|at)\b|\b(?:do|run|try|repeat|rerun)\s+(?:it|that(?:\s+one)?|this(?:\s+one)?)\b|\bwould\s+it\s+get\b"
_SAME_BUT = (
    r"\b(?:the\s+)?same\b(?!\s+(?:seed|stud\w+|data\w*|model|metric))|\b(?:run|try|do)\s+(?:it|that|this)(?:\s+(?:one|trial))?\s+(?:again|once\s+more|with|but)\b|"
    r"\b(?:it|that|this)\s+again\b|\bagain\s+(?:with|but|at)\b"
)
"""A trial like the one that was run or talked of, with something else."""
_RIVAL = r"\b(?:beat\w*|better\s+than|against|vs\.?|versus|compared?\s+(?:to|with)|above|over|top|outperform\w*)\s+(?:the\s+|our\s+)?$|\b(?:is|think|seems?|looks?|works?)\s+$|\bon\s+$"


def _base(stretch: Stretch) -> Any:
    """The trial that a new one starts from; not the one that it shall beat."""
    spans = stretch.spans("trial")
    stretch.use(*spans)
    if spans:
        return spans[-1].value
    for match in stretch.find(r"\b(?:what|than)\s+(?P<n>{number})\s+(?:had|has|used|did|got|was)\b"):
        stretch.use(span := stretch.said.span(match, "n"))
        return span.value
    for span in trial_words.bare_numbers(stretch):
        if re.search(r"\b(?:of|from|like|row|as|to|in|on)\s+$", stretch.said.marked[: span.start], re.IGNORECASE):
            stretch.use(span)
            return span.value
    for start, word in trial_words.placed(stretch, without=("it", "default", "next", "first")):
        if not re.search(_RIVAL, stretch.said.marked[:start], re.IGNORECASE):
            return word
    if not stretch.has(_SAME):
        return None
    earlier = trial_words.earlier_trial(stretch)
    return earlier if earlier is not None else "same" if stretch.has(_SAME_BUT) else None


_SEED = rf"\b{loosely('seeds', 'seed')}\s*(?:number\s+)?[=:]?\s*(?P<n>{{number}})(?:\s*(?:,\s*and|,|and|&|\+|then)\s*{{number}}(?!\s*(?:{TRIALS}|times|{{param}})))*"


def repeat_trials(stretch: Stretch, known: Known) -> list[Args]:
    """The arguments of `repeat_trial`, one set a trial and seed; "again with seed 6" is of the trial that was named before."""
    args = about_study(stretch, known)
    stretch.take(r"(?P<n>{number})\s*(?:times|x\b|×)")
    told = list(stretch.find(_SEED))
    seeds = [span for match in told for span in stretch.said.of("number", start=match.start(), end=match.end())]
    listed = trials_listed(stretch, known, tuple(seeds))
    bare = [span for span in trial_words.bare_numbers(stretch) if span not in seeds]
    stretch.use(*(seeds if len(seeds) > 1 else ()))
    trial = trial_words.one_trial(stretch, without=("next",))
    if bare and not isinstance(trial, int):
        trial = int(bare[-1].value)
        stretch.use(bare[-1])
    if trial is None and stretch.has(r"\b(?:again|once\s+more|also|same)\b"):
        trial = trial_words.earlier_trial(stretch)
    args |= {"trial": trial} if trial is not None else {}
    several = [args | {"trial": one} for one in listed.trials if listed] or [args]
    stretch.use(*listed.spans)
    if len(seeds) > 1:
        return [one | {"seed": span.value} for one in several for span in seeds]
    pairs = paired(counted(stretch, without=("n_trials", "patience")), bounds_in(stretch), stretch, cost)
    found = counts(pairs, stretch)
    if not found and (match := stretch.take(r"\b(?:s|sed|シード)\s*=?\s*(?P<n>{number})")):
        found = {"seed": stretch.value(match, "n")}
    return [one | found for one in several]


def explain_trial(stretch: Stretch, known: Known) -> Args:
    """The arguments of `explain_trial`; "it" is the trial that was last talked of."""
    args = about_study(stretch, known)
    params, models = stretch.spans("param"), tuple(span.value for span in stretch.spans("model"))
    without = () if stretch.has(trial_words.ONE_AFTER) else ("next",)
    trial = trial_words.one_trial(stretch, bare=True, without=(*without, "it") if params else without)
    stretch.use(*params)
    if trial is not None:
        args["trial"] = trial
    if params:
        args["param"] = known.param(params[0].value, models)
    return args


_HOW_MANY = r"\b(?P<which>top|best|last|latest|first|leading|worst)\s+(?P<n>{number})(?!\s*(?:,|and|vs)\s*{number})|(?P<m>{number})\s+(?P<that>best|last|latest|leading|top|worst|first)"
_GROUPS = {"latest": "last", "top": "best", "leading": "best"}
_HERE = r"\b(?:it|its|that|this|they|them|those|these|both|he|she)\b"


def compare_trials(stretch: Stretch, known: Known) -> Args:
    """The arguments of `compare_trials`, in the order of the text; "it" first where one of two is only pointed at."""
    args = about_study(stretch, known)
    if (how_many := next(stretch.find(_HOW_MANY), None)) and len(stretch.spans("number", "trial")) == 1:
        stretch.take(_HOW_MANY)
        count = int(stretch.value(how_many, "n" if how_many["n"] else "m"))
        word = (how_many["which"] or how_many["that"]).lower()
        return args | {"trials": [f"{_GROUPS.get(word, word)} {count}"]}
    found = _compared(stretch)
    if len(found) < 2 and stretch.has(_HERE):
        earlier = [value for value in _compared(stretch.earlier()) if value not in found]
        found = [*(earlier[-2:] if not found else earlier[-1:] or ["it"]), *found]
        found = found if len(found) > 1 else []
    if not found and (group := _group(stretch)):
        found = [group]
    if len(found) == 1 and isinstance(found[0], int) and stretch.has(_RIVAL_ALONE):
        found = ["it", *found]
    return args | ({"trials": found} if found else {})


_RIVAL_ALONE = r"\b(?:vs\.?|versus|against|compared?\s+(?:to|with)|beats?|better\s+than|worse\s+than)\b"


def _group(stretch: Stretch) -> str | None:
    """ "these two", "those three", "both of them": as many of the trials that were talked of."""
    for match in stretch.find(
        r"\b(?:those|these|them|the|my|all|our)\s+(?:last\s+|latest\s+)?(?P<n>{number})|\b(?P<both>both|(?:these|those)(?!\s+\w))"
    ):
        if match["both"]:
            return "these"
        stretch.use(span := stretch.said.span(match, "n"))
        return {2: "two", 3: "three"}.get(span.value, "it")
    return None


def _compared(stretch: Stretch) -> list[Any]:
    spans = [*stretch.spans("trial"), *trial_words.bare_numbers(stretch)]
    named: list[tuple[int, Any]] = [(span.start, value) for span in spans for value in span.parts or (span.value,)]
    stretch.use(*spans)
    for start, word in trial_words.placed(stretch, without=("it", "next")):
        is_verb = re.match(
            r"wins?\b|won\b|best\s+(?:of|one\s+of)|top\s+ones", stretch.said.marked[start:], re.IGNORECASE
        )
        if not is_verb:
            named.append((start, {"default": 0, "first": 0}.get(word, word)))
    ordered = sorted(named, key=lambda item: item[0])
    kept = [
        one
        for one, following in zip(ordered, [*ordered[1:], None], strict=False)
        if following is None or not marker_between(stretch.said, one[0], following[0])
    ]
    return list(dict.fromkeys(value for _, value in kept))


_AGAINST = rf"\b(?:{loosely('against', 'versus', 'compare', 'compared')}|vs\.?|beats?|better\s+than|over|relative\s+to|incumbent|in\s+production|today|current(?:ly)?|gegen|contre|contra)\b|对比"


_SEEDS = rf"(?:{loosely('seeds', 'seed')}|sds)"
_N_SEEDS = (
    rf"(?P<n>{{number}})\s+(?:\w+\.?\s+){{0,2}}?(?:{_SEEDS}|runs?|repeats?|repetitions?|times)\b|\b{_SEEDS}\s*(?:=|:|of|to|at|-|–|—|,)?\s*(?P<m>{{number}})|(?P<o>{{number}})\s*(?:个种子|x\b)|"
    r"\bconf\w+\s+(?:(?:it|that|this|them|best|the\s+best)\s+)*(?:with|using|over|on|w/?|at)?\s*(?P<q>{number})(?!\s*(?:vs|against|versus|%|trials?|of\s+them))|\bn_seeds\s*=?\s*(?P<p>{number})"
)


def confirm(stretch: Stretch, known: Known) -> Args:
    """The arguments of `confirm`; of two numbers of seeds the later stands."""
    args = about_study(stretch, known)
    for seeds in stretch.take_all(_N_SEEDS):
        args["n_seeds"] = int(stretch.value(seeds, group(seeds)))
    if stretch.has(_AGAINST):
        trial = trial_words.one_trial(stretch, bare=True, without=("it", "next", "best", "last"))
        if trial is not None:
            args["against"] = trial
    left = stretch.spans("number")
    if "n_seeds" not in args and len(left) == 1 and stretch.says(_SEEDS):  # "a handful of seeds — five, that is"
        args["n_seeds"] = int(left[0].value)
        stretch.use(*left)
    return args
