"""How an act is done: "how do I resume study demo-1?", "how can I delete a dataset?", 怎么停止研究; nothing is done.

>>> how_plan("how do I stop it?", Known()).answer
'Say `stop the study`: the running trial ends at its next epoch, and what finished stays. Nothing was done.'
"""

import re
from dataclasses import dataclass

from agent import outside
from agent.understanding.commands import command
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read
from agent.words.said import Said

_ASKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|but|hi|hey|hello|please|sorry|then|wait|well|hm+)\W+)*"
    r"(?:(?:(?:can|could|would)\s+(?:you|u)\s+)?(?:please\s+)?(?:tell|show|explain(?:\s+to)?|teach)\s+me\s+|(?:i\s+(?:want|need|would\s+like|'?d\s+like)\s+to|do\s+you|i\s+do\s+not|i\s+don['’]?t)\s+know\s+)?"
    r"how\s+(?:(?:do|does|can|could|would|should|might|must|am|are|may)\s+(?:i|we|one|u|a\s+person)\s+(?:then\s+|now\s+|best\s+|also\s+|even\s+|actually\s+|(?:get|make|have|tell|ask)\s+(?:you|it|the\s+study)\s+(?:to\s+)?|go\s+about\s+)*|(?:to|i\s+can|we\s+can)\s+)"
    r"(?P<act>\w(?:[^?.;!]|\.(?=\w))*)\W*$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|but)\W+)*how\s+(?:is|are|can|could)\s+(?P<what>(?:an?\s+|the\s+|my\s+)?\w+)(?:\s+be)?\s+(?P<done>\w+ed|begun|undone|taken\s+back|forgotten|run)\W*$",
    re.IGNORECASE,
)
_GLOSSED = re.compile(
    r"^\W*(?:please\s+)?(?:tell\s+me\s+)?how\s+(?:(?:can|want|to|I|only|just)\s+)*(?P<act>\w(?:[^?.;!]|\.(?=\w))*)\W*$"
)
_STUDY = r"\b(?:stud(?:y|ies)|tuning|search|experiment|run|training|it|that|this)\b|\ue000|^\W*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """One act: how it is asked for, and how it is done."""

    verb: str
    of: str  # what it is done to, with a mark for the name of a study, dataset or param
    tool: str
    says: str  # `{study}`, `{dataset}`, `{param}`: as it was named, else an example
    zh: str
    args: tuple[tuple[str, object], ...] = ()


_HOWS = (
    _How(
        verb=r"undo|revert|take\s+back|go\s+back|reverse",
        of=r".*",
        tool="undo",
        says="Say `undo`: the last change of the space, budget, notes, names or data is taken back; a trial that ran stays",
        zh="说“撤销”：会撤回上一次对空间、预算、笔记、名字或数据的修改；已经跑过的试验会保留",
    ),
    _How(
        verb=r"forget|delete|remove|erase|drop|get\s+rid\s+of|clear",
        of=r"\b(?:notes?|lessons?|rules?\s+i|bounds?|limits?)\b",
        tool="forget_lesson",
        says="Say `forget note 2`, by its number in `what did I tell you?`; `undo` brings it back",
        zh="说“忘掉第 2 条笔记”，编号见“列出笔记”；“撤销”可以找回",
    ),
    _How(
        verb=r"resume|continue|go\s+on(?:\s+with)?|carry\s+on(?:\s+with)?|restart|unpause",
        of=_STUDY,
        tool="control_study",
        says="Say `resume {study}`: a paused or stopped study goes on where it was, and what finished stays",
        zh="说“继续 {study}”：暂停或停止的研究会从原处继续，已完成的试验会保留",
        args=(("action", "resume"),),
    ),
    _How(
        verb=r"pause|interrupt|hold",
        of=_STUDY,
        tool="control_study",
        says="Say `pause {study}`: the running trial ends first, and `resume` goes on from there",
        zh="说“暂停 {study}”：正在跑的试验会先跑完，说“继续”再接着跑",
        args=(("action", "pause"),),
    ),
    _How(
        verb=r"stop|halt|abort|cancel|end|kill|quit",
        of=_STUDY,
        tool="control_study",
        says="Say `stop {study}`: the running trial ends at its next epoch, and what finished stays",
        zh="说“停止 {study}”：正在跑的试验在这一轮结束时停下，已完成的试验会保留",
        args=(("action", "stop"),),
    ),
    _How(
        verb=r"delete|remove|erase|drop|get\s+rid\s+of",
        of=r"\bstud(?:y|ies)\b|\ue000",
        tool="delete_study",
        says="Say `delete {study}`; it is asked about first, `undo` brings it back, and what its trials taught stays in the memory",
        zh="说“删除 {study}”；会先问一次，“撤销”可以找回，试验学到的东西留在记忆里",
    ),
    _How(
        verb=r"delete|remove|erase|drop|get\s+rid\s+of",
        of=r"\bdata\s?sets?\b|\bdata\b|\bfile\b|\ue001",
        tool="remove_dataset",
        says="Say `remove the dataset {dataset}`; it is asked about first, `undo` brings it back, and its studies stay",
        zh="说“移除数据集 {dataset}”；会先问一次，“撤销”可以找回，它的研究会保留",
    ),
    _How(
        verb=r"rename|renamed|call|name",
        of=r"\bstud(?:y|ies)\b|\ue000",
        tool="rename_study",
        says="Say `rename {study} to baseline`; its trials stay as they are",
        zh="说“把 {study} 重命名为 baseline”；它的试验不变",
        args=(("name", "baseline"),),
    ),
    _How(
        verb=r"rename|call|name",
        of=r"\bdata\s?sets?\b|\bdata\b|\ue001",
        tool="rename_dataset",
        says="Say `rename the dataset {dataset} to sales`; its studies stay",
        zh="说“把数据集 {dataset} 重命名为 sales”；它的研究会保留",
        args=(("name", "sales"),),
    ),
    _How(
        verb=r"export|save|download|take\s+away|get",
        of=r"\b(?:models?|weights|best|trials?|lists|recommender|it|result)\b",
        tool="export_model",
        says="Say `export the best`, or `export trial 2 as csv`: `safetensors` writes the weights, `csv` and `parquet` write everybody's lists",
        zh="说“导出最好的模型”，或“把试验 2 导出为 csv”：`safetensors` 写权重，`csv` 和 `parquet` 写每个用户的列表",
    ),
    _How(
        verb=r"confirm",
        of=r".*",
        tool="confirm",
        says="Say `confirm the best`: the best trials and the defaults run with several seeds, and then the sealed test is read once; a plan is shown first",
        zh="说“确认”：最好的试验和默认值会用多个种子再跑，然后读一次测试集；会先给出计划",
    ),
    _How(
        verb=r"extend|prolong|lengthen|add",
        of=r"\b(?:stud(?:y|ies)|trials?|budget|time|it)\b|\ue000",
        tool="extend_study",
        says="Say `add 5 trials`, or `half an hour more`; a study takes more at any time, also after it has finished",
        zh="说“再加 5 次试验”；研究随时都能加，结束之后也可以",
    ),
    _How(
        verb=r"add|upload|load|import|read|bring\s+in|use",
        of=r"\b(?:files?|data\s?sets?|data|csv)\b",
        tool="add_dataset",
        says="Drop the file into the chat, or say `add ratings.csv` with its path; your file stays as it is",
        zh="把文件拖进聊天，或说“添加 ratings.csv”；你的文件不变",
    ),
    _How(
        verb=r"open|switch(?:\s+to)?|go\s+to|change(?:\s+to)?",
        of=r"\b(?:stud(?:y|ies))\b|\ue000",
        tool="open_study",
        says="Say `open {study}`: it becomes the one that we talk about, and nothing runs by that",
        zh="说“打开 {study}”：之后谈的就是它，不会因此运行什么",
    ),
    _How(
        verb=r"repeat|rerun|re-run",
        of=r"\btrials?\b",
        tool="repeat_trial",
        says="Say `repeat trial 2`: it runs again with another seed, which shows how far chance moves it",
        zh="说“重复试验 2”：换一个种子再跑一次，可以看出随机性有多大",
    ),
    _How(
        verb=r"keep|hold|bound|cap",
        of=r"\ue002",
        tool="set_search_space",
        says="Say `keep {param} between low and high`, `at most` or `at least` a value; it holds from the next trial on, and `undo` takes it back",
        zh="说“把 {param} 限制在某个范围”，例如至少或至多多少；从下一次试验起生效，“撤销”可以取消",
    ),
    _How(
        verb=r"filter|leave\s+out|exclude|restrict",
        of=r"\b(?:data\s?sets?|data|rows|users|items|bots|events)\b|\ue001",
        tool="filter_dataset",
        says="Say `filter {dataset} to since 2024 and users with at least 5 events`; the part becomes a new version, and the dataset stays",
        zh="说“只保留 {dataset} 中 2024 年以后的数据”；会存为新版本，原数据集不变",
    ),
)
_MARKS = (("study", "\ue000"), ("dataset", "\ue001"), ("param", "\ue002"))
_DONE = {
    "delet": "delete",
    "remov": "remove",
    "renam": "rename",
    "export": "export",
    "resum": "resume",
    "stop": "stop",
    "paus": "pause",
    "forg": "forget",
    "confirm": "confirm",
    "add": "add",
    "und": "undo",
    "take": "undo",
    "repeat": "repeat",
    "extend": "extend",
    "open": "open",
}


def how_plan(say: str, known: Known) -> Plan | None:
    """How the act that is asked for is done; None for any other message."""
    zh = is_chinese(say)
    asks = _GLOSSED.match(gloss(say)) if zh and re.search("怎么|如何|怎样|咋", say) else _ASKS.match(say)
    act = asks["act"] if asks is not None else None if zh else _passive(say)
    if act is None:
        return None
    said = read(act, known.names)
    how = next((one for one in _HOWS if _is_of(one, said)), None)
    return None if how is None else Plan(say=say, answer=_answer(how, said, known, zh=zh))


def _passive(say: str) -> str | None:
    """ "how is a study renamed?" as "rename a study"."""
    match = _PASSIVE.match(say)
    if match is None:
        return None
    verb = next((verb for stem, verb in _DONE.items() if match["done"].lower().startswith(stem)), None)
    return None if verb is None else f"{verb} {match['what']}"


def _is_of(how: _How, said: Said) -> bool:
    """Whether the act is this one: its verb comes first, and what it is done to somewhere behind it."""
    verb = re.match(rf"\W*(?:{how.verb})\b", said.text, re.IGNORECASE)
    if verb is None:
        return False
    marks = "".join(mark for kind, mark in _MARKS if said.of(kind))
    return re.search(how.of, f"{said.text[verb.end() :]} {marks}", re.IGNORECASE) is not None


def _answer(how: _How, said: Said, known: Known, *, zh: bool) -> str:
    studies = [str(span.value) for span in said.of("study")]
    datasets = [str(span.value) for span in said.of("dataset")]
    example = studies[0] if studies else "研究" if zh else "the study"
    dataset = datasets[0] if datasets else known.study_dataset or next(iter(known.datasets), "shop")
    params = [said.words(span) for span in said.of("param")]
    named = {"study": example, "dataset": dataset, "param": params[0] if params else "dropout"}
    text = (how.zh if zh else how.says).format(**{kind: outside.text(name) for kind, name in named.items()})
    args = dict(how.args) | ({"study": studies[0]} if studies else {})
    args |= {"dataset": dataset} if how.tool.endswith("_dataset") and datasets else {}
    line = command(Request(tool=how.tool, args=args), known) if studies or datasets else None
    if zh:
        return f"{text}。{f'命令行：`{line}`。' if line else ''}什么都没有做。"
    return f"{text}. {f'On the command line: `{line}`. ' if line else ''}Nothing was done."
