"""How people call the columns of a role, in English, German and Chinese."""

import re

ROLE_WORDS = {
    "user": r"users?|persons?|people|customers?|buyers?|shoppers?|clients?|visitors?|members?|readers?|viewers?|players?|listeners?|reviewers?|borrowers?|students?|"
    r"(?:be)?nutzer(?:in|innen)?|kunden?|kundin(?:nen)?|käufer|besteller|leser|hörer|mitglied(?:er)?",
    "item": r"items?|things?|products?|articles?|movies?|films?|books?|titles?|songs?|tracks?|artists?|games?|videos?|courses?|recipes?|"
    r"artikel|produkte?|filme|buch|bücher|lieder",
    "weight": r"weights?|ratings?|scores?|stars?|votes?|likes?|grades?|counts?|plays|play\s?counts?|quantit(?:y|ies)|"
    r"bewertung(?:en)?|wertung(?:en)?|gewicht(?:e|ung)?|sterne|menge|anzahl",
    "time": r"times?|timestamps?|dates?|moments?|when|datum|zeit(?:punkt|stempel)?",
}
_CHINESE_WORDS = {
    "user": "用户|客户|会员|顾客|买家|读者|观众|玩家|学员|学生",
    "item": "物品|商品|产品|货品|电影|影片|书籍|图书|歌曲|游戏|课程|条目",
    "weight": "评分|权重|分数|打分|星级|数量|次数",
    "time": "时间戳|时间|日期|时刻",
}
_ROLE = "|".join(_CHINESE_WORDS.values())
_COLUMN = r"(?:列|字段|栏)"
_NAME = r"(?:[“\"「`][^”\"」`\n]{1,80}[”\"」`]|[A-Za-z_][\w.-]*|第?\s*\d{1,3})"
_HAN_NAME = r"(?!不|没|有|谁|什么|哪|多少|怎|否|几|每|所有|第|我|你|从|由|按|那|这|把|将|请|去掉|忽略|跳过)[\u3400-\u9fff][\w]{0,30}?"
_END = r"(?=\s*(?:[，,。；;、！!\n]|而|和|并|$))"
CHINESE_FORMS = (
    re.compile(
        rf"(?P<role>{_ROLE})(?:{_COLUMN}|\s*(?:ID|编号))*\s*(?:应该|应当|其实)?\s*(?:是|为|叫做?|在|用|改成|改为|改用|换成|应为|＝|=|：|:)\s*{_COLUMN}?\s*(?P<column>{_NAME})\s*(?:这一|那一)?{_COLUMN}?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:把|将|用)?\s*(?<![\w.-])(?P<column>{_NAME})\s*{_COLUMN}?\s*(?:是|作为|当作?|当成|设为|作)\s*(?P<role>{_ROLE})(?:{_COLUMN}|\s*(?:ID|编号))*{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<role>{_ROLE})(?:{_COLUMN}|\s*ID)*\s*(?:应该|应当|其实|要|得)?\s*(?:是|为|叫做?|用|改成|改为|改用|换成|应为|＝|=|：|:)\s*(?P<column>{_HAN_NAME})\s*(?:这一|那一)?{_COLUMN}?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?<=[，,。；;、！!\n\s])|^)(?:把|将|用|其中)?\s*(?P<column>{_HAN_NAME})\s*{_COLUMN}?\s*(?:才?是|作为|当作?|当成|设为|作)\s*(?P<role>{_ROLE})(?:{_COLUMN}|\s*ID)*{_END}",
        re.IGNORECASE,
    ),
)
"""`用户列是 kunde` and `kunde 是用户`; the last two with a column that is called in Chinese."""
CHINESE_IGNORED = (
    rf"(?:忽略|跳过|去掉|不要读?|不用|不读)\s*(?:{_COLUMN}\s*(?P<names>{_NAME})|(?P<names_2>{_NAME})\s*{_COLUMN}){_END}"
)


def role_of(word: str) -> str | None:
    """The role that a word stands for."""
    latin = (role for role, words in ROLE_WORDS.items() if re.fullmatch(words, word, re.IGNORECASE))
    chinese = (role for role, words in _CHINESE_WORDS.items() if re.fullmatch(words, word))
    return next(latin, None) or next(chinese, None)
