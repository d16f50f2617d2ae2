"""A filter in Chinese, in the English words of one: "在 shop 里只要状态是已付款的", "去掉机器人", "2023年6月以后的".

>>> in_english("在 · 里只要状态是已付款的")
'keep only 状态=已付款'
"""

import re

_PUNCTUATION = str.maketrans("，。；：？！“”", ',.;:?!""')
_AWAY = r"(?:去掉|去除|删掉|删除|排除|剔除|移除|不要|除去|过滤掉|清除)"
_KEEP = r"(?:只要|只保留|仅保留|只留下|只留|只用|只看|只取|只需要|保留|留下|筛选出|筛选|过滤出|仅要|仅用)"
_BEFORE = r"(?P<before>^|[\s,;·]|里面?|中|上|请|帮我|然后|再|并)"
_MANY = r"(?P<how>少于|不到|小于|低于|不足|至少|不少于|不低于|大于等于|超过|多于|大于|高于|至多|最多|不超过|不多于)"
_HOW = {
    **dict.fromkeys(("少于", "不到", "小于", "低于", "不足"), "fewer than"),
    **dict.fromkeys(("至少", "不少于", "不低于", "大于等于"), "at least"),
    **dict.fromkeys(("超过", "多于", "大于", "高于"), "more than"),
    **dict.fromkeys(("至多", "最多", "不超过", "不多于"), "at most"),
}
_EVENTS = r"(?:条|次|个|件)?(?:的)?(?:记录|事件|交互|评分|购买|订单|行为|点击|浏览)?"
_WHO = r"(?P<who>用户|顾客|客户|买家|商品|物品|项目|电影|产品)"
_RATED = r"(?:评分|打分|分数|星级|权重)"
_STARS = r"(?:分|星|颗星)?"
_ISO = r"(?P<day>\d{4}(?:-\d{2}(?:-\d{2})?)?)"
_COLUMN = r"(?P<column>[A-Za-z_][A-Za-z0-9_.]*|[\u4e00-\u9fff]{1,8}?)"
_VALUE = r"(?P<value>\"[^\"]+\"|[^\s,;.的\"]+(?:\.\d+)?)"
_CONDITION = (
    rf"(?<![\u4e00-\u9fffA-Za-z0-9_=]){_COLUMN}\s*(?P<sign>不是|不等于|不为|≠|!=|>=|<=|是|为|等于|==?|>|<)\s*{_VALUE}"
)
_SIGNS = {"不是": "!=", "不等于": "!=", "不为": "!=", "≠": "!=", "是": "=", "为": "=", "等于": "=", "==": "="}
_FILLING = re.compile(
    r"(?:里面|里|中|上|在|的|那些|所有|全部|数据集|数据|记录|事件|行|部分|用户(?=的|$)|请|帮我|把|将|然后|再|并且|并|和|以及|、|吧|了)+"
)
ASKS = re.compile(r"[?？吗呢]|多少|几(?:条|个|行)|还剩|会怎|如果|假如|要是|是否")
_OTHER = re.compile(
    r"调参|调优|优化|训练|试验|研究|推荐|导出|追加|添加|加入|改名|重命名|撤销|笔记|记住|喜欢|参数|模型|次数"
)


def in_english(text: str, *, is_bare: bool = False) -> str | None:
    """The filter in English words; None where the text is no order that keeps a part.

    Args:
        text: With the name of the dataset as `·`.
        is_bare: No verb is needed: "2023年6月以后的".
    """
    text = text.translate(_PUNCTUATION)
    if _OTHER.search(text):
        return None
    text = re.sub(r"(?:在\s*)?·\s*(?:里面|里|中|上)的?", " · ", text)
    text = re.sub(rf"把(?P<what>.+?)(?P<verb>{_AWAY})", r" \g<verb>\g<what>", text)
    text, n_away = re.subn(rf"{_BEFORE}\s*{_AWAY}", r"\g<before> drop ", text)
    text, n_kept = re.subn(rf"{_BEFORE}\s*{_KEEP}", r"\g<before> keep only ", text)
    before = text
    text = _parts(text)
    if text == before or not (n_away or n_kept or is_bare):
        return None
    verb = re.search(r"\b(?:drop|keep only)\b", text)
    text = text if verb is None else text[verb.start() :]
    kept = [piece if "\x00" in piece else _FILLING.sub(" ", piece) for piece in re.split(r"(\x00[^\x00]*\x00)", text)]
    english = re.sub(r"\s+", " ", "".join(kept).replace("\x00", " ")).strip(" ,.·")
    return english if verb is not None else f"keep only {english.removeprefix('只').removeprefix('仅').strip()}"


def filter_clauses(say: str) -> tuple[list[str], list[str]]:
    """The clauses of a message that order to keep a part, and the others."""
    clauses = [one for one in re.split(r"[，。；,;]|\.(?=\s|$)", say) if one.strip()]
    kept = [one for one in clauses if in_english(one) is not None]
    return kept, [one for one in clauses if one not in kept]


