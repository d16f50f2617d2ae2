"""What is answered to a wish to delete the key of hashed ids: it is never deleted by a word, and nothing else is taken back.

>>> key_plan("forget the hash key") is None
False
>>> key_plan("remove the key metric") is None
True
"""

import re

from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese

_HASHED = (
    r"(?:hash(?:es|ed|ing)?|pseudonym\w*|encryption|encrypted|secret|ids?|salt)(?:\s+(?:ids?|user|users|e-?mails?))?"
)
_KEY = re.compile(
    rf"\b(?:remov\w+|delet\w+|forget\w*|eras\w+|drop\w*|destroy\w*|los(?:e|ing)|throw\w*|wip(?:e|ing)|purg\w+|discard\w*|rid|kill|bin|trash|undo|burn)\b"
    rf"(?=[^.;!?]*\bkeys?\b)[^.;!?]*\b(?:{_HASHED}\s+keys?|keys?\s+(?:of|for|to|behind|that)\s+(?:\w+\s+){{0,3}}{_HASHED})\b|"
    r"(?:删除|删掉|删了|移除|去掉|忘掉|忘记|销毁|清除|撤销).*(?:哈希|散列|加密|脱敏|假名).*(?:密钥|钥匙|key)|(?:哈希|散列|加密|脱敏|假名).*(?:密钥|钥匙).*(?:删除|删掉|删了|移除|去掉|忘掉|销毁|清除)",
    re.IGNORECASE,
)
_SAID = (
    "Nothing was deleted or taken back: I never delete the key of hashed ids; where it lies is said here. Who has it can find a known person "
    "again. Without it no id is found again, and no further file can be joined to a dataset with hashed ids. Delete the file yourself, "
    "once no such dataset shall grow any more; that cannot be taken back."
)
_SAID_IN_CHINESE = (
    "什么都没有删除，也没有撤销：哈希密钥从不由我删除，它的位置见下。有密钥的人能重新找到已知的人；没有它，就再也找不到任何编号，"
    "也不能再向含哈希编号的数据集追加文件。如果这些数据集不再增加，请自己删除该文件；这无法撤销。"
)


def key_plan(say: str) -> Plan | None:
    """The answer that says where the key lies and what its loss means; None for any other message."""
    if _KEY.search(say) is None or re.search(r"[?？]", say):
        return None
    shows = Request(tool="inspect_data", args={"what": "privacy", "filter": "hashed"}, words=say)
    return Plan(say=say, requests=(shows,), answer=_SAID_IN_CHINESE if is_chinese(say) else _SAID)
