"""Questions in Chinese about what a dataset holds, several of them in one message.

>>> data_questions_in_chinese("loans 里一共多少读者，日期范围是什么？", ("loans",)).looks
({'what': 'size', 'of': 'users'}, {'what': 'dates'})
"""

import re
from collections.abc import Sequence

from agent.understanding.asking.data_questions import MAX_ROWS, DataQuestions, Look
from agent.understanding.asking.plain_question import NAMED, plain_question
from agent.words.digits import chinese_number

_USERS = r"(?:用户|读者|客户|顾客|买家|学员|学生|会员|成员|听众|观众|人)"
_ITEMS = r"(?:物品|商品|产品|图书|书籍|书|菜品|菜|课程|课|歌曲|歌|电影|文档|东西)"
_ROWS = r"(?:行|条记录|条|记录|数据|事件|交互|评分|订单|借阅|单|笔|次)"
_NOUNS = {"users": _USERS, "items": _ITEMS, "rows": _ROWS}
_GAP = r"[^，。？；?,;]*?"
_REST = r"[^，。？；?,;]*"
_ASKS = r"(?:哪些|哪几|多少|几|什么|为什么|有没有|是不是|是否)"
_OUT = r"(?:去掉|去除|没有?用|没有?用上|没有?读|没有?要|没有?保留|丢掉|丢弃|删掉|删除|过滤|排除|剔除|忽略|略过|跳过|不用|没用上|漏掉|少了)"
_COUNTED = r"(?:有)?(?:多少|几)\s*(?:个|位|名|本|种|部|首|门|份|件|款|道)?\s*(?:不同的|不重复的)?"
_KINDS: tuple[tuple[str, str], ...] = (
    (
        "left_out",
        rf"{_ASKS}{_GAP}{_OUT}{_REST}(?:[，,]?\s*(?:为什么|原因是什么|什么原因))?|{_OUT}了?(?:哪些|多少|几){_REST}",
    ),
    ("repeats", rf"(?:{_ASKS}|有){_GAP}重复{_REST}|重复的?{_ROWS}?(?:有)?多少{_REST}"),
    (
        "dates",
        r"(?:日期|时间)(?:的)?(?:范围|区间|跨度|段)(?:是|有)?(?:什么|多少|多长|哪些|怎样)?|(?:日期|时间)?是?从(?:哪天|哪一天|什么时候|何时|几号|哪个月)[^。？；?;]*?到(?:哪天|哪一天|什么时候|何时|几号|哪个月)?|最早和?最晚[^，。？]*|(?:什么|哪段|哪个)时间段|(?:最后|最早|最近)一(?:次|笔|条|单)[^，。？]*?(?:什么时候|哪天|何时)",
    ),
    (
        "head",
        rf"(?:给我|让我|请)?(?:看看|看一下|看|显示|列出|展示|打印){_GAP}(?:前|头)?\s*(?:\d+|[一二两三四五六七八九十几]+)\s*(?:行|条)(?:记录|数据|样例)?|前\s*(?:\d+|[一二两三四五六七八九十几]+)\s*(?:行|条)(?:记录|数据)?|(?:看看|看|显示|展示){_GAP}样例",
    ),
    (
        "top_users",
        rf"谁{_GAP}最(?:多|活跃)|(?:哪个|哪位|哪些){_USERS}{_GAP}最(?:多|活跃)|最活跃的?{_USERS}(?:是谁|有哪些)?",
    ),
    (
        "top_rated",
        rf"(?:哪个|哪本|哪些|哪道|哪部|哪门|什么){_ITEMS}{_GAP}(?:评分|星级|打分|评价)?最(?:高|好)|评分最高的?(?:{_ITEMS})?(?:是什么|是哪个|有哪些)?",
    ),
    (
        "popular",
        rf"(?:哪个|哪本|哪些|哪道|哪部|哪门|什么){_ITEMS}?{_GAP}(?:最(?:热门|受欢迎|多)|卖得最(?:好|多))(?:的)?|最(?:热门|受欢迎|畅销)的?{_ITEMS}?(?:是什么|是哪个|有哪些)?",
    ),
    ("columns", r"(?:有|用了|保留了|读了)?(?:哪些|什么|哪几)(?:个)?(?:列|字段)|(?:列|字段)(?:有哪些|是什么|都有什么)"),
    ("newest", r"(?:哪个|哪一个)数据集?(?:是)?最新|最新的(?:数据集|数据)是(?:哪个|什么)"),
    (
        "size",
        rf"{_COUNTED}{_USERS}(?:(?:和|、|以及|跟)(?:多少|几)?(?:个|本|种)?{_ITEMS})?|{_COUNTED}{_ITEMS}|{_COUNTED}{_ROWS}|(?:{_USERS}|{_ITEMS}|行)数(?:是|有)?多少|(?:{_USERS}|{_ITEMS}|订单|记录|评分)(?:一共)?有?多少(?:个|位|本)?",
    ),
)
_FILLERS = re.compile(
    r"这份|这个|那份|那个|该|数据集|数据|文件|表|里面|里边|其中|里|中|内|上|一共|总共|总计|共|现在|目前|有|是|的|了|吗|呢|呀|啊|都|被|和|与|跟|以及|还有|并且|请问|请|告诉我|"
    r"想知道|我|你|您|它|给|下|一下|看|会|到底|分别|各|为什么|原因|什么|多少|吧|说|么|在|从|到|条|行|个|如何|怎么样"
)
_BLOCKED = re.compile(
    r"如果|要是|假如|假设|会剩|失败|剪枝|调参|训练|试验|研究|模型|推荐|导出|追加|导入|添加|撤销|改名|确认|哈希|隐私|个人|邮箱|手机|地址|机器人|爬虫|版本|变化|区别|不同(?!的)|参数|验证|测试|评估|指标|种子|笔记|^\W*(?:请|把)?(?:去掉|删除|删掉|只保留|保留|只要|过滤)"
)


