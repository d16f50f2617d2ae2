"""Wishes that Chinese puts in one phrase and English in another order: `gloss` says them whole, before it goes word by word.

>>> in_english("每次试验前先问我，用 ease 在 demo 上调 4 次")
' ask me before each trial ，用 ease 在 demo 上调 4 次'
"""

import re

from agent.words.digits import chinese_number
from recmodels.models import MODELS

_MODEL = "|".join(re.escape(name).replace("_", "[-_ ]?") for name in sorted(MODELS, key=len, reverse=True))
_MODEL_LIST = rf"(?:{_MODEL})(?:\s*(?:、|,|，|和|与|或|以及)\s*(?:{_MODEL}))*"
_NOT = r"(?<![要能可想需])(?:不用|不必|不需要|无需|不要|别|不)"
_ASKED = r"(?:问(?:一下|问|过)?我(?:一声|一下|意见)?|征求(?:一下)?我的?(?:意见|同意)|(?:经过?|得到|等|取得)我的?(?:同意|批准|确认|许可)|(?:要|由|让|请|需要?|必须|得)我(?:来|先|亲自)*(?:批准|确认|同意|审批|点头))"
_BEFORE = r"(?:在?(?:每(?:一)?(?:次|个|轮)(?:的)?(?:试验|实验|训练|运行|trial)?|(?:试验|实验|运行|训练|开跑|跑)(?=[^，,。；;]{0,4}前))\s*(?:开始|运行|执行|跑|训练|做)?(?:之前|以前|前)?)"
_PAST = r"(?:任何|你的|我的|以前的?|过去的?|之前的?|历史的?|已有的?)*"
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), f" {english} ")
    for pattern, english in (
        (
            rf"(?:(?:从现在起|从今以后|以后|今后|之后|接下来|后面)(?:的试验)?[\s，,]*)?(?:我)?(?:每次)?(?:都|就|也)*{_NOT}(?:每次)?(?:都|再|先|来)*(?:{_ASKED}|(?<=再)问(?!题|为|什|怎|哪|谁))(?:了|[\s，,]*(?:直接|一直|继续|自己|就)+跑(?:完|到底|下去)?)*",
            "without approval",
        ),
        (
            rf"(?<!要不){_BEFORE}?(?:都|请|先|要|得|需要?|必须|应该|记得|[\s，,])*{_ASKED}(?:之?后)?(?:再|才)?(?:跑|运行|开始|执行)?",
            "ask me before each trial",
        ),
        (
            rf"{_NOT}(?:先)?(?:跑|测|测试|试|运行|训练|使用|用)?(?:一遍)?默认(?:值|参数|配置)?(?:的?试验)?|(?:跳过|略过|省略)(?:先?跑)?默认(?:值|参数|配置)?(?:的?试验)?",
            "without the defaults",
        ),
        (
            rf"(?:{_NOT}|禁用|关闭|忽略|关掉)(?:再|使用|用|采用|遵循|遵守|参考|理会)*(?:你的|任何|所有|内置的?|自带的?|现有的?)*规则",
            "no rules",
        ),
        (
            rf"(?:{_NOT}|忽略|抛开)(?:再|使用|用|参考|看|管|理会)*{_PAST}(?:记忆|历史(?:记录)?|经验|试验结果)",
            "without the memory",
        ),
        (
            rf"{_NOT}(?:再)?推荐(?:给)?(?:用户|他们|大家)?(?:已经|以前|之前|曾经?|已)*(?:购买|买|看|听|读|有|玩|消费|点)过的?(?:东西|物品|商品|电影|书|歌曲?|音乐)?",
            "hide what users had before",
        ),
        (
            r"(?:(?:用户|大家|人们|顾客)?(?:会|常常?|经常)(?:再次|反复|重复)(?:购买|买|听|看|消费)|(?:保留|允许)(?:重复|(?:买|看|听)过)的?(?:购买|物品|商品|东西)?)",
            "keep repeats",
        ),
        (
            rf"除了?\s*(?P<models>{_MODEL_LIST})\s*(?:以外|之外|外)?(?:的|，|,|\s)*(?:其他|其它|所有|全部|别的)*(?:的)?模型",
            r"all models except \g<models>",
        ),
        (rf"(?:{_NOT}(?:使用|用|试|跑|要)?|排除|不包括|不含)\s*(?=(?:{_MODEL})(?![\w-]))", "without"),
        (r"各(?:自|个)?(?:跑|调|试|做|来)?\s*(?P<n>\d+)\s*次(?:试验|实验)?", r"\g<n> trials each"),
        (
            r"(?:如果)?(?:连续)?\s*(?P<n>\d+)\s*(?:轮|个?\s*epochs?)(?:都)?(?:没有?|无)(?:任何)?(?:提升|提高|改善|改进|进步|变好)[，,]?(?:就|则|时)?(?:停止?|停下来?|终止|结束|早停)?(?:训练)?",
            r"stop after \g<n> epochs without improvement",
        ),
        (
            r"(?:如果)?(?:连续)?\s*(?P<n>\d+)\s*(?:次|个)(?:试验|实验)?(?:都)?(?:没有?|无)(?:任何)?(?:提升|提高|改善|改进|进步|变好)[，,]?(?:就|则|时)?(?:停止?|停下来?|终止|结束)?",
            r"minus \g<n> trials without improvement",
        ),
        (r"只(?:试|用|取|测)\s*(?=\d)", "only"),
        (r"固定(?:为|在|成|到)\s*(?=[\d.])", "fixed at"),
        (
            r"(?:这|那)一?(?:个|份|些|批)(?:新的?)?(?:数据)?文件|(?:我)?(?:刚刚?|刚才|新)?(?:上传|拖进来|拖入|发给你|给你|添加|导入)的(?:那个|这个)?(?:数据)?文件|(?:该|此|本)(?:数据)?文件|(?:这|那)一?(?:份|些|批)数据(?:集)?",
            "this dataset",
        ),
        (
            r"[，,]\s*其(?:他|它|余)(?:的|都|参数|设置|全部)*(?:用|保持|按)?默认(?:值|参数|设置|配置)?(?:就好|就行|即可)?(?=\W|$)",
            "",
        ),
        (r"留一法?(?:来)?(?:划分|切分|分割)?", "leave-one-out split"),
    )
)


