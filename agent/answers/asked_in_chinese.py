"""Counts that answer a question about a dataset, in Chinese."""

import re
from collections.abc import Sequence

from agent.answers.wording import number, percent, table, unquoted
from agent.answers.wording_in_chinese import listed
from agent.results.asked import ColumnCounted, Counted, LeftOut, Ranked, Regular, Size

_N = r"([\d,]+)"
_REASONS: tuple[tuple[str, str], ...] = (
    (
        rf"as you said, only rows with (.+) are kept: {_N} of {_N}, {_N} are left out",
        r"按您说的，只保留 \1 的行：\3 行中保留 \2 行，去掉 \4 行",
    ),
    (
        rf"{_N} rows repeat another's user, item and time; each is kept once, the last of them",
        r"\1 行与另一行的用户、物品和时间相同，只保留最后一行",
    ),
    (
        rf"{_N} rows repeat another's user and item \(.+\); each is kept once, the last of them",
        r"\1 行与另一行的用户和物品相同（没有时间可以区分），只保留最后一行",
    ),
    (rf"{_N} of {_N} rows were left out, for the reasons said here(?: \(.+\))?", r"\2 行中去掉了 \1 行"),
    (rf"{_N} of {_N} rows have no (\w+) \(.+? in (.+)\) and were left out", r"\2 行中有 \1 行在 \4 中没有值，被去掉"),
    (
        rf"kept by choice \((.+)\): {_N} of {_N} events, {_N} of {_N} users, {_N} of {_N} items; {_N} events are left out",
        r"按选择保留（\1）：\3 个事件中保留 \2 个，去掉 \8 个；用户 \4/\5，物品 \6/\7",
    ),
    (rf"bots: {_N} users? with {_N} events are left out", r"机器人：去掉 \1 个用户的 \2 个事件"),
    (
        rf"more than {_N} events: {_N} users? with {_N} events are left out",
        r"多于 \1 个事件：去掉 \2 个用户的 \3 个事件",
    ),
)
"""The commonest notes on rows that were left out; others stand as they were noted."""
_SIDES = {"users": "用户", "items": "物品", "rows": "行"}
_PERIODS = {"month": "个月", "week": "周", "day": "天"}


def left_out(facts: LeftOut) -> str:
    if not facts.reasons and not facts.n_left_out:
        return f"**{facts.dataset}** 没有去掉任何行：{number(facts.n_kept)} 行全部保留。"
    n = f"去掉了 {number(facts.n_left_out)} 行" if facts.n_left_out else "去掉了一部分"
    only_rows = "这里只数了行，没有数用户。" if facts.of == "users" and facts.n_left_out else ""
    return f"**{facts.dataset}** {n}，保留 {number(facts.n_kept)} 行。{only_rows}\n{_bullets(facts.reasons)}"


def size(facts: Size) -> str:
    here = f"**{facts.dataset}** 有 {number(facts.n_users)} 个用户、{number(facts.n_items)} 个物品、{number(facts.n_rows)} 行"
    if not facts.against:
        return f"{here}。"
    there = facts.against
    return (
        f"{here}；**{facts.against_name}** 有 {number(there.get('n_users', 0))} 个用户、"
        f"{number(there.get('n_items', 0))} 个物品、{number(there.get('n_rows', 0))} 行。"
    )


def ranked(facts: Ranked) -> str:
    if not facts.rows:
        return f"**{facts.dataset}** 没有评分。"
    first = facts.rows[0]
    has_mean = any(row.mean is not None for row in facts.rows)
    rows = [(row.rank, unquoted(row.id), *((row.mean,) if has_mean else ()), row.n) for row in facts.rows]
    what = "用户" if facts.what == "top_users" else "物品"
    header = ("", what, *(("平均评分",) if has_mean else ()), "行数")
    if facts.what == "top_users":
        lead = f"**{facts.dataset}** 中记录最多的用户是 {unquoted(first.id)}（{number(first.n)} 行）"
    else:
        best = "最高" if facts.what == "top_rated" else "最低"
        lead = f"**{facts.dataset}** 中平均评分{best}的物品是 {unquoted(first.id)}（{number(first.mean)}，{number(first.n)} 行）"
        lead += f"；少于 {number(facts.least)} 行的物品不参加排名" if facts.least > 1 else ""
    return f"{lead}：\n\n{table(header, rows)}"


def share(facts: Counted) -> str:
    lines = "\n".join(f"- {_column(column)}" for column in facts.columns)
    asked = [(column, value) for column in facts.columns for value in column.values if value.is_asked]
    if asked:
        column, value = asked[0]
        users = "" if facts.n_users is None else f"，{number(facts.n_users)} 个用户"
        about = "约 " if facts.is_about else ""
        which = f"`{unquoted(column.column)}` = {unquoted(value.value)}"
        lead = f"**{facts.dataset}** 中 {which}：{about}{number(facts.n_rows)} 行{users}。"
        if facts.is_without:
            left = f"{number(facts.n_all)} 行中会剩下 {about}{number(facts.n_all - facts.n_rows)} 行"
            lead = f"如果去掉 **{facts.dataset}** 中 {which} 的 {number(facts.n_rows)} 行，{left}。没有执行任何操作。"
        return f"{lead}\n\n{lines}"
    noted = f"\n\n读取时的说明：\n{_bullets(facts.notes)}" if facts.notes else ""
    if facts.is_found:
        return f"**{facts.dataset}**：\n\n{lines}"
    can = f"可以问的有：\n\n{lines}" if facts.columns else "它没有保留可以计数的列。"
    return f"**{facts.dataset}** 中没有“{unquoted(facts.said)}”这个值或列，所以无法计数。{can}{noted}"


def _column(column: ColumnCounted) -> str:
    values = [f"{unquoted(one.value)}（{number(one.n)}）" for one in column.values]
    more = f"，还有 {number(column.n_more)} 个值" if column.n_more else ""
    return f"`{unquoted(column.column)}`（{number(column.n)} 个{_SIDES[column.side]}）：{listed(values)}{more}"


def regular(facts: Regular) -> str:
    if not facts.n_periods:
        return f"**{facts.dataset}** 没有时间。"
    lead = f"**{facts.dataset}** 的数据覆盖 {number(facts.n_periods)} {_PERIODS[facts.period]}，{number(facts.n_regular)} / {number(facts.n_users)} 个用户每{_PERIODS[facts.period].removeprefix('个')}都有记录"
    share_ = f"（{percent(facts.n_regular / max(facts.n_users, 1))}）"
    return f"{lead}{share_}{'：' if facts.users else '。'}{listed(unquoted(user) for user in facts.users)}"


def _bullets(notes: Sequence[str]) -> str:
    return "".join(f"\n- {reason(unquoted(note))}" for note in notes)


def reason(note: str) -> str:
    """A note on rows that were left out, in Chinese; itself where it is of another kind. A file's name stays before it."""
    plain = re.sub(r"\\([^\w\s])", r"\1", note)  # as it was before it was escaped for Markdown
    of_file = re.match(r"([^:]+\.\w+): ", plain)
    before, text = (f"{of_file[1]}：", plain[of_file.end() :]) if of_file is not None else ("", plain)
    for pattern, words in _REASONS:
        if (match := re.fullmatch(pattern, text)) is not None:
            return before + match.expand(words)
    return note
