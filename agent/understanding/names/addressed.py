"""An order behind the name of a study and a colon: "club-13: reject", "club-13：拒绝"."""

import re

from agent import outside
from agent.understanding.clauses.yes_to_trial import said_to_trial
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese

_ADDRESSED = re.compile(
    r"^\s*(?:study\s+|研究\s*)?[`*“\"]*(?P<name>[\w.-]*\w)[`*”\"]*\s*[:：]\s*(?P<rest>\S.*)$", re.DOTALL
)
_STEERS = re.compile(r"(?:stop|pause|resume|停止|暂停|继续)\W*", re.IGNORECASE)


def addressed(say: str, known: Known) -> str | Plan | None:
    """The same with the name in its sentence, so that nothing said before lends it another act; None of any other.

    "club-13: reject" → "reject the trial that waits in study club-13"; a plan says that none waits there.
    """
    found = _ADDRESSED.match(say)
    if found is None or not known.has_study(found["name"]):
        return None
    name, rest = found["name"], found["rest"].strip()
    if _STEERS.fullmatch(rest):
        act = rest.rstrip(" .!。！")
        return f"{act}研究 {name}" if is_chinese(act) else f"{act} study {name}"
    told = said_to_trial(rest)
    if told is None or told.answer not in ("yes", "no"):
        return None
    there = known.with_study(name)
    if there is None or there.study_state != "waiting":
        none = f"No trial of {outside.code(name)} waits for a yes, so nothing was done."
        return Plan(say=say, answer=f"{name} 没有等您同意的试验，所以什么都没有做。" if is_chinese(rest) else none)
    act = "run" if told.answer == "yes" else "reject"
    return f"{act} the trial that waits in study {name}"
