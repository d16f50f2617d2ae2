"""What a Chinese message that adds a file says of its rows and ids: 状态为注销的不要, 只要馆区是东馆的, 用户做哈希.

>>> rows_apart("添加 loans.csv，状态为注销的不要")
('添加 loans.csv', ('状态!=注销',))
>>> hashed_apart("添加 loans.csv，用户做哈希")
('添加 loans.csv', ('user',))
"""

import re

from agent.understanding.data.role_words import role_of

_ROWS = r"(?:的)?(?:所有|全部)?(?:那些)?(?:行|记录|数据|订单|事件|流水|条目|那部分|部分)?"
_NAME = r"(?:[“\"「`][^”\"」`\n]{1,40}[”\"」`]|[^\W\d_][\w.]*?)"
_VALUE = r"(?:[“\"「`][^”\"」`\n]{1,40}[”\"」`]|[\w.:-]+?)"
_VALUES = rf"{_VALUE}(?:\s*(?:或者?|和|、|与|及|以及|\|)\s*{_VALUE})*?"
_COLUMN = rf"(?P<column>{_NAME})\s*(?:这一)?(?:列|字段|一栏)?(?:里|中)?(?:的)?(?:值)?"
_SIGNS = {
    "!=": r"不是|不为|不等于|!=|≠|<>",
    ">=": r"大于等于|不小于|不低于|不少于|至少(?:是|为)?|>=|≥",
    "<=": r"小于等于|不大于|不高于|不超过|至多(?:是|为)?|最多(?:是|为)?|<=|≤",
    ">": r"大于|高于|超过|多于|>|＞",
    "<": r"小于|低于|少于|不足|<|＜",
    "=": r"就是|是|为|等于|==?|＝",
}
_SIGN = "|".join(f"(?P<s{place}>{words})" for place, words in enumerate(_SIGNS.values()))
_CONDITION = rf"{_COLUMN}\s*(?:{_SIGN})\s*(?P<value>{_VALUES})"
_START = r"(?:^|(?<=[，,。；;、：:\n！!]))\s*(?:并且|而且|并|还有|另外|然后|再|请|也|其中|但是?|同时)*\s*"
_END = r"\s*(?=[，,。；;\n！!]|$)"
_AWAY = r"(?:去掉|去除|删除|删掉|排除|剔除|过滤掉|除去|除掉|除了|跳过|忽略|不要读?|不读|不用|不算|不计|去除掉)"
_KEEP = r"(?:只|仅|就)(?:需|想)?(?:要|读取?|读入|保留|留下?|看|用|取|算|包含|导入|加载)"
_AFTER_AWAY = r"(?:都|全部|一律|全|统统|就)*(?:不要|去掉|删掉|删除|排除|剔除|过滤掉|除外|不算|不读|不计|不用|跳过|忽略|扔掉)(?:掉|了|吧)*"
_AFTER_KEEP = r"(?:才|就)?(?:要|保留|留下|算|读)(?:了|吧)?"
_GONE = (
    rf"{_START}{_AWAY}\s*{_CONDITION}{_ROWS}(?:之外|以外|外)?{_END}",
    rf"{_START}(?:把|将)?\s*{_CONDITION}{_ROWS}{_AFTER_AWAY}{_END}",
)
_KEPT = (
    rf"{_START}{_KEEP}\s*{_CONDITION}{_ROWS}{_END}",
    rf"{_START}(?:把|将)?\s*{_CONDITION}{_ROWS}{_AFTER_KEEP}{_END}",
    rf"{_START}{_CONDITION}的{_ROWS}{_END}",  # 状态不是注销的
)
_OPPOSITE = {"=": "!=", "!=": "=", ">=": "<", "<": ">=", ">": "<=", "<=": ">"}

_PERSONS = "用户|客户|会员|顾客|买家|读者|观众|玩家|学员|学生|成员|人员|个人|身份|手机号?|电话|邮箱|邮件|证号"
_THINGS = "物品|商品|产品|图书|书籍|菜品|课程"
_HASHED = re.compile(
    rf"(?:并且|并|而且|同时|再|请|还要)*\s*(?:对|把|将|给)?\s*(?P<whose>(?:(?:{_PERSONS}|{_THINGS})(?:和|与|、)?)*)(?:的)?\s*(?:ID|编号|标识|号码?|列|地址)?\s*(?:都|要|请|需要?|必须|全部|也)*\s*"
    rf"(?P<done>(?:做|进行|加|取|用|改成|换成|变成|存成|转成)?(?:一下)?\s*(?:哈希|散列|假名)(?:化|处理|值|代替|存储|保存|一下|掉|了|吧)*)(?P<after>(?:{_PERSONS}|{_THINGS})(?:的)?(?:ID|编号)?{_END})?",
    re.IGNORECASE,
)
_NOT_HASHED = re.compile(r"(?:不|没|无|别)(?:要|用|需要?|必|做|想)*(?:做|进行)?(?:哈希|散列|假名)(?:化|处理)*")


def rows_apart(say: str) -> tuple[str, tuple[str, ...]]:
    """The message without what it says of rows, and the conditions as the command line takes them: `状态!=注销`."""
    where: list[str] = []
    rest = say
    for patterns, is_away in ((_GONE, True), (_KEPT, False)):
        for pattern in patterns:
            rest = _taken(pattern, rest, where, is_away=is_away)
    return (say, ()) if rest == say else (_tidy(rest), tuple(dict.fromkeys(where)))


def hashed_apart(say: str) -> tuple[str, tuple[str, ...]]:
    """The message without the words that have ids hashed, and whose these are."""
    found: list[str] = []

    def take(match: "re.Match[str]") -> str:
        if re.match(r"\s*(?:吗|么|？|\?)", match.string[match.end() :]):
            return match[0]
        found.append(match["whose"] or match["after"] or "")
        return ""

    rest = _HASHED.sub(take, plain := _NOT_HASHED.sub("", say))
    of_items = [whose for whose in found if re.search(_THINGS, whose)]
    of_users = [whose for whose in found if not whose or re.search(_PERSONS, whose)]
    hashed = (*(("user",) if of_users else ()), *(("item",) if of_items else ()))
    return (_tidy(rest), hashed) if hashed else (plain, ())


def _taken(pattern: str, text: str, where: list[str], *, is_away: bool) -> str:
    def take(match: "re.Match[str]") -> str:
        column = _unquoted(match["column"])
        sign = next(one for place, one in enumerate(_SIGNS) if match[f"s{place}"])
        if (sign == "=" and role_of(column)) or _NO_COLUMN.match(column):
            return match[0]  # 用户是读者证号 tells a column
        values = "|".join(map(_unquoted, re.split(r"\s*(?:或者?|和|、|与|及|以及|\|)\s*", match["value"])))
        if sign in ("=", "!=") or re.fullmatch(r"-?[\d.]+", values):
            where.append(f"{column}{_OPPOSITE[sign] if is_away else sign}{values}")
            return ""
        return match[0]

    return re.sub(pattern, take, text)


_NO_COLUMN = re.compile(r"(?:文件|数据|它|这|那|我|你|不|没|谁|什么|哪|多少|每)")


def _unquoted(text: str) -> str:
    return text.strip().strip('“”"「」`')


def _tidy(text: str) -> str:
    return re.sub(r"[，,；;、]\s*(?=[，,。；;、]|$)", "", text.strip()).strip(" ，,；;")
