"""A confirmation in words: what it is about to do, how far it is, what test said."""

from agent.answers.confirmation import outdated
from agent.answers.wording import count, listed, number
from agent.results.confirmed import ConfirmationBegun, ConfirmationShown, ConfirmedBefore, Found


def confirm(facts: ConfirmationBegun) -> str:
    if isinstance(facts, ConfirmedBefore):
        return f"{facts.before}\n\n{_confirmed(facts.found)}"
    goes_on = f" It goes on after {count(facts.n_done, 'run')}." if facts.n_done else ""
    simple = facts.baselines
    better = f"of {listed(simple)} the better one is" if len(simple) > 1 else f"{listed(simple)} is"
    baselines = f"; {better} the line to beat" if simple else ""
    return (
        f"Confirming **{facts.study}**: {listed(facts.contenders)}, each with up to"
        f" {count(facts.n_seeds, 'seed')}{baselines}.{goes_on} The best by {facts.objective} on validation, minus"
        " one standard error, wins; then test is read once. I will tell you here how it went; `stop` ends it."
    )


def show_confirmation(facts: ConfirmationShown) -> str:
    parts = []
    if (unfinished := facts.unfinished) is not None:
        done = f"{number(unfinished.done)} of {count(unfinished.total, 'run')} on {unfinished.part} done"
        if facts.state == "running":
            now = f", now {unfinished.next}" if unfinished.next else ""
            parts.append(f"A confirmation of **{facts.study}** is running since {unfinished.since}: {done}{now}.")
        else:
            parts.append(
                f"The last confirmation of **{facts.study}** is not at its end, {done}. Say “confirm it” "
                "and it goes on."
            )
    if facts.found is not None:
        parts.append(f"Confirmed on {facts.found.at}. {_confirmed(facts.found)}")
        parts += filter(None, [outdated(facts.n_since or 0)])
    elif facts.state == "none":
        parts.append(_would_confirm(facts))
    if facts.n_readings is not None:
        times = {1: "once", 2: "twice"}.get(facts.n_readings, f"{number(facts.n_readings)} times")
        how_often = f"was read {times} so far" if facts.n_readings else "has not been read yet"
        parts.append(f"This test part {how_often}, over all studies and single runs.")
    return "\n\n".join(parts)


def _confirmed(found: Found) -> str:
    points = "\n".join(f"- {sentence}" for sentence in found.details)
    where = " and ".join(f"`{path}`" for path in found.record)
    record = f"The record: {where}." if where else f"`{found.command}` writes the record, and reads nothing again."
    return f"**{found.verdict}**\n\n{points}\n\n{record}"


def _would_confirm(facts: ConfirmationShown) -> str:
    would = facts.would
    sealed = f"**{facts.study}** is not confirmed: its test part is sealed, so there is no test value."
    if would is None or not would.contenders:
        return f"{sealed} It has no trial yet that could be confirmed."
    return (
        f"{sealed} Say “confirm it” to train {listed(would.contenders)} and the simple baselines, each with up"
        f" to {count(would.n_seeds, 'seed')}, choose on validation, and then read test once for the winner, the"
        " defaults and the better baseline. It costs that many training runs and one reading of test, and says whether"
        " something was won. It is worth it when you would use the result, and better once than often."
    )