def data_questions_in_chinese(say: str, datasets: Sequence[str]) -> DataQuestions | None:
    """As `data_questions`."""
    plain = plain_question(say, datasets)
    rest = plain.text
    if _BLOCKED.search(rest):
        return None
    found: list[tuple[int, Look]] = []
    for what, pattern in _KINDS:
        found += [(match.start(), _look(what, match[0])) for match in re.finditer(pattern, rest)]
        rest = re.sub(pattern, lambda match: "¦" * len(match[0]), rest)
    if not found:
        return None
    left = re.sub(r"[\s¦，。？！；：、,?!;:.“”\"'（）()]", "", _FILLERS.sub("", re.sub(NAMED, "", rest)))
    looks = [look for _, look in sorted(found, key=lambda one: one[0])]
    if left:
        shares = [look for look in looks if look["what"] == "size"]
        if len(looks) != 1 or not shares or len(left) > _LONGEST_SAID:
            return None
        looks = [{"what": "share", "filter": left, "of": shares[0].get("of", "rows")}]
    unique: list[Look] = []
    for look in looks:
        if not any(look["what"] == one["what"] for one in unique):
            unique.append(look)
    return DataQuestions(looks=tuple(unique), named=tuple(dict.fromkeys(plain.named)))


_LONGEST_SAID = 12  # characters of what is counted, such as a value


def _look(what: str, said: str) -> Look:
    if what == "head":
        number = re.search(r"(\d+)|([一二两三四五六七八九十]+)(?=\s*(?:行|条))", said)
        if number is None:
            return {"what": what, "n_rows": 5}
        return {
            "what": what,
            "n_rows": max(1, min(MAX_ROWS, int(number[1]) if number[1] else chinese_number(number[2]))),
        }
    if what == "size":
        of = next((side for side, nouns in _NOUNS.items() if re.search(nouns, said)), "rows")
        return {"what": what, "of": of}
    return {"what": what}
