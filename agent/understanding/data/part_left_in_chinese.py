"""What an order to tune says in Chinese of a part of the data that is not read: `part_left` for Chinese.

>>> say = "在 shop 上用 ease 调参，去掉测试账号，2次试验"
>>> part_left_in_chinese(say, read(gloss(say), Names(datasets=("shop",))))
('去掉测试账号',)
"""

import re

from agent.words.said import Said

_PIECES = re.compile(r"[，。；、！？,;!?\n]|然后|并且")
_MARKED = re.compile(
    r"只要|只用|只看|只保留|只取|只留|仅用|仅看|仅限|仅|只(?=[^是有想要能会])|不要|不含|不包括|不算|去掉|去除|除了|除去|除外|排除|剔除|删掉|删去|"
    r"过滤|忽略|跳过|不考虑|没有(?=.*的)|以来|以后|之后|以前|之前|去重|"
    r"(?:至少|最多|不少于|不超过|少于|多于)(?=.*(?:评分|订单|记录|交互|事件|行为|购买|点击|用户|物品|商品))"
)
_NO_PART = re.compile(
    r"问我|着急|太久|太长|开始|停|等|确认|批准|同意|告诉|担心|客气|超时|限制|重复|买过|看过|听过|有过|喜欢|每次|试验|次数|分钟|小时|"
    r"模型|试试|参数|指标|目标|时间切分|种子|轮|剪枝|基线|推荐|调参|训练|跑|规则|只(?:试|用|取|测)\s*\d+(?:\.\d+)?\s*(?:$|和|或|、|到)(?!.*年)"
)
"""What a study speaks of itself."""
_FILLERS = re.compile(
    r"[\s的上在用对和与及或都就也了吧请我们这那个些数据集做来要把是有里中仅只“”\"'：:]|[^\w\u3400-\u9fff]"
)


def part_left_in_chinese(say: str, said: Said) -> tuple[str, ...]:
    """The pieces of a message that seem to leave out, or to choose, a part of the data.

    Args:
        said: Its gloss, whose names and amounts are known.
    """
    names = sorted({said.words(span) for span in said.spans if span.kind != "number"}, key=len, reverse=True)
    found = []
    for piece in _PIECES.split(say):
        if _MARKED.search(piece) is None or _NO_PART.search(piece):
            continue
        rest = _MARKED.sub("", piece)
        for name in names:
            rest = re.sub(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", "", rest)
        if _FILLERS.sub("", rest):
            found.append(piece.strip())
    return tuple(dict.fromkeys(found))
