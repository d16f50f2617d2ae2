"""Names and notes in the person's own words, where the message was read through its gloss."""

import re
from dataclasses import replace

from agent.understanding.plan import Request

_NOTE = re.compile(r"(?:记住|记下来?|记一下|请记住|备注|别忘了)\s*[:：,，]?\s*(?P<said>.+?)\s*[。.!！]?\s*$", re.DOTALL)
_NAME = re.compile(
    r"(?:改名(?:为|叫|成)?|重命名(?:为|成)?|名字(?:叫|改成|是|为)|命名(?:为|成)?|叫(?:做|作|它)?|改叫|换个名字叫)\s*[:：]?\s*[“\"「『']?(?P<said>[^”\"」』'，。,;；!！?？\s][^”\"」』'，。,;；!！?？]*)"
)
_PATTERNS = {"text": _NOTE, "name": _NAME}


def verbatim(request: Request, say: str) -> Request:
    """The request with its note or its new name as it was said.

    Args:
        say: The message in Chinese.
    """
    found = dict(request.args)
    for name, pattern in _PATTERNS.items():
        if name in found and (match := pattern.search(say)) is not None:
            found[name] = re.sub(r"(?:吧|好了|，谢谢)$", "", match["said"].strip())
    return request if found == request.args else replace(request, args=found)
