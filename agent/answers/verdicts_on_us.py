"""Answers about recpilot itself: where to begin, which models and metrics there are, what it remembers, what leaves."""

import difflib
import re
from collections.abc import Sequence

from agent import outside
from agent.answers.explain_memory import list_rules
from agent.answers.verdict_facts import Heard
from agent.answers.wording import count, listed, number, param, searched, table, unquoted
from agent.confirmation import N_SEEDS
from agent.results.confirmed import ConfirmationShown
from agent.results.data import DatasetList
from agent.results.memory import Recalled
from agent.results.prediction import SpaceShown
from agent.results.rules import RulesShown
from agent.results.serving import ItemsRecommended
from agent.results.trial import TrialRecalled
from agent.sampler_words import SAMPLER_WORDS
from agent.standing import sign_of
from recmodels.metrics import METRICS
from recmodels.models import MODELS

_COLD = re.compile(r"\b(?:cold|new\s+(?:users?|items?)|newcomers?)\b")
_ORDER = re.compile(r"\b(?:sequen\w*|order|session\w*|next)\b")
_ID = re.compile(r"\brule\W+([a-z][\w.]*(?:-[\w.]+)+)|\b([a-z]\w*(?:-[\w.]+){2,})")
_NEAR = 0.8  # likeness of a misspelt id to a rule's
_SMALL = re.compile(r"\b(?:small|few|little|tiny|quick|fast|simple)\b")


def memory(heard: Heard) -> str:
    found = heard.of(Recalled)
    if found is None or not (found.trials or found.lessons):
        return "Yes: every finished trial and what you tell me to remember is kept for later studies; so far there is nothing in the memory."
    best = _best(found.trials)
    top = (
        f" Of those nearest to your question, the best is {best.trial}: `{best.model}` on {best.dataset} with {best.objective} {number(best.value)}."
        if best
        else ""
    )
    return f"Yes: every finished trial is kept, with its params and result, and what you told me; later studies begin from what worked on similar data.{top}"


def _best(trials: Sequence[TrialRecalled]) -> TrialRecalled | None:
    """The best of those that have a value, by the objective of the nearest of them."""
    known = [trial for trial in trials if trial.value is not None]
    alike = [trial for trial in known if trial.objective == known[0].objective]
    return max(alike, key=lambda trial: sign_of(trial.objective) * (trial.value or 0.0), default=None)


def begin(heard: Heard) -> str:
    found = heard.of(DatasetList)
    rows = () if found is None else found.datasets
    own = next((row.name for row in rows if row.name != "demo" and not row.built_in), None)
    name = own or "demo"
    data = (
        f"your data: `describe {name}` shows them"
        if own
        else "the built-in `demo` data, or drop your own file (CSV, JSON lines, Parquet: users, items, if possible times) into the chat"
    )
    return (
        f"Begin with {data}. Then say `tune {name}, 10 trials`: a few usual models compete, their defaults first. After that ask"
        " `how is it going?`, `is it good?` and `what would you try next?`; `confirm` tests the winner at the end."
    )


def which_model(heard: Heard) -> str:
    if _COLD.search(heard.says):
        lead = "For new items `text_tower` or `hybrid`, which read item texts; for new users `ease` or `sasrec`, which work from the first few interactions, and popularity before that."
    elif _ORDER.search(heard.says):
        lead = "Where order matters `sasrec`, then `gru4rec`; `ease` as the line to beat."
    elif _SMALL.search(heard.says):
        lead = "`ease`: on small catalogues it is quick and hard to beat; `item_knn` is quicker still."
    else:
        lead = "Let a few compete, no one is best everywhere: `ease` for small catalogues, `ials` for large ones, `sasrec` where order matters, `text_tower` or `hybrid` for new items with texts. Named none, a study takes the usual ones."
    rows = [(f"`{entry.name}`", entry.says) for entry in MODELS.values()]
    every = f"\n\n{table(('model', 'what it is'), rows)}" if re.search(r"\bmodels\b", heard.says) else ""
    return f"{lead}{every}"


def which_metrics(heard: Heard) -> str:
    rows = [
        (
            f"`{name}{'@k' if metric.has_cutoff else ''}`",
            metric.says,
            "higher" if metric.direction == "maximize" else "lower",
        )
        for name, metric in METRICS.items()
    ]
    costs = [f"`{name}`" for name, metric in METRICS.items() if not metric.has_cutoff and metric.predicts is None]
    lead = (
        f"The costs are {listed(costs)}; any of them can be the objective or a limit."
        if "cost" in heard.says
        else f"{count(len(rows), 'metric')}; any of them can be the objective or a limit."
    )
    return f"{lead}\n\n{table(('metric', 'what it says', 'better'), rows)}"


def which_rules(heard: Heard) -> str:
    found = heard.of(RulesShown)
    if found is None:
        return f"The rules cannot be read: {heard.error()}."
    said = [one or other for one, other in _ID.findall(heard.says)]
    ids = [rule.id for rule in found.rules]
    near = {id for one in said for id in (_begun(ids, one) or difflib.get_close_matches(one, ids, n=1, cutoff=_NEAR))}
    named = [rule for rule in found.rules if rule.id in heard.says or rule.id in near]
    if not named:
        unknown = f"There is no rule {outside.code(said[0])}. " if said else ""
        return f"{unknown}{list_rules(found)}"
    return "\n\n".join(
        f"**{rule.id}** ({', '.join(f'`{model}`' for model in rule.models)}): {rule.says}, since "
        f"{unquoted(rule.reason)}. Source: {unquoted(rule.source)}."
        for rule in named
    )


