"""What is told of a dataset, sentence by sentence, in Chinese; a sentence that is not known here stays as it is.

>>> in_chinese("users: 50, of them 10 new; 0 are gone")
'用户：50，其中新增 10，减少 0'
"""

import re

from agent.answers.wording import unquoted
from agent.results.data import DataTold

_N = r"(-?[\d,.]+)"
_WORDS = {
    "no drift": "没有漂移",
    "some drift": "有一些漂移",
    "strong drift": "漂移很大",
    "popularity of items": "物品的热门程度",
    "events a user": "每个用户的事件数",
    "weights": "权重",
    "labels": "标签",
    "new events": "新事件",
    "as events were added": "因为加入了新的事件",
    ", which chance can explain": "，可以用偶然解释",
    "users and items": "用户和物品",
    "users": "用户",
    "items": "物品",
}
_OF = "|".join(("popularity of items", "events a user", "weights", "labels"))
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"From (\S+) to (\S+):", r"从 \1 到 \2："),
    (
        rf"(\S+) has {_N} events, (\S+) has {_N}: {_N} are new, {_N} are gone",
        r"\1 有 \2 个事件，\3 有 \4 个：新增 \5，减少 \6",
    ),
    (rf"users: {_N}, of them {_N} new; {_N} are gone", r"用户：\1，其中新增 \2，减少 \3"),
    (rf"items: {_N}, of them {_N} new; {_N} are gone", r"物品：\1，其中新增 \2，减少 \3"),
    (rf"{_N} % of the new events are of new items", r"新事件中有 \1 % 是关于新物品的"),
    (r"time: (\S+) to (\S+); (\S+): (\S+) to (\S+)", r"时间：\1 至 \2；\3：\4 至 \5"),
    (
        rf"the new events: (\S+) to (\S+), {_N} % of them after the last one of (\S+)",
        r"新事件：\1 至 \2，其中 \3 % 晚于 \4 的最后一个事件",
    ),
    (
        rf"({_OF}): changed by what you chose to keep( \(mean (\S+) → (\S+)\))?",
        r"{\1}：因您选择保留的部分而改变[[2:（均值 \3 → \4）]]",
    ),
    (
        rf"({_OF}), (\S+) → (.+?): mean (\S+) → (\S+), as events were added",
        r"{\1}，\2 → {\3}：均值 \4 → \5，因为加入了新的事件",
    ),
    (
        rf"({_OF}), (\S+) → (.+?): (no drift|some drift|strong drift) \((?:mean (\S+) → ([^;]+); )?PSI (\S+); (\S+) test, p (. \S+?)(, which chance can explain)?\)",
        r"{\1}，\2 → {\3}：{\4}（PSI \7，p \9{\10}）",
    ),
    (r"(\S+) is the only version that there is\.", r"\1 是唯一的版本。"),
    (r"(\S+) is version 1; made of it:", r"\1 是第 1 版；由它得到的有："),
    (r"These datasets are versions of others:", "这些数据集是其他数据集的版本："),
    (r"No dataset is a version of another one\.", "没有数据集是另一个数据集的版本。"),
    (
        rf"(\S+): version (\d+), from (\S+): (.+) appended; {_N} events, made at (\S+)",
        r"\1：第 \2 版，由 \3 追加 \4 得到；\5 个事件，生成于 \6",
    ),
    (
        rf"(\S+): version (\d+), from (\S+): (.+); {_N} events, made at (\S+)",
        r"\1：第 \2 版，由 \3 筛选得到（\4）；\5 个事件，生成于 \6",
    ),
    (
        rf"(\S+) differs from (\S+): {_N} new events?, {_N} new users?, {_N} new items?(?:, {_N} events? gone)?(?:; it ends {_N} days later)?\.",
        r"\1 与 \2 相比：新增 \3 个事件、\4 个用户、\5 个物品[[6:，减少 \6 个事件]][[7:，晚 \7 天结束]]。",
    ),
    (
        rf"(\S+) \({_N} events\) is the only version, and no study used it yet\.",
        r"\1（\2 个事件）是唯一的版本，还没有研究用过它。",
    ),
    (
        rf"(\S+) \({_N} events\) is the only version: .*",
        r"\1（\2 个事件）是唯一的版本：数据集读入后不再改变，所以在它上面的研究仍然有效，没有新的数据需要重新调参。",
    ),
    (
        r"study (\S+) used (\S+) \(version (\d+)\): no trial has a value yet",
        r"研究 \1 用的是 \2（第 \3 版）：还没有试验有结果",
    ),
    (
        r"study (\S+) used (\S+) \(version (\d+)\): best (\S+) (\S+) \(trial (\d+)\)",
        r"研究 \1 用的是 \2（第 \3 版）：最好的 \4 为 \5（试验 \6）",
    ),
    (
        r"the figures of (.+) hold for the rows that they were measured on, which are unchanged; nothing of them was measured on (\S+)",
        r"\1 的结果对当时测量的数据仍然有效，那些数据没有改变；它们没有在 \2 上测量过",
    ),
    (r"so tune again: .*", "所以应该重新调参：数据漂移很大，原来最好的参数可能不再是最好的"),
    (r"so a few trials are worth it: .*", "所以值得再做几次试验：数据有一些漂移"),
    (r"so there is no sign .*", "所以没有迹象表明别的参数会更好：用原来最好的参数在新数据上训练可能就够了"),
    (
        r"say .retune (\S+) on (\S+), (\d+) trials. to know: .*",
        r"想知道，请说“retune \1 on \2, \3 trials”：第一次试验用 \1 最好的参数在新数据上跑，第二次用默认值，最后会说原来的是否仍然最好",
    ),
    (r"(\S+) was tuned on already, by (.+)", r"\1 上已经调过参：\2"),
    (
        r"Only (\S+), who runs recpilot here, .*",
        r"只有在这里运行 recpilot 的 \1 和这台机器的管理员；其目录对其他人关闭。",
    ),
    (
        r"Others with an account on this machine can read some of it: (.+)\.",
        r"这台机器上的其他账号能读其中一部分：\1。",
    ),
    (r"No: nothing is sent away\.", "不会：什么都不会发送出去。"),
    (r"Yes, some of it is sent to a server\.", "会：其中一部分会发送到服务器。"),
    (r"Yes: the ids of users are keyed hashes in (.+)\.", r"是的：\1 中用户的 ID 是带密钥的哈希。"),
    (
        r"Not in the data: (.+) holds keyed hashes, no id of a user\. .*",
        r"数据里看不到：\1 中只有带密钥的哈希，没有用户的 ID。您交来的原文件里仍然有。",
    ),
    (
        r"No: the ids of users are not hashed( in .+)?; they are kept as they are\.",
        r"没有：用户的 ID 没有哈希，按原样保存。",
    ),
    (r"Yes: the ids of users are not hashed( in .+)?; they can still be seen\.", r"能：用户的 ID 没有哈希，仍然可见。"),
    (
        r"On this machine, in (.+); your own files stay where they are\.",
        r"在这台机器上，位于 \1；您自己的文件留在原处。",
    ),
    (
        r"(.+?) keeps? keyed hashes in place of the ids of (users and items|users|items): pseudonyms; who has the key (.+) can find a known person again",
        r"\1 用带密钥的哈希（假名）代替{\2}的 ID；持有密钥 \3 的人可以再次找到已知的人",
    ),
    (
        r"(.+?) keeps? the ids of users as the file has them(, e-mail addresses among them)?",
        r"\1 按文件原样保存用户的 ID[[2:（其中有邮箱地址）]]",
    ),
    (r"say .add FILE with hashed user ids. .*", "说“add FILE with hashed user ids”可以改为保存带密钥的哈希"),
    (r"(\S+) lies in (.+) \((.+)\)", r"\1 位于 \2（\3）"),
    (
        r"your own file stays as it is: (.+?)(, which others on this machine can read)?",
        r"您自己的文件不变：\1[[2:（这台机器上的其他人可以读）]]",
    ),
    (
        r"copies of what was dropped into chats, as it was dropped: (.+) \((.+), (.+)\)",
        r"拖进聊天的文件的原样副本：\1（\2 个，\3）",
    ),
    (r"chats keep what was typed and shown, ids too: (.+)", r"聊天保存输入和显示过的内容，包括 ID：\1"),
    (
        r"removed, and kept so that undo brings it back: (\S+) in (.+) \((.+)\)",
        r"已移除、为撤销而保留：\1，位于 \2（\3）",
    ),
    (r"others on this machine may read (.+); `(.+)` closes it", r"这台机器上的其他人可以读 \1；`\2` 可以关闭"),
    (r"the files of (.+) belong to (\S+); whoever .*", r"\1 的文件属于 \2；能登录页面的人都能看到其中的所有数据集"),
    (r"nothing is sent away: .*", "什么都不会发送出去：语言模型、记忆和账本都在这台机器上"),
    (r"sent to servers: (.+)", r"发送到服务器：\1"),
)


