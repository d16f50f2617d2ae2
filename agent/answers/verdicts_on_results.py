"""Verdicts on results: good, noise, worth going on, how long; from the records and baselines, the noise in view."""

import re

from agent.answers import verdict_facts as of
from agent.answers.explain_study import time_left
from agent.answers.premises import premise as premise_of
from agent.answers.standings import front_words
from agent.answers.verdict_facts import BUSY, Heard
from agent.answers.verdicts_on_acts import SPLITS
from agent.answers.wording import count, duration, listed, number
from agent.baseline import FLOOR
from agent.results.comparison import NotPaired, TrialsCompared
from agent.results.confirmed import ConfirmationShown
from agent.results.status import Status
from agent.results.trial import TrialShown
from recmodels.repeats import MASK, words_of

_FEW = 10  # trials; below it a search has hardly begun
_IDLE = 10  # trials in a row without a better one
_CUSTOMERS = re.compile(r"\b(?:customers?|users?|people|anyone|anybody|readers?|buyers?)\b")
_SELLS = re.compile(
    r"\b(?:most[\s-]+(?:sold|popular|bought|read|watched|played)|best-?\s?sell\w*|popular\w*|top\s+sellers?)\b"
)
_SCALE = {
    "ndcg": "1 would be every relevant item at the top of its list, and on sparse data a few hundredths to two tenths are usual",
    "recall": "it is the share of the held-out items that stand in the list",
    "hit": "it is the share of users whose list holds what they took next",
    "mrr": "1 would be the right item in first place for everybody",
    "precision": "with one held-out item a user it can be at most 1 divided by the length of the list",
    "rmse": "it is the typical error in the unit of the ratings, and on ratings from 1 to 5 always guessing the mean has about 1, good models 0.85 to 0.95",
    "auc": "0.5 is chance and 1 is perfect",
}


def good(heard: Heard) -> str:
    """Against the baselines and the defaults; what the number means; what it cannot say."""
    if isinstance(judged := _judged(heard), str):
        return judged
    status, _ = judged
    other = next((name for name in _SCALE if re.search(rf"\b{name}\b", heard.says)), None)
    if other is not None and other != status.objective.partition("@")[0]:
        return f"That depends on the data: for {other}, {_SCALE[other]}. Compare it with the baselines on the same data; this study measures {status.objective}, and its best is {of.best(status)}."
    lead = f"{_grade(status)}: the best is {of.best(status)}, {of.beaten(status) or 'and there is no baseline to compare with'}."
    if _SELLS.search(heard.says) and status.standing.baselines:
        lead = f"{_than_popular(status)} {lead}"
    metric = status.objective.partition("@")[0]
    scale = f"What the number means: {_SCALE[metric]}." if metric in _SCALE else ""
    notice = (
        "Whether a customer would notice cannot be read from offline figures: a gain of a few per cent over a bestseller"
        " list is mostly invisible to one person, and only a test with real users can tell."
        if _CUSTOMERS.search(heard.says)
        else ""
    )
    front = front_words(status.standing)
    only = f"That is by {status.objective} alone. {front}" if front else ""
    return " ".join(filter(None, (lead, of.gain(status), only, scale, notice)))


def _than_popular(status: Status) -> str:
    """Whether the best is above what is most popular, with both values and the interval of the latter."""
    floor = next((row for row in status.standing.baselines if row.model == FLOOR), None)
    mine = status.standing.best
    if floor is None or floor.is_beaten is None or mine is None:
        return "Whether it is better than what sells most cannot be said yet: popularity was not measured."
    interval = "" if floor.low is None or floor.high is None else f" [{number(floor.low)}, {number(floor.high)}]"
    than = f"than what sells most, which reaches {number(floor.value)}{interval}"
    if not floor.is_beaten:
        return f"No, not better {than}."
    if floor.high is not None and mine.value <= floor.high:
        return f"Not surely: it is above, but by no more than chance explains, {than}."
    return f"Yes, better {than}."


def _grade(status: Status) -> str:
    above, stands = of.unbeaten(status), status.standing
    if not stands.baselines:
        return "It cannot be said yet"
    if "popularity" in above:
        return "No"
    if above and all(of.is_level(status, model) for model in above):
        return f"Not yet, it is level with {listed(above)} without any tuning"
    if above:
        return f"Not yet, {listed(above)} without any tuning is ahead"
    if stands.is_clear_gain and not stands.defaults_cut:
        return "Yes"
    if stands.is_clear_gain:
        return _CUT_GRADES[of.is_past_real_defaults(status)]
    if stands.defaults is None:
        return "Fair, as far as that can be told without a trial of the model's defaults"
    return "Fair, but tuning has won nothing that is sure"


