"""Chinese requests in English words, so that one reader serves both: the words that the commonest requests are made of.

>>> gloss("用 sasrec 在 demo 上调参，3 次试验")
'use sasrec on demo tune, 3 trials'
"""

import re
from collections.abc import Collection

from agent.words.chinese_phrases import in_english
from agent.words.chinese_questions import in_english_words
from agent.words.wide import narrow

_CJK = re.compile("[\u3400-\u9fff]")
_WORDS: dict[str, str] = {
    # greetings and small talk
    "你好": "hello", "您好": "hello", "谢谢": "thanks", "多谢": "thanks", "辛苦了": "thanks", "再见": "goodbye", "好的": "ok", "好吧": "ok", "可以": "can", "行": "ok", "对": "yes", "是的": "yes", "不错": "nice",
    "不用了": "no, never mind", "算了": "never mind", "没事": "never mind", "不对": "no, wait,", "说错了": "sorry, wrong,", "等等": "wait,", "等一下": "wait",
    # acts
    "停止": "stop", "停下来": "stop", "停掉": "stop", "停了": "stop", "停": "stop", "终止": "stop", "结束": "end", "暂停": "pause", "继续": "resume", "恢复": "resume", "接着": "go on", "重新开始": "start again",
    "开始": "start", "启动": "start", "调参": "tune", "调优": "tune", "调": "tune", "优化": "optimise", "训练": "train", "试试": "try", "尝试": "try", "试一下": "try", "试": "try", "跑一个": "run a", "跑": "run", "运行": "run", "执行": "run", "做": "do", "新建": "start a new", "建": "create",
    "导出": "export", "保存": "save", "下载": "download", "删除": "delete", "删掉": "delete", "删了": "delete", "移除": "remove", "去掉": "drop", "撤销": "undo", "撤回": "undo", "改回去": "undo that", "还原": "undo", "取消": "cancel",
    "添加": "add", "加上": "add", "加入": "add", "增加": "add", "加": "add", "再加": "add another", "按时间切分": "split by time", "按时间划分": "split by time", "按时间分割": "split by time", "随机划分": "random split", "随机切分": "random split", "导入": "import", "读取": "read", "加载": "load", "上传": "upload", "重命名为": "rename to", "重命名": "rename", "改名为": "rename to", "改名叫": "rename to", "改名": "rename", "命名为": "call it", "叫做": "called", "叫": "called",
    "打开": "open", "切换到": "switch to", "切换": "switch", "换成": "change to", "换到": "switch to", "设置": "set", "设为": "set to", "设成": "set to", "设定": "set", "调到": "set to", "改成": "change to", "改为": "change to", "修改": "change", "改": "change", "固定": "fix", "限制": "limit", "放宽": "widen", "缩小": "narrow", "扩大": "widen", "调低": "lower", "调高": "raise", "降低": "lower", "提高": "raise",
    "记住": "remember", "记下": "remember", "记一下": "remember", "忘掉": "forget", "忘记": "forget", "忘了": "forget",
    "推荐": "recommend", "解释": "explain", "说明": "explain", "比较": "compare", "对比": "compare", "显示": "show", "展示": "show", "列出": "list", "查看": "show", "看看": "show", "看一下": "show", "看": "see", "给我": "give me", "告诉我": "tell me", "确认": "confirm", "验证": "confirm", "预测": "predict", "计算": "calculate", "算一下": "calculate", "描述": "describe", "介绍": "describe", "搜索空间": "search space", "搜索": "search", "重复": "repeat", "重跑": "repeat", "再跑": "run again", "再来": "another", "延长": "extend", "批准": "approve", "同意": "approve", "审批": "approval",
    # things
    "数据集": "dataset", "数据": "data", "文件": "file", "模型": "model", "研究": "study", "实验": "study", "任务": "study", "试验": "trial", "次尝试": "trials", "参数重要性": "parameter importance", "参数": "parameter", "超参数": "hyperparameter", "报告": "report", "结果": "result", "记忆": "memory", "经验": "lessons", "教训": "lessons", "笔记": "notes", "历史": "history", "用户": "user", "客户": "customer", "物品": "items", "商品": "items", "电影": "movies", "东西": "items", "指标": "metric", "目标": "objective", "约束": "constraint", "进行到哪": "how far is it, what is the status", "进行得": "how is it going", "到哪一步": "how far is it, what is the status", "跑到哪": "how far is it, what is the status", "概况": "profile", "概览": "overview", "统计信息": "statistics", "进展": "progress", "进度": "progress", "状态": "status", "情况": "status", "剩余时间": "time left", "时间": "time", "种子": "seed", "轮次": "epochs", "轮": "epochs", "上限": "upper limit", "下限": "lower limit", "范围": "range", "默认值": "default", "默认": "default", "测试集": "test set", "验证集": "validation set", "测试": "test", "帕累托": "Pareto", "权衡": "trade-off", "取舍": "trade-off", "表格": "table", "列": "columns", "前几行": "first rows", "最热门": "most popular", "热门": "popular", "覆盖率": "coverage", "准确率": "accuracy", "延迟": "latency", "学习率": "learning rate", "丢弃率": "dropout", "批大小": "batch size", "批次大小": "batch size", "嵌入维度": "embedding size", "嵌入大小": "embedding size", "嵌入": "embedding", "层数": "n_layers", "负采样": "negative sampling", "权重衰减": "weight decay", "正则化": "regularization", "名字": "name", "空间": "space",
    # which
    "最好的": "the best", "最佳": "best", "最好": "best", "最优": "best", "最差的": "the worst", "最差": "worst", "最后一个": "the last one", "最后": "last", "最新": "latest", "最近": "latest", "上一个": "the previous one", "上次": "last time", "前一个": "the one before", "另一个": "the other", "那个": "that", "这个": "this", "哪些": "which", "哪个": "which", "哪一个": "which", "它": "it", "全部": "all", "所有": "all", "每个": "each", "每次": "each", "第二好": "second best", "第一个": "the first one", "一样": "the same", "同样": "the same",
    # asking
    "为什么": "why", "怎么样": "how is it", "怎么": "how", "如何": "how", "什么时候": "when", "什么": "what", "多少": "how many", "多久": "how long", "有没有": "is there", "有什么": "what", "有哪些": "which", "是什么": "what is", "能做什么": "what can you do", "是不是": "is it", "是否": "whether", "吗": "?", "呢": "?", "能不能": "can you", "能否": "can you", "可不可以": "can you", "可以吗": ", can you?", "应该": "should I", "要不要": "should we", "该不该": "should I", "如果": "if", "假如": "what if", "要是": "what if", "会怎样": "what would happen", "会怎么样": "what would happen", "会更好": "would be better", "哪里": "where", "谁": "who", "还要": "still need", "现在": "now", "目前": "now",
    # not and later
    "不要": "don't", "别": "don't", "不用": "no need to", "没有": "no", "没": "did not", "不": "not", "先别": "don't yet", "先不要": "don't yet", "先不": "don't yet", "暂时不": "for now don't", "暂时不要": "for now don't", "等": "when", "之后": "after", "以后": "later", "明天": "tomorrow", "完成": "finish", "跑完": "finishes", "然后": "then", "并且": "and", "并": "and", "和": "and", "与": "and", "还有": "and also", "以及": "and", "或者": "or", "或": "or", "但是": "but", "但": "but", "只": "only", "仅": "only", "就": "just", "也": "also", "再": "another", "多": "more",
    # amounts
    "小时": "hours", "个小时": "hours", "分钟": "minutes", "秒": "seconds", "天": "days", "毫秒": "ms", "至少": "at least", "最少": "at least", "不低于": "at least", "不少于": "at least", "以上": "or more", "至多": "at most", "最多": "at most", "不超过": "at most", "不高于": "at most", "不大于": "at most", "以内": "or less", "以下": "or less", "低于": "below", "小于": "below", "少于": "below", "高于": "above", "大于": "above", "超过": "above", "之间": "between", "到": "to", "至": "to", "大约": "about", "左右": "about", "翻倍": "double", "加倍": "double", "减半": "halve", "逐次减半": "successive halving", "连续减半": "successive halving", "逐次减半剪枝": "successive halving", "连续减半剪枝": "successive halving", "剪枝": "pruning", "不剪枝": "no pruning", "不要剪枝": "no pruning", "规则": "rules", "不用规则": "no rules", "不要规则": "no rules", "倍": "times the", "次": "trials", "个": "", "条": "items", "部": "movies", "件": "items", "层": "layers", "遍": "times", "一共": "in total", "总共": "in total", "总计": "in total",
    "采样器": "sampler", "采样": "sampling", "随机搜索": "random search", "随机采样": "random sampling", "随机种子": "seeds", "随机": "random", "贝叶斯优化": "Bayesian optimisation", "贝叶斯": "Bayesian", "高斯过程": "Gaussian process", "网格搜索": "grid search", "遗传算法": "genetic algorithm", "时间划分": "temporal split", "时间切分": "temporal split", "中位数": "median", "四分位": "quartile", "早停": "early stopping", "提前停止": "early stopping", "划分": "split", "切分": "split",
    "不同的": "different", "不同": "different", "选了": "choose", "选择": "choose", "选": "choose",
    # small words
    "请": "please", "帮我": "please", "麻烦": "please", "我想": "I want to", "我要": "I want to", "想要": "want", "想": "want to", "要": "want", "用": "use", "使用": "use", "在": "on", "对于": "for", "给": "to", "把": "", "将": "", "让": "let", "从": "from", "上的": "", "上": "", "中": "", "里": "", "的": "", "了": "", "吧": ", please", "啊": "", "呀": "", "嘛": "", "一下": "", "一个": "a", "一些": "some", "是": "is", "有": "there is", "会": "would", "能": "can", "我们": "we", "我": "I", "你": "you", "您": "you", "为": "for", "以": "with", "跟": "with", "比": "than", "更": "more", "大": "larger", "小": "smaller", "高": "higher", "低": "lower", "差": "worse", "不如": "worse than", "差不多": "about the same", "差距": "gap", "误差": "error", "标准差": "standard deviation", "方差": "variance", "更好": "better", "更差": "worse", "更快": "faster", "就好": ", please", "就行": ", please", "即可": ", please", "快": "faster", "慢": "slower", "好": "good", "新": "new", "旧": "old", "之前": "before", "已经": "already", "还": "still", "作为": "as", "名为": "called", "下一个": "next", "下一步": "next", "下一次": "next", "真的": "really", "显著": "significantly", "区别": "difference", "差别": "difference", "影响": "effect", "重要": "important", "安全": "is safe", "危险": "is dangerous", "必要": "is necessary", "值得": "is worth it", "学到": "learned",
}  # fmt: skip
_LONGEST = max(map(len, _WORDS))
_LISTS = str.maketrans("、", ",")
_NUMERALS = re.compile(
    r"[零〇一二两三四五六七八九十百千万]+(?=\s*(?:次|个|轮|条|层|倍|小时|分钟|秒|天|部|件|本|首|款|维|头|遍|号|$|[,，。；]))"
    r"|(?<=试验)[零〇一二三四五六七八九十百]+(?![下些点样直起共])"
)

