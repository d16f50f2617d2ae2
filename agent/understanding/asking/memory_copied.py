"""A wish to have the memory in a file, which a command does and the chat does not: "export memory".

>>> memory_copied("export memory").answer
'The memory is written to a file by a command: `recpilot memory export FILE`. It holds what was learned and noted. Nothing was written.'
"""

import re

from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese

_WANTED = re.compile(
    r"^\W*(?:(?:please|pls|can\s+you|could\s+you|now)\s+)*(?:export|save|download|dump|back\s*up|write(?:\s+out)?)\s+"
    r"(?:(?:all|the|my|your|our|of|whole|entire|everything\s+in|contents\s+of)\s+)*(?:memory|memories|lessons|notes|(?:what\s+)?you\s+(?:remember|learned|know))"
    r"(?:\s+(?:and|or)\s+(?:notes|lessons|trials))?(?:\s+(?:to|as|into|in)\s+[^;!?]*)?(?:\s+please)?\W*$"
    r"|^\W*(?:请)?(?:把)?(?:导出|备份|保存|下载)(?:一下)?(?:所有|全部|你的|我的)*(?:记忆|笔记|经验)\W*$|^\W*(?:请)?把(?:所有|全部|你的|我的)*(?:记忆|笔记|经验)(?:导出|备份|保存|下载)[^?？]*$",
    re.IGNORECASE,
)


def memory_copied(say: str) -> Plan | None:
    """The answer with the command; None for any other message."""
    if _WANTED.match(say) is None:
        return None
    if is_chinese(say):
        return Plan(
            say=say,
            answer="记忆由命令写入文件：`recpilot memory export 文件`。其中有学到的和记下的内容。现在什么都没有写。",
        )
    return Plan(
        say=say,
        answer="The memory is written to a file by a command: `recpilot memory export FILE`. It holds what was learned and noted. Nothing was written.",
    )