_CUT_GRADES = {
    True: "Yes, it is beyond the model's real defaults too",
    False: "Fair: it beats the defaults as this study's ranges cut them, and is not surely better than the real ones",
    None: "Fair, as far as it goes: it beats the defaults as this study's ranges cut them, and the real ones were not measured",
}
"""By whether the best is past the real defaults; None: they were not measured."""


def best(heard: Heard) -> str:
    """The best trial, how sure that is, and the lines to beat."""
    if isinstance(judged := _judged(heard), str):
        return judged
    status, _ = judged
    others = of.alike(status)
    sure = f" Trial{'s' * (len(others) > 1)} {listed(map(str, others))} cannot be told apart from it." if others else ""
    against = f" It is {of.beaten(status)}." if of.beaten(status) else ""
    front = front_words(status.standing)
    return f"{front} {_called_best(status)} {of.best(status)}.{sure}{against} {of.gain(status)} {of.state(status)}.".replace(
        "  ", " "
    ).strip()


def _called_best(status: Status) -> str:
    if status.standing.front:
        return f"By {status.objective} alone, the best of **{status.study}** is"
    return f"The best of **{status.study}** is"


def stands(heard: Heard) -> str:
    """One line: the state, the best so far, and what it beats."""
    if isinstance(judged := _judged(heard), str):
        return judged
    status, _ = judged
    against = f", {of.beaten(status)}" if of.beaten(status) else ""
    left = f" {time_left(status)}" if status.state in BUSY else ""
    front = front_words(status.standing)
    by = f" by {status.objective}" if front else ""
    more = f" {front}" if front else ""
    return f"{of.state(status)}; the best{by} is {of.best(status)}{against}.{more}{left}"


def noise(heard: Heard) -> str:
    """Whether two trials differ beyond chance, over users; what another seed could still change."""
    compared = heard.of(TrialsCompared)
    if not compared:
        return f"That cannot be said yet: {heard.error() or 'there are no two finished trials'}."
    paired = compared.paired
    if isinstance(paired, NotPaired):
        return f"That cannot be tested: {paired.why_not}."
    first, second = paired.minus, paired.of
    better, worse = (second, first) if paired.mean_difference > 0 else (first, second)
    low, high = sorted((abs(paired.low), abs(paired.high)))
    users = f"over the same {count(paired.n_users, 'user')}"
    seeds = paired.n_seeds
    seed = (
        f" Both ran with one seed only, so another seed could still move them: `repeat trial {better}` shows by how much, and `confirm` settles it."
        if seeds <= 1
        else f" Each side has {count(seeds, 'seed')}."
    )
    if paired.is_clear:
        return (
            f"It is more than noise, as far as users go: trials {first} and {second} differ by {abs(paired.mean_difference):.2g} in"
            f" {paired.metric} {users}, 95 % interval {low:.2g} to {high:.2g}.{seed}"
        )
    return (
        f"It may well be noise: trials {better} and {worse} differ by {abs(paired.mean_difference):.2g} in {paired.metric} {users},"
        f" and the 95 % interval from {paired.low:+.2g} to {paired.high:+.2g} holds zero.{seed}"
    )


def better(heard: Heard) -> str:
    """Of two trials that were named: whether what the question says of them is so."""
    compared = heard.of(TrialsCompared)
    return (premise_of(heard.says, compared) if compared else "") or noise(heard)


def seed_matters(heard: Heard) -> str:
    status = heard.of(Status)
    top = None if status is None else status.standing.best
    alike = of.alike(status) if status is not None else []
    if alike and top is not None:
        numbers = listed(map(str, [top.number, *alike]))
        order = f" Here trials {numbers} cannot be told apart, so their order may well change; `repeat trial {alike[0]}` shows by how much."
    elif top is not None:
        order = f" Here the best, trial {top.number}, is apart from the others over users; whether it stays so with other seeds was not measured: `repeat trial {top.number}` or `confirm` tells."
    else:
        order = ""
    return (
        "Yes, a little: another seed starts from other weights and draws other negatives, which moves a figure by chance;"
        f" closed-form models such as `ease` do not change at all.{order} Nothing was run."
    )