_CLOCK = re.compile(
    r"(?:(?:一直)?(?:跑|运行|训练|调)?(?:到|至)|在)?(?:今天|今日|明天|明早|今)?(?P<part>凌晨|早上?|上午|中午|下午|傍晚|晚上?|夜里)?\s*(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:点钟?|时整?)(?:(?P<half>半)|(?P<minute>\d{1,2})\s*分)?(?:之前|以前|前|为止)?(?:就?停止?|结束)?"
)
_LATE = re.compile("下午|傍晚|晚|夜")


def in_english(text: str) -> str:
    """The text with what is such a wish in English."""
    text = _CLOCK.sub(_until, text)
    for pattern, english in _PHRASES:
        text = pattern.sub(english, text)
    return text


def _until(match: "re.Match[str]") -> str:
    """`until 22:30` of "到晚上十点半"; what is no time of a day stays."""
    if match["part"] is None and not re.search("[到至前]|为止", match[0]):
        return match[0]  # "3点建议": as many suggestions
    hour = int(match["hour"]) if match["hour"].isdecimal() else chinese_number(match["hour"])
    is_late = match["part"] is not None and _LATE.match(match["part"]) is not None
    hour += 12 if is_late and hour < 12 else 0
    minute = 30 if match["half"] else int(match["minute"] or 0)
    return f" until {hour:02d}:{minute:02d} " if hour < 24 and minute < 60 else match[0]