def _begun(ids: Sequence[str], said: str) -> list[str]:
    """The one rule that begins so, as where a table cut its id off."""
    found = [id for id in ids if id.startswith(said)]
    return found if len(found) == 1 else []


def which_samplers(heard: Heard) -> str:
    return f"The samplers are {listed(f'`{name}`' for name in SAMPLER_WORDS)}; `advisor` is the default and learns from past studies."


def usual_value(heard: Heard) -> str:
    found = heard.of(SpaceShown)
    rows = [(model, row) for model, rows in found.models.items() for row in rows] if found is not None else []
    if not rows:
        return f"That depends on the model: {heard.error()}." if heard.error() else ""
    model, row = rows[0]
    defaults = listed(f"{param(one.default)} for `{name}`" for name, one in rows[:4])
    return (
        f"Begin at the default: `{row.param}` is {defaults}, {searched(row.range)} for `{model}`. Which value is right depends on the"
        " data, so a study tries several. Nothing was changed."
    )


def would_tune(heard: Heard) -> str:
    """What can be said before a study on some data was run: what the models are, and what was measured there."""
    models = [name for name in MODELS if re.search(rf"\b{name}\b", heard.says)]
    found = heard.of(Recalled)
    known = found.trials if found is not None else ()
    best = _best([row for row in known if row.model in models]) or (None if models else _best(known))
    what = " ".join(f"`{name}` is {MODELS[name].says}." for name in models)
    if best is not None:
        lead = f"What is known: the best remembered trial of this kind is {best.trial}, `{best.model}` on {best.dataset}, with {best.objective} {number(best.value)}."
    else:
        lead = "That is not known before it runs: nothing like it has been measured yet."
    return f"{lead} {what} A study measures popularity and a simple model next to it, so you see at once whether it is worth it; a few trials are enough for that. Nothing was started.".replace(
        "  ", " "
    )


def how_space(heard: Heard) -> str:
    return (
        "Say the param and its limits: `keep dropout between 0.1 and 0.4`, `learning rate at most 0.01`, `fix n_layers at 2`. It holds from the next"
        " trial on, and `undo` takes it back; `show the search space` lists what there is. Nothing was changed."
    )


def explain_confirm(heard: Heard) -> str:
    found = heard.of(ConfirmationShown)
    would = found.would if found is not None else None
    who = listed(would.contenders) if would and would.contenders else "the best few trials and the defaults"
    seeds = would.n_seeds if would else N_SEEDS
    if re.search(
        r"\b(?:overkill|too\s+many|how\s+many|enough)\b.*seeds?|seeds?\b.*\b(?:overkill|too\s+many|enough)", heard.says
    ):
        return (
            f"Up to {seeds} seeds are usual and mostly enough: four times as many only halve the interval, and each costs a training run of every"
            f" contender ({who}). Nothing was started; say `confirm` to begin."
        )
    return (
        f"It trains {who} again with up to {count(seeds, 'seed')} each, chooses on validation by the mean minus one standard error, and then reads"
        " the sealed test part once, for the winner, the defaults and the better baseline. It says whether something was won; it costs that"
        " many training runs and one reading of test, so it is worth it when you would use the result. Nothing was started; say `confirm` to begin."
    )


def why_items(heard: Heard) -> str:
    found = heard.of(ItemsRecommended)
    if not found:
        return f"I have recommended nothing yet: {heard.error()}." if heard.error() else ""
    if found.fallback:
        return f"Since nothing is known of user {found.user}: these are simply the most popular items, the same for everybody."
    how = MODELS[found.model].says if found.model in MODELS else found.model
    return (
        f"They are what `{found.model}` ({how}) scores highest for user {found.user}, from that user's own history, without items"
        f" that the user has already. I cannot say more on a single item; `show what user {found.user} took` shows the history."
    )


def measured(heard: Heard) -> str:
    return (
        "Measured: each trial is trained on this machine, scored on the validation part and timed; latencies are taken with the trained"
        " model, memory and time while it trains. Only what is called *expected* is a prediction."
    )


def file_untouched(heard: Heard) -> str:
    return "It stays as it is: I only read your file and keep a copy of what it holds; removing a dataset here never touches the file itself."


def offline(heard: Heard) -> str:
    return "No, nothing leaves this machine: the pilot needs no network, and your data are sent nowhere. Only if you attach a language model's server yourself does it see the chat and the figures."


def cost_limit(heard: Heard) -> str:
    costs = [f"`{name}`" for name, metric in METRICS.items() if not metric.has_cutoff and metric.predicts is None]
    return (
        f"Not as such: what can be limited are {listed(costs)}, so the nearest is a limit on the size of the model, such as `keep weights_bytes"
        " below 2 GB`. The memory that training takes is measured and shown, not limited. Nothing was changed."
    )


def can_adapt(heard: Heard) -> str:
    return (
        "Yes, with a local language model of your own: `llm_ranker` trains LoRA, DoRA and the like on the model that the setting"
        " `RECPILOT_CAUSAL_MODEL` names. Training in 4 bits (QLoRA) is not there and was not run. Without such a model `text_tower` and"
        " `hybrid` adapt the packaged MiniLM encoder: say, for example, `tune text_tower on demo, 6 trials`. Nothing was started."
    )


def random_or_llm(heard: Heard) -> str:
    return (
        "It need not, and here it does not have to: params are chosen by the advisor, a Gaussian process that learns from the trials, and a language"
        " model only comes in if you attach one; then its proposals must not be clearly worse than the advisor's, and a scoreboard shows whose did better."
        " To see for yourself, run the same study with `sampler random` and compare."
    )