def told(facts: DataTold) -> str:
    """As `explain_data.told`."""
    lead = in_chinese(unquoted(facts.lead))
    return lead + (
        "\n\n" + "\n".join(f"- {in_chinese(unquoted(one))}" for one in facts.sentences) if facts.sentences else ""
    )


def in_chinese(text: str) -> str:
    """A sentence of the tool in Chinese; itself where it is of another kind."""
    plain = re.sub(r"\\([^\w\s])", r"\1", text)  # as it was before it was escaped for Markdown
    for pattern, words in _PATTERNS:
        if (match := re.fullmatch(pattern, plain)) is not None:
            return _filled(words, match)
    return text


def _filled(words: str, match: "re.Match[str]") -> str:
    """The words with the groups of the match; `{…}` is a word of the field, `[[2:…]]` stands where the second group does."""
    groups = ["", *(group or "" for group in match.groups())]

    def put(text: str) -> str:
        text = re.sub(r"\\(\d+)", lambda one: groups[int(one[1])], text)
        return re.sub(r"\{([^{}]*)\}", lambda one: _WORDS.get(one[1], one[1]), text)

    def maybe(one: "re.Match[str]") -> str:
        return one[2] if groups[int(one[1])] else ""

    return put(re.sub(r"\[\[(\d+):(.*?)\]\]", maybe, words))
