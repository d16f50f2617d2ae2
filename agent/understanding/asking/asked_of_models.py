"""A question about models: which there are, and whether, or why not, a study tried one of them.

>>> asks_which_models("which models are there?"), asks_which_models("which models did you try?")
(True, False)
"""

import re

from agent import outside
from agent.answers.wording import count, listed, sentence
from agent.baseline import FLOOR, RIVALS
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read
from recmodels.models import MODELS

_LEAD = r"^\W*(?:(?:and|so|but|ok(?:ay)?|please|pls|hi|hey|then|can\s+you|could\s+you|tell\s+me|i\s+want\s+to\s+know)\b\W*)*"
_KINDS = r"(?:(?:all|the|your|these|available|supported|possible|different|other|kinds?\s+of|sorts?\s+of|types?\s+of|recommender|recommendation|rec)\s+)*"
_END = r"(?:\s+(?:there|here|please|now|at\s+all|with\s+(?:you|recpilot)|in\s+recpilot|on\s+my\s+data))*\W*$"
_EACH = r"(?:\s*(?:,|and)\s*(?:what|which)\b[^?]*\b(?:for|good\s+at|do|does|is\s+it)\b)?"
_NOUN = r"(?:models?|algorithms?|recommenders?)"
_WHICH = re.compile(
    rf"{_LEAD}(?:(?:which|what|whats|how\s+many)\s+{_KINDS}{_NOUN}(?:\s+(?:(?:are|is)\s+(?:there|available|supported|built\s+in|possible|on\s+offer)|exist|do\s+(?:you|we|i)\s+(?:have|know|support|offer|tune|train)|(?:can|could|may)\s+(?:you|i|we|one|be)\s*(?:use|try|tuned?|train(?:ed)?|pick|choose|run|offer|do)?|does\s+\w+\s+(?:have|know|support|offer)))?{_EACH}"
    rf"|(?:list|show|give|print|name)(?:\s+me)?\s+{_KINDS}{_NOUN}(?:\s+(?:there\s+are|(?:that\s+)?you\s+(?:have|know|can\s+\w+)|available))?{_EACH}"
    rf"|what\s+(?:is|are)\s+(?:each|every|all|the)\s+(?:of\s+the\s+)?models?\s+(?:good\s+)?for|what\s+(?:are|do)\s+the\s+models(?:\s+do)?|(?:are\s+there|do\s+you\s+have|have\s+you\s+got)\s+(?:any\s+)?(?:other|more|further)\s+models){_END}"
    r"|^\W*(?:都?有|支持|能用|可以用|能训练)?(?:哪些|什么|几个|多少)(?:可用的|推荐)?模型(?:可以?用|可用|可选)?[呢吗]?\W*$|^\W*(?:列出|显示|看看)(?:所有|全部)?(?:可用的?|支持的)?模型\W*$",
    re.IGNORECASE,
)
_TRIED = re.compile(
    rf"{_LEAD}(?:(?:did|have|has|had|was|were|is|are)\b[^.;!?]*?\b(?:try|tried|test(?:ed)?|us(?:e|ed)|run|ran|train(?:ed)?|tune[d]?|consider(?:ed)?|includ(?:e|ed)|measure[d]?|part\s+of|in)\b[^.;!]*|why\s+(?:not|no)\s+(?:also\s+|just\s+|simply\s+)?(?:try\s+|use\s+|run\s+|take\s+|with\s+)?(?:the\s+)?(?P<model>[\w.-]+(?:\s[\w.-]+)?)\s*"
    rf"|why\s+(?:did|do|have|has|was|were|is|are)(?:\s*n[o']?t\b|\s+(?:you|it|we|there|this|the\s+study)\b.*?\b(?:not|no|never)\b|\s+[\w.-]+\s+(?:not|never|missing)\b)[^.;!]*)[?!.\s]*$"
    r"|(?:试过|用过|跑过|为什么(?:不用|没用|没有|不试|没试))",
    re.IGNORECASE,
)
_OF_STUDY = re.compile(
    rf"{_LEAD}(?:which|what)\s+models?\s+(?:(?:did|have|has)\s+(?:you|it|we|the\s+study|this\s+study|[\w.-]*-\d+)(?:\s+(?:all|already))?\s+(?:try|tried|tune[d]?|us(?:e|ed)|run|ran|test(?:ed)?|train(?:ed)?|compare[d]?)|(?:were|was|are|is|have\s+been|has\s+been)\s+(?:all\s+|already\s+|being\s+)?(?:tried|tuned|used|run|tested|trained|compared|competing|in|part\s+of)|compete[d]?|ran)\b(?!\s+(?:best|well|first|last))[^.;!]*$"
    r"|(?:试|用|跑|调)(?:过|了)(?:哪些|什么)模型|(?:这个|本)?研究(?:里|中)?(?:用|调|有)(?:了)?(?:哪些|什么)模型",
    re.IGNORECASE,
)
_WHY = re.compile(r"\bwhy\b|为什么", re.IGNORECASE)
_ELSE = re.compile(
    r"\b(?:seeds?|better|worse|win|won|best|fail(?:ed)?|stop(?:ped)?|prun\w+|more\s+trials|slow\w*|values?|params?)\b|失败|剪枝",
    re.IGNORECASE,
)
_LOOKED_AT = 30  # other studies, the latest first


