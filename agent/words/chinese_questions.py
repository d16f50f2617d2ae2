"""Questions that Chinese asks in one idiom, in the words of their English twins; whole clauses, before a gloss word by word.

>>> in_english_words("第二好的是哪个？")
' which is the second best ？'
"""

import re

from agent.words.digits import chinese_number

_N = r"(?:\d+|[零〇一二两三四五六七八九十百]+)"
_TRIAL = r"(?:(?:试验|实验|trial)\s*(?:第\s*)?{n}\s*(?:号|次|个)?|第?\s*{n}\s*号\s*(?:试验|实验|trial)?|第\s*{n}\s*(?:次|个)\s*(?:试验|实验|trial))"
_NTHS = {"二": "second", "三": "third", "四": "fourth", "五": "fifth", "2": "second", "3": "third", "4": "fourth"}
_WHICH = r"(?:哪一?个|谁|什么|哪次|哪一次|多少)?"
_END = r"(?=\s*(?:$|[，,。；;!！?？呢吗]))"
_START = r"(?:(?<=^)|(?<=[，,。；;!！?？]))\s*"


def _trial(name: str) -> str:
    pattern = _TRIAL
    for place in ("", "2", "3"):
        pattern = pattern.replace("{n}", f"(?P<{name}{place}>{_N})", 1)
    return pattern


_QUESTIONS: tuple[tuple["re.Pattern[str]", str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (
            rf"{_START}(?:那|那么)?第(?P<nth>[二三四五234])(?:好|名|高)的?(?:试验|模型|结果)?(?:是|呢)?{_WHICH}(?:试验|模型|结果)?{_END}",
            "which is the {nth} best ",
        ),
        (
            rf"{_START}(?:它|最好的|结果)?(?:和|跟|与|同)\s*(?P<rival>[A-Za-z][\w-]*|默认值|基线)\s*(?:相比|比起来|比较|比)(?:起来|一下)?(?:怎么样|怎样|如何|好多少|好吗|有多好)?{_END}",
            "how does it compare with {rival}",
        ),
        (
            rf"{_START}(?:最好的)?(?:比|相比)\s*(?P<rival>默认值|基线|[A-Za-z][\w-]*)\s*(?:好|高|强)(?:了)?(?:多少|吗|没有?){_END}",
            "how does it compare with {rival}",
        ),
        (
            rf"{_START}{_trial('a')}\s*(?:和|跟|与|还是|、)\s*{_trial('b')}\s*(?:相比)?(?:哪一?个|谁)(?:更|比较)?(?:好|优|强|高){_END}",
            "which is better, trial {a} or trial {b}",
        ),
        (
            rf"{_START}{_trial('a')}\s*的\s*(?P<param>[A-Za-z]\w*|学习率|丢弃率)\s*(?:是|用了?|设成?了?|为)?(?:多少|什么|几){_END}",
            "what {param} did trial {a} have",
        ),
        (rf"{_START}(?:总共|一共)?有?(?:多少|几)(?:次|个)(?:试验)?失败了?{_END}", "how many trials failed"),
        (
            rf"{_START}(?:显示|列出|看看?)(?:一下)?(?:最好的)?前\s*(?P<n>{_N})\s*(?:名|个|位)(?:试验|结果)?{_END}",
            "list the trials",
        ),
        (rf"{_START}(?:一共|总共)?(?:用|花|跑|耗)了?(?:多长|多少)时间了?{_END}", "how long did it take"),
        (rf"{_START}(?:一共|总共)?(?:用|花|跑|耗)了多久了?{_END}", "how long did it take"),
        (rf"{_START}(?:数据|它)(?:里|中)?(?:有没有|有|带)时间(?:戳|列)?(?:吗)?{_END}", "does the data have times"),
        (rf"{_START}(?:你)?(?:还)?(?:记得|记住了?|记了)(?:些)?(?:什么|哪些)(?:东西)?{_END}", "what do you remember"),
    )
)
_RIVALS = {"默认值": "the defaults", "基线": "the baselines", "学习率": "learning rate", "丢弃率": "dropout"}


def in_english_words(text: str) -> str:
    """The text with each such question in English."""
    for pattern, english in _QUESTIONS:
        text = pattern.sub(lambda match, said=english: f" {said.format(**_values(match))} ", text)  # type: ignore[misc]
    return text


def _values(match: "re.Match[str]") -> dict[str, str]:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    values: dict[str, str] = {}
    for name, value in found.items():
        key = name.rstrip("23")
        is_number = key in ("a", "b", "n")
        values[key] = (
            str(chinese_number(value)) if is_number else _NTHS[value] if key == "nth" else _RIVALS.get(value, value)
        )
    return values
