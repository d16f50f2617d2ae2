"""A question about the page in the browser, answered with where it stands there: the theme, downloads, chats, figures.

>>> page_asked("how do I turn on dark mode?", Known()).answer
'The theme (as the system, light or dark) stands under **Settings**, at “This browser”.'
"""

import re
from dataclasses import dataclass

from agent import outside
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese

FIGURES: tuple[tuple[str, str, str], ...] = (
    ("curves", r"(?:learning|training|validation|loss)[\s-]+curves?|学习曲线", "Learning curves"),
    ("importance", r"importance", "Importance of params"),
    ("parallel", r"parallel(?:[\s-]+coordinates?)?", "Parallel coordinates"),
    ("contour", r"contours?", "Two params between the trials"),
    ("rank", r"rank", "Two params by rank"),
    ("slice", r"slices?", "Params one by one"),
    ("pareto", r"pareto|trade-?offs?", "Trade-offs"),
    ("edf", r"edf|distribution", "Distribution"),
    ("timeline", r"time-?line", "Timeline"),
    ("history", r"(?:optimi[sz]ation[\s-]+)?history|progress", "History"),
    ("studies", r"studies", "Studies compared"),
)
"""A figure of the Plots view by its name for `recpilot plot`: how people call it, and what stands over it."""
_DRAWN = r"(?:plots?|figures?|charts?|graphs?|diagrams?)"
_ALONE = ("curves", "timeline", "edf")  # that are called so without a word such as "plot"
_SHOWS = re.compile(
    r"^\W*(?:(?:please|and|now|ok(?:ay)?|can\s+you|could\s+you|can\s+i|i\s+(?:want|would\s+like)\s+to)\W+)*(?:show|draw|see|open|plot|display|give|where|how|is\s+there|are\s+there|let\s+me\s+see)\b|^\W*(?:the\s+)?[\w\s-]{3,30}\W*$|画|看|显示",
    re.IGNORECASE,
)
_ORDERS = re.compile(r"\b(?:tune|train|trials?\s+more|run|report)\b", re.IGNORECASE)
_WHERE = r"(?:where|how|which\s+(?:key|button|menu)|is\s+there|can\s+i|can\s+you|could\s+you|i\s+(?:cannot|can'?t|do\s+not|don'?t)\s+(?:find|see))\b[^.;]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One thing of the page: how it is asked for, and where it is."""

    asks: "re.Pattern[str]"
    says: str
    zh: str = ""


def _place(asks: str, says: str, zh: str = "") -> _Place:
    return _Place(asks=re.compile(asks, re.IGNORECASE), says=says, zh=zh)


