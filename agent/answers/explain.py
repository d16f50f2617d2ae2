"""The facts of every tool in words: short Markdown that says what was found, with tables where people would look.

word("study_status", facts) -> str. The pilot answers with it; it also stands in where a language model failed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers import explain_trials, wording
from agent.answers.confirmation import outdated
from agent.answers.standings import standing_words
from agent.answers.wording import (
    count,
    duration,
    listed,
    number,
    params,
    percent,
    sentence,
    table,
    unquoted,
    varying,
    with_spread,
)
from agent.studies.study_spec import trials_done

Words = Mapping[str, Any]

_PROFILE = {
    "n_users": "users",
    "n_items": "items",
    "n_interactions": "interactions",
    "density": "density",
    "history_median": "median history",
    "popularity_gini": "popularity Gini",
    "cold_item_share": "cold items",
}
_STATES = {
    "queued": "is queued behind another study",
    "running": "is running",
    "waiting": "waits for your approval",
    "paused": "is paused",
    "stopped": "is stopped and can be resumed",
    "finished": "has finished",
    "failed": "has failed and can be resumed",
}


def word(tool: str, facts: Words) -> str:
    """The facts of `tool` as Markdown; every number in it stands in the facts."""
    if "error" in facts:
        return _error(facts)
    if tool in _WORDS:
        return _WORDS[tool](facts)
    return sentence(", ".join(f"{key}: {value}" for key, value in facts.items()))


def _error(facts: Words) -> str:
    text = sentence(str(facts["error"]))
    if facts.get("candidates"):
        choices = "\n".join(f"- `{candidate}`" for candidate in facts["candidates"])
        return f"{text}\n\n{facts.get('question', 'Which one is meant?')}\n\n{choices}"
    return text


def _list_datasets(facts: Words) -> str:
    rows = [
        (f"`{d['name']}`", *(d.get(key, "") for key in ("n_users", "n_items", "n_interactions")))
        for d in facts["datasets"]
    ]
    first = f"There {'is' if facts['count'] == 1 else 'are'} {count(facts['count'], 'dataset')}:"
    last = "Drop a file into the chat to add your own."
    built_in = [d["name"] for d in facts["datasets"] if d.get("built_in")]
    note = f"`{built_in[0]}` is built in and made at its first use. " if built_in else ""
    return f"{first}\n\n{table(('dataset', 'users', 'items', 'interactions'), rows)}\n\n{note}{last}"


def _add_dataset(facts: Words) -> str:
    name = facts["dataset"]
    return f"Added as **{name}**. {_dataset(facts)}\n\nSay “tune {name}” to begin a study on it."


def _describe_dataset(facts: Words) -> str:
    return f"**{facts['dataset']}**. {_dataset(facts)}"


def _dataset(facts: Words) -> str:
    profile = facts["profile"]
    described = unquoted(facts.get("description")).removeprefix(f"{facts['dataset']}: ")
    rows = [(says, profile[key]) for key, says in _PROFILE.items() if key in profile]
    notes = "".join(f"\n- {unquoted(note)}" for note in facts.get("notes", ()))
    return f"{described}\n\n{table(('', 'value'), rows)}" + (f"\n\nNoted while reading:\n{notes}" if notes else "")


def _recall_trials(facts: Words) -> str:
    trials, lessons = facts["trials"], facts["lessons"]
    if not trials and not lessons:
        where = f" on {facts['dataset']}" if facts.get("dataset") else ""
        return f"The memory holds no trial{where} that resembles this yet."
    rows = [
        (
            t["trial"],
            t["dataset"],
            t["model"],
            params(t),
            t["objective"],
            t["value"],
            t["similarity"],
        )
        for t in trials
    ]
    header = ("trial", "dataset", "model", "params", "objective", "value", "likeness")
    said = "\n".join(f"- {lesson['text']} ({lesson['id']})" for lesson in lessons)
    parts = [f"From the memory:\n\n{table(header, rows)}" if rows else "", f"Lessons:\n\n{said}" if said else ""]
    return "\n\n".join(part for part in parts if part)


def _remember_lesson(facts: Words) -> str:
    return f"Noted: {facts['text']} It is kept as {facts['lesson']} and later proposals can rest on it."


def _start_study(facts: Words) -> str:
    chosen = "" if facts["models_chosen_by"] == "person" else " (you named none, so these compete)"
    limit = f", at most {duration(facts['time_limit_s'])}" if facts.get("time_limit_s") else ""
    limit += f", up to {count(facts['epochs'], 'epoch')} each" if facts.get("epochs") else ""
    models = wording.listed(f"`{model}`" for model in facts["models"])
    asked = " I will ask before each trial." if facts.get("needs_approval") else ""
    return (
        f"Started study **{facts['study']}**: {models}{chosen} on `{facts['dataset']}`, {facts['objective']},"
        f" {count(facts['n_trials'], 'trial')}{limit}.{asked} It runs in the background;"
        f" ask how it goes, or say pause, resume or stop."
    )


def _proposal(facts: Words, objective: str) -> str:
    expected = f" Expected {objective}: {number(facts['expected'])}." if facts.get("expected") is not None else ""
    rests = f" It rests on {wording.listed(facts['evidence'])}." if facts.get("evidence") else ""
    note = f" Note: {sentence(unquoted(facts['note']))}" if facts.get("note") else ""
    why = sentence(unquoted(facts["rationale"]))
    return f"`{facts['model']}` with {params(facts)}. {why}{expected}{rests}{note}"


def _propose_trial(facts: Words) -> str:
    proposal = facts["proposal"]
    others = [c for c in proposal["considered"] if not c["chosen"]]
    also = explain_trials.candidates_table(others, facts["objective"]) if others else ""
    return (
        f"Next would be trial {proposal['number']}: {_proposal(proposal, facts['objective'])}"
        + (f"\n\nAlso considered:\n\n{also}" if also else "")
        + "\n\nSay “run it” to run it, or name other params."
    )


def _run_trial(facts: Words) -> str:
    return f"Trial {facts['proposal']['number']} is on its way: {_proposal(facts['proposal'], facts['objective'])}"


def _set_search_space(facts: Words) -> str:
    before = f" (it was {facts['before']})" if facts.get("before") else ""
    where = f"`{facts['param']}` of `{facts['model']}`"
    return f"From the next proposal on {where} is searched in {facts['after']}{before}."


def _control_study(facts: Words) -> str:
    if "stopped" in facts:
        return f"**{facts['study']}**: {facts['stopped']} What it measured is kept."
    done = trials_done(facts["n_finished"], facts["n_trials"])
    running = facts.get("running")
    ends = {"pause": f" Trial {running} still finishes.", "stop": f" Trial {running} ends at its next epoch."}
    tail = ends.get(facts["action"], "") if running is not None else ""
    return f"**{facts['study']}** {_STATES[facts['state']]}, {done}.{tail}"


def _change_study(facts: Words) -> str:
    before, after = _terms(facts["before"]), _terms(facts["after"])
    changed = [f"{after[name]} (before: {before[name]})" for name in after if after[name] != before[name]]
    what = "; ".join(changed) or "nothing changed, it was so already"
    return f"**{facts['study']}**, from the next proposal on: {what}. It {_STATES[facts['state']]}."


def _terms(terms: Words) -> dict[str, str]:
    limit = terms["time_limit_s"]
    return {
        "n_trials": f"{count(terms['n_trials'], 'trial')} in all",
        "time_limit_s": "no time limit" if limit is None else f"time limit {duration(limit)}",
        "models": f"models {listed([f'`{model}`' for model in terms['models']])}",
        "constraints": f"constraints {listed(terms['constraints'])}" if terms["constraints"] else "no constraint",
    }


def _repeat_trial(facts: Words) -> str:
    seed = f"Trial {facts['repeats']} runs once more, with seed {facts['seed']}"
    return f"{seed}: trial {facts['proposal']['number']} of **{facts['study']}**. It counts as a trial."


def _study_status(facts: Words) -> str:
    done = trials_done(facts["n_finished"], facts["n_trials"])
    reason = unquoted(facts.get("reason"))
    why = f" ({reason})" if reason and reason != done else ""
    parts = [
        f"**{facts['study']}** {_STATES[facts['state']]}{why}: {done} on"
        f" `{facts['dataset']}` after {duration(facts['elapsed_s'])}, to {facts['goal']}."
    ]
    if running := facts.get("running"):
        begun = f"trains: epoch {running['epoch']} of {running['epochs']}" if running["epoch"] else "begins"
        parts.append(f"Trial {running['number']} {begun}.")
    if best := facts.get("best"):
        stands = facts["standing"]
        spread = f" ± {stands['uncertainty']:.2g} (95 % over users)" if stands["uncertainty"] is not None else ""
        n_runs, value = stands["best"]["n_runs"], stands["best"]["value"]
        runs = f", the mean of {n_runs} runs" if n_runs > 1 else ""
        parts.append(
            f"Best so far: trial {best['number']} (`{best['model']}`), {best['objective']} **{number(value)}**"
            f"{spread} on validation{runs}, with {params(best)}. {standing_words(stands)}"
        )
    if pending := facts.get("pending"):
        parts.append(f"Trial {pending['number']} waits: {_proposal(pending, facts['objective'])}")
    if facts.get("leaderboard"):
        parts.append(_leaderboard(facts))
    return "\n\n".join(parts)


def _leaderboard(facts: Words) -> str:
    """The best trials, best first, then the lines to beat."""
    rows = [
        (
            f"{'★ ' if t['is_starred'] else ''}{t['number']}",
            t["model"],
            params(t),
            with_spread(t["value"], t["half_width"]),
            t["state"],
        )
        for t in varying(facts["leaderboard"])
    ]
    rows += [
        ("–", one["model"], "defaults", with_spread(one["value"], one["half_width"]), "baseline")
        for one in facts["standing"]["baselines"]
    ]
    n_more = facts["n_finished"] - len(facts["leaderboard"])
    more = f"\n\nAnd {count(n_more, 'more trial')}, all of them behind these." if n_more > 0 else ""
    return table(("trial", "model", "params", f"{facts['objective']} ± 95 %", "state"), rows) + more


def _recommend_items(facts: Words) -> str:
    rows = [(i["rank"], i["item"], unquoted(i.get("text")), i["score"]) for i in facts["items"]]
    has_text = any(text and text != item for _, item, text, _ in rows)
    header = ("", "item", "text", "score") if has_text else ("", "item", "score")
    shown = rows if has_text else [(rank, item, score) for rank, item, _, score in rows]
    instead = {"popularity": "the most popular items", "average_user": "items for an average user"}
    fallback = instead.get(facts.get("fallback", ""))
    unknown = f"Nothing is known of user {facts['user']}, so these are {fallback}.\n\n" if fallback else ""
    return (
        f"{unknown}For user {facts['user']}, from trial {facts['trial']} (`{facts['model']}`, {facts['which']}):\n\n"
        f"{table(header, shown)}"
    )


def _export_model(facts: Words) -> str:
    size = f", {number(facts['size_bytes'])} bytes" if facts.get("size_bytes") is not None else ""
    model = f"Trial {facts['trial']} (`{facts['model']}`, {facts['which']})"
    return f"{model} is exported as {facts['format']} to `{facts['path']}`{size}."


def _confirm(facts: Words) -> str:
    if "before" in facts:
        return f"{facts['before']}\n\n{_confirmed(facts['found'])}"
    goes_on = f" It goes on after {count(facts['n_done'], 'run')}." if facts["n_done"] else ""
    simple = facts["baselines"]
    better = f"of {listed(simple)} the better one is" if len(simple) > 1 else f"{listed(simple)} is"
    baselines = f"; {better} the line to beat" if simple else ""
    return (
        f"Confirming **{facts['study']}**: {listed(facts['contenders'])}, each with up to"
        f" {count(facts['n_seeds'], 'seed')}{baselines}.{goes_on} The best by {facts['objective']} on validation, minus"
        " one standard error, wins; then test is read once. I will tell you here how it went; `stop` ends it."
    )


def _show_confirmation(facts: Words) -> str:
    parts = []
    if (unfinished := facts.get("unfinished")) is not None:
        done = f"{number(unfinished['done'])} of {count(unfinished['total'], 'run')} on {unfinished['part']} done"
        if facts["state"] == "running":
            now = f", now {unfinished['next']}" if unfinished["next"] else ""
            parts.append(f"A confirmation of **{facts['study']}** is running since {unfinished['since']}: {done}{now}.")
        else:
            parts.append(
                f"The last confirmation of **{facts['study']}** is not at its end, {done}. Say “confirm it” "
                "and it goes on."
            )
    if "found" in facts:
        parts.append(f"Confirmed on {facts['found']['at']}. {_confirmed(facts['found'])}")
        parts += filter(None, [outdated(facts["n_since"])])
    elif facts["state"] == "none":
        parts.append(_would_confirm(facts))
    if facts["n_readings"] is not None:
        times = {1: "once", 2: "twice"}.get(facts["n_readings"], f"{number(facts['n_readings'])} times")
        how_often = f"was read {times} so far" if facts["n_readings"] else "has not been read yet"
        parts.append(f"This test part {how_often}, over all studies and single runs.")
    return "\n\n".join(parts)


def _confirmed(found: Words) -> str:
    points = "\n".join(f"- {sentence}" for sentence in found["details"])
    where = " and ".join(f"`{path}`" for path in found["record"])
    record = f"The record: {where}." if where else f"`{found['command']}` writes the record, and reads nothing again."
    return f"**{found['verdict']}**\n\n{points}\n\n{record}"


def _would_confirm(facts: Words) -> str:
    would = facts["would"]
    sealed = f"**{facts['study']}** is not confirmed: its test part is sealed, so there is no test value."
    if not would["contenders"]:
        return f"{sealed} It has no trial yet that could be confirmed."
    return (
        f"{sealed} Say “confirm it” to train {listed(would['contenders'])} and the simple baselines, each with up"
        f" to {count(would['n_seeds'], 'seed')}, choose on validation, and then read test once for the winner, the"
        " defaults and the better baseline. It costs that many training runs and one reading of test, and says whether"
        " something was won. It is worth it when you would use the result, and better once than often."
    )


def _parameter_importance(facts: Words) -> str:
    parts = []
    for model, found in facts["models"].items():
        shares = found["importance"]
        if not shares:
            parts.append(
                f"`{model}`: {count(found['n_trials'], 'complete trial')} so far, too few to say which params matter"
                f" (at least {facts['min_trials']} that differ are needed)."
            )
            continue
        top = max(shares, key=lambda name: shares[name])
        rows = [(f"`{name}`", percent(share)) for name, share in shares.items()]
        parts.append(
            f"For `{model}`, over {count(found['n_trials'], 'complete trial')}, `{top}` moved {facts['objective']} most"
            f" ({facts['method']}):\n\n{table(('param', 'share'), rows)}"
        )
    return "\n\n".join(parts)


_WORDS: dict[str, Callable[[Words], str]] = {
    "list_datasets": _list_datasets,
    "add_dataset": _add_dataset,
    "describe_dataset": _describe_dataset,
    "recall_trials": _recall_trials,
    "remember_lesson": _remember_lesson,
    "start_study": _start_study,
    "propose_trial": _propose_trial,
    "run_trial": _run_trial,
    "set_search_space": _set_search_space,
    "change_study": _change_study,
    "repeat_trial": _repeat_trial,
    "control_study": _control_study,
    "study_status": _study_status,
    "explain_trial": explain_trials.explain_trial,
    "compare_trials": explain_trials.compare_trials,
    "parameter_importance": _parameter_importance,
    "show_tradeoffs": explain_trials.show_tradeoffs,
    "recommend_items": _recommend_items,
    "export_model": _export_model,
    "confirm": _confirm,
    "show_confirmation": _show_confirmation,
}
