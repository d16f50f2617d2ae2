"""A first wish that names no model and no study: "I want a recommender for films". It is planned as a study to tune.

>>> recommender_wanted("build me a recommender from films.csv", ("demo", "films"))
RecommenderWanted(dataset='films', has_file=False)
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent import outside
from agent.understanding.asking.data_at_hand import BUILT_IN, data_at_hand
from agent.understanding.asking.questions import which_argument
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese

_ASKS = (
    r"(?:(?:hi|hello|hey|ok|so|now|please|pls|well|could|can|would|will|you|we|i|i['’]d|we['’]d|us|me|how|do|should|to|just|really|"
    r"let['’]?s|let|love|help|want|need|like|wish|have|get|got|trying|try|am|i['’]m|are|going|give|make|build|create|train|develop|"
    r"set\s+up|set\s+it\s+up|start|begin|design|with|for|building|making|training|creating)\b[\s,]*)+"
)
_SYSTEM = (
    r"(?:recommend(?:er|ation|ations|ing)?\s+(?:systems?|engines?|models?|services?|machines?)|recommenders?|rec\s?sys)"
)
_LISTS = r"(?:recommendations|recs)"
_A = r"(?:(?:an?|the|my|our|some|any|one|new|good|great|best|simple|small|first|own|decent|working)\s+)*"
_ON = r"(?:for|from|on|with|using|out\s+of|of|based\s+on|by|in|about)"
_DATA = r"(?:data|data\s?sets?|files?|csvs?|logs?|tables?|exports?)"
_WHOSE = r"(?:(?:the|my|our|this|that|these|those|some|your|own)\s+)*"
_ANY = r"(?:(?:it|this|that|shop|store|site|web\s?site|app|customers|users|company|business|own|online)\s*)*"
_END = r"(?:\s*(?:please|pls|thanks|thank\s+you|now|first|today))*\W*$"
_HAS_FILE = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|so|well)\W+)?(?:i|we)(?:\s+have|['’]ve)(?:\s+got)?\s+(?:\w+\s+)?{_DATA}\b(?:\s+(?:of|with|from)\s+[\w\s]{{1,40}}?)?"
    rf"[\s,;.]*(?:and|so|but)?\s*(?:now\s+)?(?:i|we)?\s*(?:want|need|would\s+like|['’]d\s+like)\s+(?:to\s+(?:get|have|build|make)\s+)?{_A}(?:{_SYSTEM}|{_LISTS}){_END}",
    re.IGNORECASE,
)
_FIRST = r"what\s+(?:should|can|could|do|must)\s+(?:i|we)\s+(?:do|try|run|start|begin)(?:\s+(?:with|at))?\s+(?:first|now|next)?\s*(?:with|on)"
_IN_CHINESE = re.compile(
    r"^(?:你好|请|我们?|想要?|需要|要|能|可以|帮|帮我们?|给我们?|为|用|基于|根据|在|，|,|\s)*(?P<name>[\w.-]*?)\s*(?:这个|的|上|数据集?|数据|文件)*\s*"
    r"(?:来|去|上)?(?:做|建立?|搭建?|构建|训练|开发|有|创建|想要|要|需要)?(?:一个|个|一套)?\s*(?:简单的|好的|新的)?推荐(?:系统|模型|引擎|器)(?:吗|吧|呢)?\W*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommenderWanted:
    """What it is wanted on."""

    dataset: str | None  # None: the one at hand, or none is named
    has_file: bool = False  # the person has a file that was not handed over


def recommender_wanted(say: str, datasets: Sequence[str]) -> RecommenderWanted | None:
    """On which dataset a message wants a recommender and says no more; None for any other message.

    A file is the dataset that is called after it.
    """
    text = say.strip()
    if _HAS_FILE.match(text):
        return RecommenderWanted(dataset=None, has_file=True)
    names = "|".join(map(re.escape, sorted(datasets, key=len, reverse=True))) or "(?!)"
    named = rf"(?:{_DATA}\s+(?:called\s+)?)?[\"'“`]?(?P<name>{names})(?:\.\w{{2,7}})?[\"'”`]?(?:\s+{_DATA})?"
    for pattern in (
        rf"^\W*{_ASKS}{_A}{_SYSTEM}(?:\s+{_ON}\s+{_WHOSE}(?:{named}|{_ANY}{_DATA}?))?{_END}",
        rf"^\W*{_ASKS}{_A}{_LISTS}\s+{_ON}\s+{_WHOSE}{named}{_END}",
        rf"^\W*{_FIRST}\s+{_WHOSE}{named}{_END}",
    ):
        if match := re.match(pattern, text, re.IGNORECASE):
            return RecommenderWanted(dataset=_as_known(match["name"], datasets))
    if is_chinese(say) and (match := _IN_CHINESE.match(text)):
        name = _as_known(match["name"].partition(".")[0], datasets)
        return RecommenderWanted(dataset=name) if name or not match["name"] else None
    return None


def wanted_plan(say: str, known: Known, dialogue: Dialogue, planned: Callable[[str], Plan]) -> Plan | None:
    """The plan of a message that wants a recommender: a study on its data, which runs on a yes.

    Args:
        planned: Of an order that is told and not done.
    """
    if dialogue.waiting is not None or (wanted := recommender_wanted(say, known.datasets)) is None:
        return None
    own = [name for name in known.datasets if name != BUILT_IN]
    if (wanted.has_file and dialogue.made is None) or not (own or wanted.dataset):
        return Plan(say=say, answer=_how_to_begin(say))
    dataset = wanted.dataset or data_at_hand(known, dialogue)
    if dataset is None or (wanted.dataset is None and dataset not in own):
        asked = Request(tool="start_study", args={}, words=say)
        return Plan(say=say, waiting=which_argument((asked,), "dataset", known))
    return planned(f"在 {dataset} 上调参" if is_chinese(say) else f"tune {dataset}")


def _how_to_begin(say: str) -> str:
    """How data are handed over, where there is none of the person's own."""
    if is_chinese(say):
        return (
            "先把数据交给我：把互动记录的文件（CSV、Parquet、JSON 等，每行有用户和物品）拖进聊天，"
            "或者说“添加 文件名”。然后我会提出一个调参计划。想先看看，请说“在 demo 上调参”。"
        )
    return (
        "Hand me the data first: drop a file of interactions into the chat (CSV, Parquet, JSON lines and others; each"
        " row with a user and an item), or say “add FILE”. Then I plan a study that tunes a recommender on it. To see"
        f" one before, say {outside.said('“tune demo”')}."
    )


def _as_known(name: str | None, datasets: Sequence[str]) -> str | None:
    return next((one for one in datasets if name and one.lower() == name.lower()), None)