_OTHERS = r"(?:半|小时|钟头|分钟|秒|天|星期|月|人|用户|种子|随机|模型|试验|实验|trial)"
_MEASURES = r"(?:个|本|部|件|首|款|条)(?:东西|物品|商品|电影|书)?"
_HALF_HOURS = re.compile(
    r"(?P<n>\d+|[一二两三四五六七八九十]+)\s*个?半\s*(?:小时|钟头)|(?P<m>\d+|[一二两三四五六七八九十]+)\s*个?(?:小时|钟头)半|半\s*个?(?:小时|钟头)"
)
"""Hours and a half: 一个半小时, 两小时半, 半小时."""


_NEGATED = re.compile(
    r"((?:(?:先|暂时)?不要(?!超过|多于|少于|低于|高于|大于|小于)|(?:先|暂时)不|先别|别(?!忘|的|人)|不用|不必|不想|不需要)[^，,。；;！!？?、\n]*?)(?:[，,]|(?=但是|但|而是|只要|只需))"
)
"""A negated clause up to its comma or conjunction, which ends there: what is said behind it is not negated."""


def is_chinese(text: str) -> bool:
    """Whether the text is written in Chinese, names and numbers aside; kana make it Japanese."""
    return len(_CJK.findall(text)) >= 1 and not re.search("[\u3040-\u30ff]|一時停止|再開|削除|実行|検索", text)


