"""An order to end a study after some trial: the number of its trials is cut, and a study that rests goes on until then.

>>> stop_after_plan("stop after the next trial", Known(study="s", study_state="paused", trials=(0, 1))).requests[0].args
{'total_trials': 3}
"""

import re

from agent import outside
from agent.answers.wording import count
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting

_POLITE = r"^\W*(?:(?:please|ok(?:ay)?|and|then|now|yes|can\s+you|could\s+you)\W+)*"
_RESUME = r"(?:(?P<resume>resume|continue|go\s+on|carry\s+on|run\s+on)(?:\s+(?:it|the\s+study|with\s+it))?[\s,;]*(?:but|and|then|,)*\s*)?"
_STOP = r"(?:stop|end|finish|halt|quit)(?:\s+(?:it|the\s+study|the\s+search))?"
_DONE = r"(?:\s+(?:is|has|was)?\s*(?:done|over|finished|complete[d]?|through|ended|ends|finishes|run|ran))?"
_END = r"(?:\s+(?:please|then|there|is\s+enough))*\W*$"
_AFTER = re.compile(
    rf"{_POLITE}{_RESUME}{_STOP}\s+(?:after|when|once|as\s+soon\s+as|with|at)\s+(?:trial\s*(?:number\s+|#)?(?P<n>\d{{1,5}})|(?P<next>(?:the\s+)?(?:next|one\s+more)(?:\s+(?:one|trial))?)|(?P<this>(?:the\s+(?:current|running|present)|this)(?:\s+(?:one|trial))?)){_DONE}{_END}",
    re.IGNORECASE,
)
_ONE_MORE = re.compile(
    rf"{_POLITE}{_RESUME}(?:only|just)\s+(?:(?:run|do|for)\s+)?one\s+more(?:\s+(?:trial|run))?(?:[\s,]+(?:and\s+)?then\s+{_STOP})?{_END}|{_POLITE}one\s+more(?:\s+trial)?[\s,]+(?:and\s+)?then\s+{_STOP}{_END}",
    re.IGNORECASE,
)
_RUNS = ("queued", "running")
_RESTS = ("paused", "stopped", "waiting")


def stop_after_plan(say: str, known: Known) -> Plan | None:
    """The plan of such an order; None for any other message, and where there is no study."""
    text = say.replace("\u2019", "'")
    match = _AFTER.match(text)
    if (match is None and _ONE_MORE.match(text) is None) or known.study is None:
        return None
    n_done, name = len(known.trials), outside.code(known.study)
    if known.study_state not in (*_RUNS, *_RESTS):
        return _of_ended(say, match, name)
    if match is not None and match["n"]:
        total = int(match["n"]) + 1  # trials are numbered from 0
        if total <= n_done:
            done = f"Trial {match['n']} of {name} is done already ({count(n_done, 'trial')} so far)"
            return Plan(say=say, answer=f"{done}, so nothing was changed. Say `stop the study`, or name a later trial.")
        return _ended_with(say, total, known)
    if known.study_state in _RUNS and (match is None or match["next"]):
        return _asked_which(say, n_done, known)
    return _ended_with(say, n_done + 1, known)


def _ended_with(say: str, total: int, known: Known) -> Plan:
    """The study has so many trials in all; one that was paused goes on, and one that was stopped does so by this alone."""
    cut = Request(tool="extend_study", args={"total_trials": total}, words=say)
    resume = Request(tool="control_study", args={"action": "resume"}, words=say)
    requests = (cut, resume) if known.study_state == "paused" else (cut,)
    asks = next((asks for one in requests if (asks := known.would(one.tool, one.args).asks)), None)
    if asks is not None:
        text = f"{asks} Shall I make it {count(total, 'trial')} in all?"
        return Plan(say=say, waiting=Waiting(requests=requests, text=text, why="whose"))
    return Plan(say=say, requests=requests)


def _asked_which(say: str, n_done: int, known: Known) -> Plan:
    """Whether the trial that runs now is the last one, or one more after it."""
    requests = tuple(
        Request(tool="extend_study", args={"total_trials": total}, words=say) for total in (n_done + 1, n_done + 2)
    )
    choices = tuple(f"{count(n, 'trial')} in all" for n in (n_done + 1, n_done + 2))
    text = (
        f"A trial of {outside.code(known.study)} runs now, after {count(n_done, 'finished trial')}. Shall the study end "
        f"with it (**{choices[0]}**), or after one more (**{choices[1]}**)?"
    )
    return Plan(say=say, waiting=Waiting(requests=requests, lacking="tool", choices=choices, text=text))


def _of_ended(say: str, match: "re.Match[str] | None", name: str) -> Plan | None:
    """Of a study that has ended: one more trial can be added, and there is nothing to stop."""
    if match is not None and not match["resume"]:
        return Plan(
            say=say, answer=f"{name} has ended already, so there is nothing to stop. `add 1 trial` runs one more."
        )
    if match is not None and match["n"]:
        return Plan(
            say=say, answer=f"{name} has ended already. Say how many trials to add, for example `add 2 trials`."
        )
    return Plan(say=say, requests=(Request(tool="extend_study", args={"n_trials": 1}, words=say),))