def trust(heard: Heard) -> str:
    """How sure the result is, and what would make it surer."""
    if isinstance(judged := _judged(heard), str):
        return judged
    status, top = judged
    found = top.number
    if status.confirmed.is_confirmed:
        return f"Fairly: **{status.study}** was confirmed on {status.confirmed.at} with several seeds and the sealed test; ask what test said. The best is {of.best(status)}."
    others = of.alike(status)
    apart = (
        f"trials {listed(map(str, [found, *others]))} cannot be told apart"
        if others
        else f"trial {found} is ahead of the others beyond the noise over users"
    )
    return (
        f"Only so far: it rests on {count(status.n_finished, 'trial')} with one seed each, measured on validation, which the choice was made on;"
        f" {apart}. The best is {of.best(status)}. {of.gain(status)} `repeat trial {found}` shows what another seed does, and `confirm` tests"
        " it with several seeds and the sealed test part, which nothing has been chosen on."
    )


def enough(heard: Heard) -> str:
    if isinstance(judged := _judged(heard), str):
        return judged
    status, top = judged
    n = status.n_finished
    epochs = _epochs(top)
    if epochs is not None and "epoch" in heard.says:
        return (
            f"{epochs} epoch{'s' * (epochs != 1)} is short for `{top.model}`; early stopping ends a trial by itself, so more cost nothing where they do not help."
            f" Say, for example, `keep epochs between {epochs} and {max(20, 5 * epochs)}` and then `add 5 trials`."
        )
    if "epoch" in heard.says:
        return (
            f"That does not apply to the best model, `{top.model}`, which is solved in one step without epochs. For models that"
            " train by epochs, early stopping ends a trial by itself, so a higher limit costs nothing where it does not help: say `epochs up to 50`."
        )
    if n < _FEW:
        return (
            f"Too few to be sure: {count(n, 'trial')} is a beginning, and a search usually takes {_FEW} to 30. {of.gain(status)}"
            f" Say `add {_FEW - n} trials`; {of.took(status)} so far. For trust in a winner seeds count more than trials: `confirm`."
        )
    return f"Mostly: {count(n, 'trial')} is a fair search. {of.gain(status)} For trust in the winner, `confirm` it with several seeds."


def _epochs(best: TrialShown) -> int | None:
    found = best.params.get("epochs")
    return int(found) if found is not None else None


def go_on(heard: Heard) -> str:
    """Whether more trials are worth it: how far the search is, what it won, what it costs."""
    status = heard.of(Status)
    if not status:
        return f"There is nothing to go on with yet: {heard.error()}."
    if status.best is None:
        return f"Yes: nothing has been measured that could be judged. {of.state(status)}."
    since = status.n_finished - 1 - status.best.number
    cost = f" It took {of.took(status)}."
    ahead = of.unbeaten(status)
    facts = f"{of.gain(status)}{cost}"
    if since >= _IDLE:
        return f"Probably not: the last {count(since, 'trial')} brought nothing better than {of.best(status)}. {facts} Better `confirm` it now."
    if ahead:
        missing = [model for model in ahead if model not in status.models]
        how = (
            f" The quickest gain is {listed(f'`{m}`' for m in missing)}: say `tune {missing[0]} on {status.dataset}`."
            if missing
            else ""
        )
        return f"Yes, but not with the same alone: {listed(ahead)} at {'their' if len(ahead) > 1 else 'its'} defaults is ahead of {of.best(status)}.{how} {facts}"
    if status.n_finished < _FEW:
        return f"Probably: {count(status.n_finished, 'trial')} is a beginning, and the search only starts to learn after four or five a model. {facts} Say `add {_FEW - status.n_finished} trials`."
    return f"Perhaps: the best is {of.best(status)}, found {count(since, 'trial')} ago. {facts} A few more cost little; `confirm` says whether anything was won."


def was_worth(heard: Heard) -> str:
    """The latest trial against the best, or what the study won."""
    if isinstance(judged := _judged(heard), str):
        return judged
    status, top = judged
    latest = status.latest
    if status.state in BUSY:
        return f"That is not known yet: {of.state(status)}.{of.running_trial(status)} So far the best is {of.best(status)}."
    if latest is None or latest.number == top.number:
        lead = "Yes" if status.standing.is_clear_gain else "Not for sure"
        return f"{lead}: the latest is the best now, {of.best(status)}. {of.gain(status)}"
    if latest.value is None:
        return f"No: trial {latest.number}, the latest, {latest.state}. The best stays {of.best(status)}."
    return f"No: the latest, trial {latest.number} ({number(latest.value)}), is behind {of.best(status)}. {of.gain(status)}"