def gloss(text: str, ids: Collection[str] = ()) -> str:
    """The English words of a Chinese request, in its order; what has none stays as it is, and so does what is quoted.

    Args:
        ids: Names which stay as they are, too.
    """
    kept: list[str] = []

    def hold(said: str) -> str:
        kept.append(said.strip())
        return f" {_HELD}{chr(ord(_HELD) + len(kept))} "

    def keep(match: "re.Match[str]") -> str:
        return hold(match[0])

    named = "|".join(map(re.escape, sorted(ids, key=len, reverse=True))) or "(?!)"
    text = _NEW_NAME.sub(lambda match: f"{match[1]}{hold(match[2])}", text)
    text = re.sub(rf"{_QUOTED.pattern}|(?:{named})(?!\d)|{_AFTER_PERSON}", keep, text)
    if len(kept) < _MOST_KEPT and not _CJK.search(_CJK_ID.sub("", text)) and len(_LATIN.findall(text)) > 1:
        text = _CJK_ID.sub(keep, text)  # "recommend 3 items for 用户5"
    english = _glossed(text)
    return re.sub(rf"{_HELD}(.)", lambda match: kept[ord(match[1]) - ord(_HELD) - 1].translate(_QUOTES), english)


_COUNTS = (
    r"(?:的)?(?:评分|打分|分数)?(?:才|都|就|也)*(?:算|视为|当作|看作|作为|是)(?:是|作|为)?(?:用户)?(?:的)?喜欢(?:的)?"
)
_STARS = r"(?P<n>\d+(?:\.\d+)?)\s*(?:分|颗星|星)?"
_LIKES = (
    (
        re.compile(rf"(?:评分|打分|分数)?(?:大于|高于|超过)\s*{_STARS}{_COUNTS}"),
        r" ratings above \g<n> count as likes ",
    ),
    (
        re.compile(
            rf"(?:评分|打分|分数)?(?:(?:至少|不低于|不少于|从)\s*{_STARS}|\s*{_STARS.replace('<n>', '<m>')}\s*(?:及|或|和)?(?:其)?(?:以上|更高|起)){_COUNTS}"
        ),
        r" ratings of \g<n>\g<m> or more count as likes ",
    ),
    (re.compile(rf"(?:每个|所有|全部)(?:的)?评分{_COUNTS}"), " every rating counts as a like "),
)
"""Which ratings count as likes."""
_NUMBER_OF_STARS = re.compile(
    r"(?<![一二两三四五六七八九十])[一二两三四五六七八九十](?=颗?星(?!期)|分(?:以上|及以上|起))"
)
_HELD = "\uf000"
_MOST_KEPT = 1000
_NEW_NAME = re.compile(
    r"((?:改名|重命名|命名)(?:为|成|叫)|改叫)\s*([\u3400-\u9fff][\w\u3400-\u9fff-]*?)(?=吧|好了|[\s，,。；;!！?？]|$)"
)
"""A new name in Chinese, which is no word to be read."""
_QUOTES = str.maketrans("“”", '""')
_QUOTED = re.compile(r"“[^“”\n]{1,80}”|\"[^\"\n]{1,80}\"|`[^`\n]{1,80}`")
_AFTER_PERSON = r"(?<=用户|客户)\s*(?:用户|客户|会员|顾客|买家)[-_]?\d[\w-]*(?=\s|$|[，。,.!?])|(?<=用户|客户)\s*(?:用户|客户|会员|顾客|买家)[-_]?\d+"
_CJK_ID = re.compile("[\u3400-\u9fff]+[-_]?\\d[\\w-]*")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def glued_ids(text: str) -> tuple[str, ...]:
    """What may be an id as it stands, or a word and a number: "用户5"."""
    return tuple(dict.fromkeys(re.findall(r"(?:用户|客户|会员|顾客|买家)[-_]?\d+", text)))


