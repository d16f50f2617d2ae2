"""The words of a plan card, in each language that is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.answers.wording import duration
from agent.plan_card import Language
from agent.pruner_words import DEFAULT_PRUNER
from agent.studies.defaults import OBJECTIVE, TRIALS
from agent.understanding.plan import Request
from agent.words.acts import ACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class CostWords:
    """How long it takes; each is a sentence, or a piece of one, with its places."""

    limit: str  # {most}
    unknown: str  # {of}
    of: str  # {models}
    each: str  # {expected}, {low}, {high}, {by}
    limited: str  # {most}, {each}
    whole: str  # {runs}, {each}, {total}
    runs: str  # {n}
    run: str
    at_most: str
    here: str  # {n}
    none_here: str
    elsewhere: str  # {n}
    both: str  # {here}, {elsewhere}
    only_elsewhere: str  # {here}, {elsewhere}
    either: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """All that stands on a card and is no name or amount."""

    names: Mapping[str, str]  # of arguments
    defaults: Mapping[str, Mapping[str, str]]  # by tool and argument, what holds where nothing is said
    says: Callable[[Request], str]  # what a request does
    joined: str  # between what several do
    question: str  # {does}, {example}
    plain_question: str  # {does}
    examples: tuple[str, str, str]  # of a study, of a confirmation, of anything else
    quoted: str  # {}: words of the message
    your_words: str
    this_chat: str
    limited: str
    as_it_would: str  # where a value comes from that the call leaves open
    seed: str  # {}
    with_params: str  # {model}, {params}
    own_values: str
    runs_as: str  # {}
    yes: str
    no: str
    comma: str
    range: str  # between two ends
    duration: Callable[[float], str]
    note: Callable[[str], str]  # a sentence that was made in English
    origin: Callable[[str], str]  # where params come from, made in English
    cost: CostWords


def _says(request: Request) -> str:
    """What it does; of a tool that steers, which of the ways."""
    action = request.args.get("action") if request.tool == "control_study" else None
    return f"{action} the study" if action else ACTS[request.tool].says


ENGLISH = CardWords(
    names={
        "n_trials": "trials",
        "total_trials": "trials in all",
        "time_limit_s": "time limit",
        "total_time_s": "time in all",
        "trial_time_limit_s": "time limit of a trial",
        "needs_approval": "ask before each trial",
        "use_rules": "rules",
        "try_first": "params to run first",
        "run_defaults": "a trial of the defaults",
        "n_seeds": "seeds",
        "more_models": "further models",
        "positive": "ratings that count as likes",
        "repeat_events": "items that people had before",
        "outcomes": "what outcomes count",
    },
    defaults={
        "start_study": {
            "models": "the usual ones",
            "objective": f"`{OBJECTIVE}`",
            "n_trials": f"{TRIALS} trials",
            "split": "chosen for the data",
            "positive": "chosen for the data",
            "repeat_events": "chosen for the data",
            "sampler": "`advisor`",
            "pruner": f"`{DEFAULT_PRUNER}`",
            "use_rules": "used",
            "space": "every param in its whole range",
            "run_defaults": "first",
        },
        "confirm": {"n_seeds": "5 seeds"},
    },
    says=_says,
    joined=" and ",
    question="Shall I {does}? Or say what to change, such as “{example}”.",
    plain_question="Shall I {does}?",
    examples=("only 5 trials", "3 seeds", "dropout 0.2"),
    quoted="“{}”",
    your_words="your words",
    this_chat="this chat",
    limited="the limit, which is below what you said",
    as_it_would="as it would be",
    seed=", seed {}",
    with_params="{model} with {params}",
    own_values="the values above, and else ",
    runs_as="then runs as trial {}",
    yes="yes",
    no="no",
    comma=", ",
    range=" to ",
    duration=duration,
    note=lambda text: text,
    origin=lambda text: text,
    cost=CostWords(
        limit="At most {most}, the limit. ",
        unknown="How long a trial takes is known after the first one: too few{of} were measured yet.",
        of=" of {models}",
        each="about {expected} ({low} to {high}, by past trials: {by})",
        limited="At most {most}, the limit; a trial takes {each}.",
        whole="{runs} × {each} ≈ **{total}**.",
        runs="{n} training runs",
        run="1 training run",
        at_most="At most {runs}",
        here="{n} on these data",
        none_here="none on these data yet",
        elsewhere="{n} trials on other data",
        both="{here} and {elsewhere}",
        only_elsewhere="{here}, {elsewhere}",
        either=" or ",
    ),
)


def words_in(language: Language) -> CardWords:
    """The words of a card in that language."""
    from agent.understanding.card_words_in_chinese import CHINESE

    return CHINESE if language == "zh" else ENGLISH
