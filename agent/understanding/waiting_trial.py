"""What comes of a yes or a no where a trial of the study waits for it: it runs, or another one is proposed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import listed, sentence
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.clauses.yes_to_trial import ToTrial, said_to_trial
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese

_LOOKED_AT = 30  # studies, the latest first, of which some may wait
_SPEAKS_OF_ONE = re.compile(r"\b(?:reject|approve|decline|veto)\w*\b|拒绝|批准|否决", re.IGNORECASE)
_STOPS = re.compile(r"\b(?:stop|halt|quit|abort|end)\b|停", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？]|^\W*(?:show|compare|explain|list|tell|describe|recommend|what|how|why|which|who)\b", re.IGNORECASE
)
_EMPTY = re.compile(r"^(?:and|but|because|since|as)\s+", re.IGNORECASE)


def waiting_trial_plan(
    say: str, known: Known, dialogue: Dialogue, planned: Callable[[str, Known, Dialogue], Plan]
) -> Plan | None:
    """The plan of a message that answers a trial that waits; None where none waits, or another question is open.

    Args:
        planned: The plan of other words in the same dialogue.
    """
    said = said_to_trial(say) if dialogue.waiting is None else None
    if said is None:
        return None
    named = study_meant(say, known, dialogue)
    here = known.of(named) if named else known
    if said.is_of_all:
        studies = _waiting(known)
        return _of_all(say, said, studies, known) if studies else _none_waits(say, here, known)
    if here.study_state != "waiting":
        return _none_waits(say, here, known) if _SPEAKS_OF_ONE.search(say) else None
    if said.trial not in (None, here.pending):
        return _other_waits(say, said, here)
    study = {"study": here.study} if named else {}
    if said.answer == "later":
        return Plan(say=say, answer=_waits_on(say, here))
    if said.answer == "why":
        is_of_it = dialogue.trial in (None, here.pending)
        return Plan(say=say, requests=(Request(tool="propose_trial", args=study, words=say),)) if is_of_it else None
    if said.answer == "yes":
        return _asked(say, (Request(tool="run_trial", args=study, words=say),), known)
    return _rejected(say, said, study, known, dialogue, planned)


def _rejected(
    say: str,
    said: ToTrial,
    study: dict[str, str | None],
    known: Known,
    dialogue: Dialogue,
    planned: Callable[[str, Known, Dialogue], Plan],
) -> Plan | None:
    """The trial is rejected, and what is said with that is done, or told to what proposes the next one."""
    reject = Request(tool="reject_trial", args=study, words=say)
    rest = _EMPTY.sub("", said.rest)
    again = said_to_trial(rest)
    if not rest or (again is not None and again.answer == "no" and not again.rest):  # "skip this one, try another"
        return _asked(say, (reject,), known)
    more = planned(rest, known, dialogue)
    acts = [one for one in more.acting if one.tool != "run_trial" or one.args]
    if any(one.tool == "run_trial" for one in acts):
        return _with_hint(replace(more, say=say), acts)  # which takes the place of what waits
    if (changed := _changed(say, rest, acts, study, known)) is not None:
        return changed
    stops = _STOPS.search(rest) is not None
    waits = more.waiting is not None and more.waiting.lacking is None
    if said.is_bare and not (acts or stops) and (waits or (_ASKS.search(rest) and more.requests)):
        return None  # "no, compare 1 and 2"
    if acts or stops or waits or _ASKS.search(rest):
        plan = _asked(say, (reject,), known)
        return plan if plan.waiting or plan.answer else replace(more, say=say, requests=(reject, *more.requests))
    return _asked(say, (reject.with_args(reason=rest),), known)


def _with_hint(plan: Plan, acts: Sequence[Request]) -> Plan:
    """The plan with how the values that this trial alone gets are fixed for all."""
    params = [one.args["params"] for one in acts if one.tool == "run_trial" and one.args.get("params")]
    if plan.answer or is_chinese(plan.say) or len(params) != 1 or not isinstance(params[0], dict):
        return plan
    name, value = next(iter(params[0].items()))
    keeps = outside.code(f"keep {name} at {value}")
    return replace(plan, answer=f"This changes this trial alone; {keeps} fixes it for all that follow.")


_FOR_ALL = re.compile(
    r"\b(?:always|never|from\s+now\s+on|all|every|each|any|study|keep|fix|hold|later|trials|between|range|search\w*)\b|以后|始终|总是|所有|固定|研究",
    re.IGNORECASE,
)


def _changed(say: str, rest: str, acts: Sequence[Request], study: dict[str, str | None], known: Known) -> Plan | None:
    """Asks to run what waits with the values that are said in its place; None where they are said of all trials."""
    fixed = [one for one in acts if one.tool == "set_search_space" and "value" in one.args]
    if not fixed or len(fixed) < len(acts) or _FOR_ALL.search(rest):
        return None
    here = known.of(study["study"]) if study else known
    params = {str(one.args["param"]): one.args["value"] for one in fixed}
    run = Request(tool="run_trial", args={"params": params, **study}, words=say)
    if (problem := known.would(run.tool, run.args).problem) is not None:
        return Plan(say=say, answer=f"{sentence(problem)} Nothing was done.")
    values = listed([f"{outside.code(name)} {outside.code(value)}" for name, value in params.items()])
    name, value = next(iter(params.items()))
    keeps = outside.code(f"keep {name} at {value}")
    text = (
        f"Shall I run trial {here.pending} of {outside.code(here.study or '')} with {values}, the rest as proposed? That changes "
        f"this trial alone; {keeps} fixes it for all that follow. Until then it waits as it is."
    )
    return Plan(say=say, waiting=Waiting(requests=(run,), choices=(DO, LEAVE), text=text, why="unclear"))


def _asked(say: str, requests: tuple[Request, ...], known: Known) -> Plan:
    """They are done; of a study that another person began they are asked about first."""
    asks = list(dict.fromkeys(asks for one in requests if (asks := known.would(one.tool, one.args).asks)))
    problem = next((text for one in requests if (text := known.would(one.tool, one.args).problem)), None)
    if problem is not None and is_chinese(say):
        return Plan(say=say, answer=f"没有执行：{refusal(problem)}")
    if problem is not None:
        return Plan(say=say, answer=f"{sentence(problem)} Nothing was done.")
    if not asks:
        return Plan(say=say, requests=requests)
    text = f"{' '.join(asks)} Shall I {listed([phrase(one) for one in requests])}?"
    return Plan(
        say=say, waiting=Waiting(requests=requests, choices=(DO, LEAVE), text=text, notes=tuple(asks), why="whose")
    )


def _of_all(say: str, said: ToTrial, studies: Sequence[str], known: Known) -> Plan:
    """The same answer for each study that waits."""
    tool = "run_trial" if said.answer == "yes" else "reject_trial"
    args = {"reason": said.rest} if said.rest and tool == "reject_trial" else {}
    return _asked(say, tuple(Request(tool=tool, args={"study": one, **args}, words=say) for one in studies), known)


def _waiting(known: Known) -> list[str]:
    """The studies of which a trial waits, the latest first."""
    return [name for name in known.studies[:_LOOKED_AT] if known.of(name).study_state == "waiting"]


def _none_waits(say: str, here: Known, known: Known) -> Plan:
    others = [outside.code(name) for name in _waiting(known) if name != here.study]
    if is_chinese(say):
        more = f"等您同意的是 {'、'.join(others)} 的试验：请说出是哪个研究。" if others else ""
        return Plan(
            say=say, answer=f"{outside.code(here.study or '')} 没有等您同意的试验，所以什么都没有做。{more}".strip()
        )
    of = f" of {outside.code(here.study)}" if here.study else ""
    more = f" A trial of {listed(others)} does: name the study." if others else ""
    return Plan(say=say, answer=f"No trial{of} waits for a yes, so nothing was done.{more}")


def _other_waits(say: str, said: ToTrial, here: Known) -> Plan | None:
    if said.answer == "yes" and not _SPEAKS_OF_ONE.search(say):
        return None  # "run trial 2" of those that ran
    name, waits = outside.code(here.study or ""), here.pending
    if is_chinese(say):
        return Plan(say=say, answer=f"{name} 的试验 {said.trial} 没有在等；等您同意的是试验 {waits}。什么都没有做。")
    return Plan(
        say=say, answer=f"Trial {said.trial} of {name} does not wait for a yes, trial {waits} does. Nothing was done."
    )


def _waits_on(say: str, here: Known) -> str:
    name, waits = outside.code(here.study or ""), here.pending
    if is_chinese(say):
        return f"好的，{name} 的试验 {waits} 继续等待，什么都不会运行。说“运行它”就开始，说“拒绝它”就换一个。"
    return (
        f"All right: trial {waits} of {name} waits on, and nothing runs. Say `run it` to run it, or `reject it` for "
        "another proposal."
    )
