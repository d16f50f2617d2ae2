"""Another objective for the study at hand: a study has one from its start on, so another one like it is asked about.

"can you make the metric recall@20 instead?", "optimise coverage instead", "switch to map@10"
"""

import re
from dataclasses import replace

from agent import outside
from agent.answers.wording import listed
from agent.answers.wording_in_chinese import listed as listed_in_chinese
from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.card import plan_card
from agent.understanding.card_changes import wish_in
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese
from agent.words.said import Said
from agent.words.spelling import words_of

_CHANGES = re.compile(
    r"\b(?:make|use|take|set|change|changed|switch|replace|optimi[sz]\w+|maximi[sz]\w+|minimi[sz]\w+|aim|target|go|rank|instead|rather)\b",
    re.IGNORECASE,
)
_CONNECTS = words_of(
    "a actually aim aiming also an and at be better but by can change changed could do for from go goal good have i i'd id in "
    "instead into is it its just let's lets like main make maximise maximize metric metrics minimise minimize my no now "
    "objective objectives of oh ok okay on one optimise optimising optimization optimize optimizing other our please prefer "
    "rank ranked ranking rather replace set should study switch take target than that the them then this to try us use used "
    "using wait want we well with would yes you"
)
_WORD = re.compile(r"[^\W\d_\ue000-\uf8ff]+(?:['’-][^\W\d_\ue000-\uf8ff]+)*")
_GOES_ON = ("queued", "running", "waiting", "paused")


def objective_plan(say: str, said: Said, known: Known, dialogue: Dialogue) -> Plan | None:
    """The question whether to begin a study like the one at hand; None for a message that says anything else.

    Args:
        said: The message as it is read.
    """
    text = said.text
    if dialogue.waiting is not None or known.study is None or not said.of("metric") or said.of("study", "dataset"):
        return None
    start, marked = wish_in(text), said.marked
    is_question = "?" in text and start == 0
    others = any(match[0].lower().replace("’", "'") not in _CONNECTS for match in _WORD.finditer(marked, start))
    if is_question or others or not _CHANGES.search(text):
        return None
    if start == 0 and any(one.tool == "start_study" for one in dialogue.last):
        return None  # a change of what has just begun
    args = read_arguments("start_study", Stretch(said, [(start, len(text))]), known)[0]
    if set(args) != {"objective"}:
        return None
    return _same(say, known) if args["objective"] == [known.objective] else _asked(say, said, args["objective"], known)


def _same(say: str, known: Known) -> Plan:
    name, metric = outside.code(known.study), outside.code(known.objective)
    english = f"{name} is ranked by {metric} already, so nothing was changed."
    return Plan(say=say, answer=f"{name} 本来就以 {metric} 为目标，所以没有改动。" if is_chinese(say) else english)


def _asked(say: str, said: Said, objective: list[str], known: Known) -> Plan:
    copy = Request(
        tool="start_study",
        args={"base": known.study, "objective": objective, "dataset": known.study_dataset},
        words=said.text,
        assumed=("base", "dataset"),
    )
    copy = replace(copy, args={name: value for name, value in copy.args.items() if value is not None})
    card = plan_card((copy,), (), said, known, say)
    note = _note(say, objective, known)
    asks = Waiting(
        requests=(copy,), choices=(DO, LEAVE), text=f"{note}\n\n{card.text}", card=card, notes=(note,), why="unclear"
    )
    return Plan(say=say, waiting=asks)


def _note(say: str, objective: list[str], known: Known) -> str:
    """Why it is another study, what is kept in it, and what becomes of this one."""
    name, goes_on = outside.code(known.study), known.study_state in _GOES_ON
    new = [*map(outside.code, objective)]
    if is_chinese(say):
        by = f"以 {outside.code(known.objective)} 为目标" if known.objective else "有自己的目标"
        stays = "会继续运行" if goes_on else "保持不变"
        return f"{name} 从一开始就{by}，它{stays}。要换目标，可以另开一个同样的研究（模型和预算相同），以 {listed_in_chinese(new)} 为目标。"
    by = f"ranked by {outside.code(known.objective)}" if known.objective else "ranked by its own objective"
    stays = "goes on" if goes_on else "stays as it is"
    return (
        f"{name} is {by} from its start, and {stays}. "
        f"Another study like it, with the same models and the same budget, can be ranked by {listed(new)}."
    )
