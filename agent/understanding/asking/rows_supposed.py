"""How many rows would be left without those of a value that is only called by its name: "if I removed returned orders".

What a filter can say is counted by `agent.understanding.data.part_asked`.

>>> rows_supposed("if i removed returned orders as well, how many rows would be left?")
'returned'
"""

import re

_VERB = r"(?:remove[ds]?|dropp?(?:ed)?|exclude[ds]?|delete[ds]?|leave\s+out|left\s+out|ignored?|took\s+out|take\s+out|skip(?:ped)?|threw\s+away|throw\s+away)"
_ROWS = r"(?:rows?|orders?|events?|records?|ratings?|loans?|plays?|purchases?|ones?|entries|things|everything)"
_LEFT = r"how\s+(?:many|much)\b[^?]*\b(?:left|remain\w*|stay\w*|be\s+there)"
_ENGLISH = re.compile(
    rf"^\W*(?:(?:and|so|ok|hm+)\W+)*(?:if|when|suppose)\s+(?:i|we|you)\s+(?:also\s+)?(?:would\s+|were\s+to\s+)?{_VERB}\s+(?P<a>[^,?]+?)(?:\s+(?:as\s+well|too|also))?\s*,?\s*{_LEFT}\W*$|"
    rf"^\W*{_LEFT}\s+(?:in\s+\S+\s+)?(?:if|when)\s+(?:i|we|you)\s+(?:also\s+)?(?:would\s+|were\s+to\s+)?{_VERB}\s+(?P<b>[^?]+?)(?:\s+(?:as\s+well|too|also))?\W*$",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"^\W*(?:如果|要是|假如|假设)(?:我|我们)?(?:也|再)?(?:把)?(?:去掉|去除|删掉|删除|排除|不要|过滤掉)(?P<a>[^，,。？?]+?)(?:的)?(?:行|订单|记录|数据)?[，,]\s*(?:还)?(?:会)?(?:剩|剩下|留下|还有)(?:下)?(?:多少|几)(?:行|条|个|单)?[^，。？?]*\W*$"
)
_FILLERS = re.compile(rf"\b(?:the|all|any|those|that|are|were|which|with|{_ROWS}|out|is)\b", re.IGNORECASE)


def rows_supposed(say: str) -> str | None:
    """The words that name what would be left out; None for any other message."""
    match = _ENGLISH.match(say) or _CHINESE.match(say)
    if match is None:
        return None
    groups = match.groupdict()
    said = str(groups.get("a") or groups.get("b") or "")
    said = " ".join(_FILLERS.sub(" ", said).split()).strip("“”\"'")
    return said if 0 < len(said.split()) <= 4 else None