def orders_part(say: str) -> bool:
    """Whether a message orders in Chinese to keep a part of a dataset."""
    return ASKS.search(say) is None and bool(filter_clauses(say)[0])


def asked_part(text: str) -> str | None:
    """The part that a question speaks of, as an order in English: "去掉机器人还剩多少行？"."""
    if ASKS.search(text) is None:
        return None
    plain = re.sub(r"如果|假如|要是|的话|我们|我|那么|[?？].*", " ", text)
    plain = re.sub(
        r"(?:还|会|一共|总共|大概|能)*(?:剩下?|留下|有|是)?(?:多少|几)(?:条|个|行)?.*|还剩.*|会(?:怎|有什么|发生).*",
        " ",
        plain,
    )
    return in_english(plain)


def _parts(text: str) -> str:
    """The text with each part that is known in English; what stands between zero signs is not read again."""
    text = re.sub(r"(\d{4})年(?:(\d{1,2})月份?(?:(\d{1,2})[日号])?)?", _day, text)
    text = re.sub(rf"(?:自从|自|从)?\s*{_ISO}\s*(?:及?以后|以来|开始|往后|起|及之后)", r" since \g<day> ", text)
    text = re.sub(rf"{_ISO}\s*(?:之后|后)", r" after \g<day> ", text)
    text = re.sub(rf"{_ISO}\s*(?:以前|之前|前)", r" before \g<day> ", text)
    text = re.sub(rf"(?:截至|截止到?|到|至)\s*{_ISO}\s*(?:为止)?", r" until \g<day> ", text)
    text = re.sub(r"(?:机器人|爬虫)(?:账号|用户)?", " bots ", text)
    n = r"\s*(?P<n>\d+(?:\.\d+)?)\s*"
    text = re.sub(rf"(?:有|记录|事件|评分|购买|订单)?数?{_MANY}\s*有?{n}{_EVENTS}的\s*{_WHO}", _of_many, text)
    text = re.sub(rf"(?:有)?{n}(?:条|次|个|件)?(?:及)?以上{_EVENTS}的\s*{_WHO}", _of_many, text)
    text = re.sub(
        rf"{_RATED}\s*(?:是|为|在)?\s*(?:不低于|不小于|至少|大于等于|>=){n}{_STARS}",
        r" ratings of at least \g<n> ",
        text,
    )
    text = re.sub(rf"{_RATED}\s*(?:是|为|在)?\s*{n}{_STARS}\s*(?:及|或|和)?以上", r" ratings of at least \g<n> ", text)
    text = re.sub(
        rf"(?<![\d.]){n}(?:分|星|颗星)\s*(?:及|或|和)?以上(?:的\s*{_RATED})?", r" ratings of at least \g<n> ", text
    )
    text = re.sub(rf"{_RATED}\s*(?:是|为|在)?\s*{n}{_STARS}\s*(?:及|或)?以下", r" ratings of at most \g<n> ", text)
    text = re.sub(rf"{_RATED}\s*(?:高于|大于|超过|>){n}{_STARS}", r" ratings above \g<n> ", text)
    text = re.sub(rf"{_RATED}\s*(?:低于|小于|不到|<){n}{_STARS}", r" ratings below \g<n> ", text)
    text = re.sub(rf"{_RATED}\s*(?:是|为|等于|=){n}{_STARS}", r" ratings of \g<n> ", text)
    return re.sub(_CONDITION, _condition, text)


def _day(match: re.Match[str]) -> str:
    return "-".join([match[1], *(f"{int(one):02d}" for one in match.groups()[1:] if one)])


def _of_many(match: re.Match[str]) -> str:
    how = _HOW.get(match.groupdict().get("how") or "至少", "at least")
    what = "items" if match["who"] in ("商品", "物品", "项目", "电影", "产品") else "users"
    return f" {what} with {how} {match['n']} events "


def _condition(match: re.Match[str]) -> str:
    sign = _SIGNS.get(match["sign"], match["sign"])
    value = re.sub(r"或者?|、", "|", match["value"].strip('"'))
    quoted = f'"{value}"' if " " in value else value
    return f" \x00{match['column']}{sign}{quoted}\x00 "


def counts_in_chinese(note: str) -> str:
    """ "That keeps 412 of 480 events, 55 of 60 users, 38 of 40 items." in Chinese; any other note as it is."""
    found = re.search(r"([\d,]+) of ([\d,]+) events, ([\d,]+) of ([\d,]+) users, ([\d,]+) of ([\d,]+) items", note)
    if found is None:
        return note
    return (
        f"会保留 {found[2]} 条事件中的 {found[1]} 条、{found[4]} 个用户中的 {found[3]} 个、"
        f"{found[6]} 个物品中的 {found[5]} 个。"
    )