def _glossed(text: str) -> str:
    text = _NUMBER_OF_STARS.sub(lambda match: str(_value(match[0])), text)
    for pattern, english in _LIKES:
        text = pattern.sub(english, text)
    text = re.sub(r"一[遍下]", " ", text)
    text = _HALF_HOURS.sub(lambda match: f" {_halves(match)} hours ", text)
    text = _NUMERALS.sub(lambda match: f" {_value(match[0])} ", text)
    text = _NEGATED.sub(r"\1；", in_english(in_english_words(text)))
    text = re.sub(r"百分之\s*(\d+)", r" \1% ", text)
    text = re.sub(r"第\s*(\d+)\s*条(?:笔记|经验|记录)?", r" note #\1 ", text)
    text = re.sub(r"第\s*(\d+)\s*(?:个|次|号)?\s*(?:试验|trials?)?", r" trial \1 ", text)
    text = re.sub(r"(?:试验|实验)\s*#?\s*(\d+)(?!\s*次)", r" trial \1 ", text)
    if re.search(r"试验|实验|\btrial", text):
        text = re.sub(r"(?<![月\d.])(\d+)\s*号(?:试验|实验|trial)?", r" trial \1 ", text)
    text = re.sub(r"(?:没有?|不如)\s*(trial \d+ )\s*(?:那么|那样|这么)?(?:好|高)?", r" worse than \1 ", text)
    text = (
        re.sub(rf"(\d+)\s*(?:次|个)(?:试验|实验|尝试)?(?!\s*{_OTHERS})", r" \1 trials ", text) if "次" in text else text
    )
    text = re.sub(rf"(\d+)\s*{_MEASURES}(?!\s*{_OTHERS})", r" \1 items ", text) if "推荐" in text else text
    pieces: list[str] = []
    place = 0
    while place < len(text):
        if not _CJK.match(text[place]):
            pieces.append(text[place])
            place += 1
            continue
        for size in range(min(_LONGEST, len(text) - place), 0, -1):
            if (word := _WORDS.get(text[place : place + size])) is not None:
                pieces.append(f" {word} ")
                place += size
                break
        else:
            pieces.append(text[place])
            place += 1
    english = re.sub(r"\s+", " ", narrow("".join(pieces)).translate(_LISTS)).strip()
    return re.sub(r"\s+([,.;:?!])", r"\1", english)


def _halves(match: "re.Match[str]") -> float:
    whole = match["n"] or match["m"]
    return 0.5 + (_value(whole) if whole else 0)


def _value(numeral: str) -> int:
    from agent.words.digits import chinese_number

    return chinese_number(numeral)