_PLACES = (
    _place(
        r"\b(?:dark|light|night)\s*-?\s*(?:mode|theme|colou?rs?|background)\b|\b(?:colou?r\s+)?theme\b(?!\s+of\s+the\s+data)|深色|暗色|夜间模式|主题颜色",
        "The theme (as the system, light or dark) stands under **Settings**, at “This browser”.",
        "主题（跟随系统、浅色、深色）在页面的 **Settings**（设置）里的“This browser”。",
    ),
    _place(
        rf"\b{_WHERE}\b(?:rename|renamed|delete|deleted|remove|pin|unpin|export|save|download)\w*\b[^.;]*\b(?:chats?|conversations?)\b|^\W*(?:please\s+)?(?:rename|delete|remove|pin|unpin|export|download)\s+(?:this|the|my|that)\s+(?:chat|conversation)\b|(?:重命名|删除|导出|置顶).{{0,4}}(?:聊天|对话)",
        "The menu of a chat, next to its title at the left, renames, pins, exports (Markdown, JSON) and deletes it. "
        "**Settings** lists deleted chats for 30 days, to bring them back. I cannot do it from here, and nothing was done.",
        "聊天标题旁的菜单（页面左侧）可以重命名、置顶、导出（Markdown、JSON）和删除；删除的聊天在 **Settings** 里保留 30 天。什么都没有做。",
    ),
    _place(
        rf"\b{_WHERE}\b(?:bring|get|find|restore|recover|undelete)\w*\b[^.;]*\b(?:deleted|old|lost)\s+(?:chats?|conversations?)\b|\bdeleted\s+chats?\b",
        "**Settings** lists deleted chats for 30 days, with a button to bring each back. The box above the chats, at the left, searches the others (Ctrl + K).",
    ),
    _place(
        rf"\b{_WHERE}\b(?:search|find|look\s+for|new|start|begin|open)\w*\b[^.;]*\b(?:chats?|conversations?)\b",
        "The chats stand at the left: a button for a new one (Ctrl + Shift + O), and a box that searches what was said in all of them (Ctrl + K).",
    ),
    _place(
        r"\bdownload\s+(?:button|link|icon)\b|\b(?:where|how)\b[^.;]*\bdownload\w*\b(?!\s+(?:the\s+)?(?:data\s?sets?|movielens))|\bwhere\b[^.;]*\b(?:save|export)\s+(?:button|link)\b|(?:下载|导出)(?:按钮|在哪)|(?:哪里|怎么)下载",
        "Each thing has its download where it is shown: the **report** and the record of a confirmation in Overview, the **weights** in Overview and on the "
        "page of a trial (lists for all users there too), the **trials** as CSV in Trials, a **figure** in Plots, and a **chat** in its menu at the left.",
        "下载都在各自显示的地方：**报告**在 Overview，**权重**在 Overview 和每次试验的页面，**试验表**（CSV）在 Trials，**图**在 Plots，**聊天**在它的菜单里。",
    ),
    _place(
        rf"\b{_WHERE}\b(?:change|switch|choose|select|set|attach|use|connect|configure|find)\w*\b[^.;]*\b(?:language\s+model|llms?|chat\s+model|api\s+key)\b",
        "The language model of the chat is chosen under **Settings**, which also tests it. `recpilot ui --llm …` sets it when the program starts.",
    ),
    _place(
        rf"\b{_WHERE}\b(?:notif\w+|notice|alert\w*|told\s+when)\b",
        "**Settings**, at “This browser”, has a notification for when a study ends or waits for an answer.",
    ),
    _place(
        r"\b(?:keyboard\s+)?short-?cuts?\b|\bwhich\s+keys?\b|\bhot-?keys?\b|快捷键",
        "Enter sends, Shift + Enter begins a line, arrow up brings the last message again, Escape stops the answer, Ctrl + K searches the chats, "
        "Ctrl + Shift + O opens a new one, / goes to the message box, and ? opens the help with all of them.",
    ),
    _place(
        rf"\b{_WHERE}\b(?:log|sign)\s*-?\s*(?:out|off)\b",
        "Where people log in, **Settings** has “Log out”, with the name of who is logged in.",
    ),
    _place(
        rf"\b{_WHERE}\b(?:compact|density|denser|font|text)\s*(?:mode|size|larger|smaller)?\b[^.;]*\b(?:page|mode|size|density|bigger|larger|smaller)\b",
        "The density stands under **Settings**, at “This browser”; the size of the text is your browser's (Ctrl and + or -).",
    ),
    _place(
        r"\b(?:where|how)\s+(?:is|are|do\s+i\s+(?:find|open|get\s+to|see)|can\s+i\s+(?:find|open|see))\s+(?:the\s+|your\s+)?(?:settings?|help|sidebar|menu|overview|search\s+space\s+view)(?:\s+(?:page|view|tab))?\W*$",
        "**Studies, Datasets, Memory, Settings and Help** stand at the left, below the chats; **Overview, Trials, Plots** and the other views of a study "
        "stand over it at the right. On a narrow screen they are tabs.",
    ),
)


def page_asked(say: str, known: Known) -> Plan | None:
    """The answer to a question about the page, or to a wish to see a figure; None for any other message."""
    text = say.replace("\u2019", "'")
    found = next((one for one in _PLACES if one.asks.search(text)), None)
    if found is not None:
        return Plan(say=say, answer=found.zh if found.zh and is_chinese(say) else found.says)
    return _figure_asked(say, text, known)


def _figure_asked(say: str, text: str, known: Known) -> Plan | None:
    if not _SHOWS.search(text) or _ORDERS.search(text) or re.search(r"\bwhat\s+(?:is|are|does)\b|\bwhy\b", text, re.I):
        return None
    named = next((one for one in FIGURES if _names(one, text)), None)
    drawn = re.search(rf"\b{_DRAWN}\b", text, re.IGNORECASE)
    if named is None and (drawn is None or not re.search(r"\b(?:show|draw|where|see|open|any)\b", text, re.IGNORECASE)):
        return None
    if known.study is None:
        return Plan(say=say, answer="There is no study yet; once there is one, its **Plots** view draws its figures.")
    study = outside.text(known.study)
    if named is None:
        kinds = ", ".join(title.lower() for _, _, title in FIGURES)
        return Plan(
            say=say, answer=f"The **Plots** view of a study draws them: {kinds}. I write no figures into the chat."
        )
    kind, _, title = named
    answer = f"The **Plots** view of {study} draws it, as “{title}”, with its values as a table and as files. I draw no figures in the chat; on the command line it is `recpilot plot {study} {kind}`."
    return Plan(say=say, answer=answer)


def _names(figure: tuple[str, str, str], text: str) -> bool:
    """Whether the words speak of this figure, and not only of what it shows."""
    kind, words, _ = figure
    if kind in _ALONE and re.search(rf"\b(?:{words})|学习曲线", text, re.IGNORECASE):
        return True
    return (
        re.search(rf"\b(?:{words})[\s-]+{_DRAWN}\b|\b{_DRAWN}\s+of\s+(?:the\s+)?(?:{words})\b", text, re.IGNORECASE)
        is not None
    )
