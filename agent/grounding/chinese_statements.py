"""Chinese statements of results in English words, so that one reader serves both: what the gloss of requests has no words for.

stated("试验 1 排名第二")  # → "trial 1 ranks second"
"""

import re

from agent.words.chinese import gloss
from agent.words.digits import chinese_number

_DIGITS = "[零〇一二两三四五六七八九十百千万\\d]+"
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_THAN = re.compile(r"比(?P<other>[^，,。；;比]{1,20}?)(?P<way>更?(?:高|低|好|差|快|慢|多|少|大|小))(?:了|出)?")
_WAYS = {"高": "higher", "低": "lower", "好": "better", "差": "worse", "快": "faster", "慢": "slower", "多": "more", "少": "fewer", "大": "larger", "小": "smaller"}  # fmt: skip
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"训练(?:得)?最快的?", " fastest to train "),
    (r"训练(?:得)?最慢的?", " slowest to train "),
    (r"(?:表现|效果|结果|得分)?最好的?", " the best "),
    (r"最差的?", " the worst "),
    (r"最高的?", " highest "),
    (r"最低的?", " lowest "),
    (r"只用了|仅用了?|用时|耗时", " took "),
    (r"花了|用了(?=\s*[\d约大])", " took "),
    (r"没有(?:使用|用)|未使用", " ran without "),
    (r"被剪枝的?|剪枝", " pruned "),
    (r"已完成的?", " complete "),
    (r"失败", " failed "),
    (r"(?:帕累托)?前沿上?的?", " on the front "),
    (r"目录覆盖率", " coverage "),
    (r"召回率", " recall@10 "),
    (r"名(?=用户|读者)|本(?=书)|部(?=电影)|条(?=交互)|款", " "),
    (r"(?<=\d)\s*条", " "),
    (r"交互(?:记录|数)?", " interactions "),
    (r"本书|书籍|书", " books "),
    (r"读者", " users "),
    (r"每个?用户", " each user "),
    (r"平均", " on average "),
    (r"中位数", " the median "),
    (r"显著(?:地)?(?:优于|好于|高于)", " is clearly better than "),
    (r"优于|好于|胜过|超过了?", " is better than "),
    (r"不如|劣于|差于", " is worse than "),
    (r"不显著|没有显著差异|无显著差异|在噪声范围内", " is within noise "),
    (r"(?:都|均)?在\s*(?P<n>[\d.]+)\s*以上", r" are above \g<n> "),
    (r"(?:都|均)?在\s*(?P<n>[\d.]+)\s*以下", r" are below \g<n> "),
    (r"(?:大|超过)?约|大概|左右|将近", " about "),
    (r"分别", " "),
    (r"都|均", " all "),
    (r"提高了?|上升了?|增加了?", " rose by "),
    (r"降低了?|下降了?|减少了?", " fell by "),
    (r"达到了?|取得了?|为(?=\s*[\d约])", " reached "),
    (r"试验次数", " trials "),
    (r"延迟", " latency "),
)  # fmt: skip


def stated(text: str) -> str:
    """The English words of a Chinese statement, in its order."""
    text = re.sub(rf"(?P<a>{_DIGITS})\s*分之\s*(?P<b>{_DIGITS})", _fraction, text)
    text = re.sub(
        rf"(?:排名?|位居|位列|是|列)?第\s*(?P<n>{_DIGITS})(?!\s*(?:个|次|号|条)?\s*试验)(?:名|位)?", _ordinal, text
    )
    text = _THAN.sub(lambda m: f" is {_WAYS[m['way'][-1]]} than {m['other']} by ", text)
    text = re.sub(rf"(?P<n>{_DIGITS})\s*(?:次|个)试验", lambda m: f" {_number(m['n']):g} trials ", text)
    for pattern, english in _PHRASES:
        text = re.sub(pattern, english, text)
    return re.sub(r"\bby\s+(?=$|[.,;。，；])", "", gloss(text))


def _number(text: str) -> float:
    return float(text) if text.isdigit() else float(chinese_number(text) or 0)


def _fraction(match: "re.Match[str]") -> str:
    whole = _number(match["a"])
    return f" {100 * _number(match['b']) / whole:.2g} % " if whole else match[0]


def _ordinal(match: "re.Match[str]") -> str:
    n = int(_number(match["n"]))
    return f" ranks {_NTH[n - 1]} " if 0 < n <= len(_NTH) else match[0]