def asks_which_models(say: str) -> bool:
    """Whether it asks which models there are, or what they are for; not which a study had."""
    return _WHICH.match(say) is not None


def models_of_study(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The models of a study with their finished trials, where they are asked for; None for any other message."""
    if known.study is None or _OF_STUDY.search(say) is None:
        return None
    named = study_meant(say, known, dialogue)
    here = known.of(named) if named else known
    ran = [here.trial_models.get(n) for n in here.trials]
    every = dict.fromkeys((*here.study_models, *(one for one in ran if one)))
    study = outside.code(here.study)
    if is_chinese(say):
        told = "、".join(f"{outside.code(one)}（{ran.count(one)} 次试验）" for one in every)
        return Plan(say=say, answer=f"{study} 的模型：{told or '还没有'}。")
    told = listed([f"{outside.code(one)} ({count(ran.count(one), 'finished trial')})" for one in every])
    best = (
        f" The best is trial {here.ranking[0]}, of {outside.code(here.trial_models.get(here.ranking[0], ''))}."
        if here.ranking
        else ""
    )
    return Plan(say=say, answer=f"The models of {study}: {told or 'none yet'}.{best}")


def tried_plan(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The answer to "did you try sasrec?" and "why not sasrec?" from the records; None for any other message."""
    if known.study is None or _TRIED.search(say) is None or _ELSE.search(say):
        return None
    said = read(gloss(say) if is_chinese(say) else say, known.names)
    models = list(dict.fromkeys(str(span.value) for span in said.of("model")))
    if len(models) != 1 or said.of("param", "trial", "dataset", "path", "metric", "number"):
        return None
    named = study_meant(say, known, dialogue)
    here, model = known.of(named) if named else known, models[0]
    args = {"study": here.study} if named else {}
    ran = [n for n in here.trials if here.trial_models.get(n) == model]
    if ran:
        table = Request(tool="trials", args={"filter": f"model={model}", **args}, mood="question", words=say)
        return Plan(say=say, requests=(table,), answer=_ran(model, ran, here, zh=is_chinese(say)))
    if model in (FLOOR, *RIVALS) and model not in here.study_models:
        status = Request(tool="study_status", args=args, mood="question", words=say)
        return Plan(say=say, requests=(status,), answer=_as_baseline(model, here, zh=is_chinese(say)))
    return Plan(say=say, answer=_not_tried(model, here, known, is_why=bool(_WHY.search(say)), zh=is_chinese(say)))


def _ran(model: str, ran: list[int], here: Known, *, zh: bool) -> str:
    best = next((n for n in here.ranking if n in ran), None)
    first = here.ranking[0] if here.ranking else None
    name, study = outside.code(model), outside.code(here.study)
    if zh:
        return f"试过：{study} 有 {len(ran)} 次试验是 {name}，其中最好的是试验 {best}。"
    top = f"; trial {best} is its best" if best is not None else ""
    place = ", and the best of the study" if best is not None and best == first else ""
    return f"Yes: {count(len(ran), 'trial')} of {study} ran {name}{top}{place}."


def _as_baseline(model: str, here: Known, *, zh: bool) -> str:
    name, study = outside.code(model), outside.code(here.study)
    if zh:
        return f"{study} 没有调 {name}；它是用默认值测的基线之一，见下。"
    return f"{study} did not tune {name}: it is one of the simple models that are measured once, with their defaults, as lines to beat."


def _not_tried(model: str, here: Known, known: Known, *, is_why: bool, zh: bool) -> str:
    name, study = outside.code(model), outside.code(here.study)
    of = [outside.code(one) for one in here.study_models]
    others = [
        outside.code(one)
        for one in known.studies[:_LOOKED_AT]
        if one != here.study and model in known.of(one).trial_models.values()
    ]
    problem = known.would("extend_study", {"more_models": [model], "study": here.study}).problem
    if zh:
        elsewhere = f"在 {'、'.join(others)} 里试过。" if others else ""
        return f"没有：{study} 调的是 {'、'.join(of) or '别的模型'}，没有 {name} 的试验。{elsewhere}说“加上 {model}”就会加入。"
    if model in here.study_models:
        lead = f"Not yet: {name} is one of the models of {study}, and no trial of it has finished"
    else:
        lead = f"{'' if is_why else 'No: '}{study} tunes {listed(of) or 'other models'} and has no trial of {name}"
    elsewhere = f" It ran in {listed(others)}." if others else ""
    what = f" It is {MODELS[model].says}." if is_why and model in MODELS else ""
    if problem is not None:
        return f"{lead}.{what}{elsewhere} It could not join: {sentence(problem)}"
    more = f" Say `bring in {model}` to let it compete." if model not in here.study_models else ""
    why = " A study tunes the models that it was begun with." if is_why else ""
    return f"{lead}.{why}{what}{elsewhere}{more}"
