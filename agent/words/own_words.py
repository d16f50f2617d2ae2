"""The person's own words of what was read from the gloss of a Chinese message.

>>> own_words("10 trials", "用 ease 在 demo 上调 10 次")
'10 次'
"""

import re

from agent.words.chinese import gloss

_PIECES = re.compile(r"[^，。；！？,;!?\n]+")
_LONGEST = 40  # characters that are looked through within a piece
_LEADS = "把将里中 "
_ENDS = " \t的了，。；、,.;:：!?！？"


def own_words(glossed: str, say: str) -> str:
    """The part of the message that means so and nothing else; as it is where none does.

    Args:
        glossed: English words of the gloss of `say`.
    """
    wanted = _plain(glossed)
    if not wanted or glossed in say:
        return glossed
    for piece in _PIECES.findall(say):
        if wanted not in _plain(gloss(piece)):
            continue
        found: list[str] = [
            part
            for start in range(min(len(piece), _LONGEST))
            for end in range(start + 1, min(len(piece), start + _LONGEST) + 1)
            if _plain(gloss(part := piece[start:end].lstrip(_LEADS).strip(_ENDS))) == wanted
        ]
        return max(found, key=len) if found else str(piece).strip()
    return glossed


def _plain(text: str) -> str:
    return re.sub(r"[^\w%.@-]+", " ", text.lower()).strip(" .")