def how_long(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"That is known after the first trial: {heard.error()}."
    left = time_left(status)
    if left:
        return f"{left} {of.state(status)}.{of.running_trial(status)}"
    more = re.search(r"\b(\d+|five|ten|twenty|twelve|thirty|fifty)\b", heard.says)
    n_more = _AMOUNTS.get(more[1]) or int(more[1]) if more and (more[1] in _AMOUNTS or more[1].isdigit()) else None
    each = of.each_s(status)
    if each is not None and n_more:
        return f"About **{duration(each * n_more)}** for {count(n_more, 'more trial')}: a trial of **{status.study}** took about {duration(each)}. Nothing was started."
    about = f"; more would take about {duration(each)} each" if each is not None else ""
    return f"Nothing is left to run: {of.state(status)}, after {duration(status.elapsed_s)}{about}. Other models or data are known after their first trial."


_AMOUNTS = {"five": 5, "ten": 10, "twelve": 12, "twenty": 20, "thirty": 30, "fifty": 50}


def confirmed(heard: Heard) -> str:
    """Whether test was used to choose."""
    status, test = heard.of(Status), heard.of(ConfirmationShown)
    if not status:
        return f"No: {heard.error()}."
    chosen = f"the winner, {of.best(status)}, was chosen on validation" if status.best else "nothing was chosen yet"
    if status.confirmed.is_confirmed:
        return f"No: {chosen}. Test was read by `confirm` alone, on {status.confirmed.at}, after the choice was made."
    readings = test.n_readings if test is not None else 0
    read = (
        f" These data's test part was read {count(readings, 'time')} before, by other confirmations."
        if readings
        else ""
    )
    return f"No: {chosen}. Test is sealed and was not read for **{status.study}**; only `confirm` reads it, once, after it has chosen.{read}"


def test_score(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"There is none: {heard.error()}."
    if status.confirmed.is_confirmed:
        return ""  # the facts themselves say it
    known = f" What is known is {of.best(status)}." if status.best else ""
    return (
        f"There is no test score: the test part of **{status.study}** is sealed until the study is confirmed.{known}"
        " Say `confirm` to train the best few and the defaults with several seeds and then read test once."
    )


def leaking(heard: Heard) -> str:
    status = heard.of(Status)
    kind = status.split if status else "auto"
    how = SPLITS.get(kind, kind)
    strict = (
        "that is the strictest, and nothing later than the cut is seen in training"
        if kind == "temporal"
        else (
            "so a model never sees a user's held-out items, but it may learn from other users' later events: a mild leak that only a split by time rules out"
            if kind in ("leave_last_out", "auto")
            else "so past and future are mixed, and figures can come out too high"
        )
    )
    where = f"**{status.study}** is split by {how}" if status else f"Data are split by {how}"
    first = "Not by design, with one caveat" if kind != "temporal" else "It is not, by design"
    had = words_of(status.repeats if status else MASK).capitalize()
    again = "" if kind == "temporal" else " To check, tune again with the temporal split: `tune … split by time`."
    return (
        f"{first}: {where}; {strict}. {had}, choices are made on validation, and test is sealed until `confirm`.{again}"
    )


def premise(heard: Heard) -> str:
    """What a question takes for granted and is not so; empty where it is so."""
    status = heard.of(Status)
    if not status:
        return ""
    says_running = re.search(
        r"\b(?:since|because|as|while|now\s+that|given\s+that)\s+(?:it|the\s+study|\S+)\s+(?:is|'s)\s+(?:still\s+)?(?:running|training|going)\b|\bstill\s+running\b(?!\?)",
        heard.says,
    )
    if says_running and status.state not in BUSY:
        return "It is not running any more."
    says_done = re.search(
        r"\b(?:since|because|as|now\s+that|given\s+that)\s+(?:it|the\s+study|\S+)\s+(?:is|has|'s)\s+(?:already\s+)?(?:finished|done|complete\w*|over|stopped)\b",
        heard.says,
    )
    if says_done and status.state in BUSY:
        return "It has not finished yet."
    return ""


def _judged(heard: Heard) -> tuple[Status, TrialShown] | str:
    """How the study stands, with its best trial; a sentence where no trial can be judged."""
    status = heard.of(Status)
    if status is None:
        return f"That cannot be said yet: {heard.error() or 'there is no study'}."
    if status.best is None:
        return f"That cannot be said yet: no trial of **{status.study}** can be judged so far. {of.state(status)}.{of.running_trial(status)}"
    return status, status.best
