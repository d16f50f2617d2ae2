"""A dataset's counts in Chinese."""

from agent.answers.explain_counts import days
from agent.answers.wording import number, percent, table, unquoted
from agent.results.counts import Counts, Parts, RatingCounts, Times


def ratings(facts: RatingCounts) -> str:
    if not facts.n_values:
        return f"**{facts.dataset}** 没有评分，{facts.n_rows} 行同等计数。"
    column = f"（列 `{unquoted(facts.column)}`）" if facts.column else ""
    rows = [
        (number(row.low) if row.low == row.high else f"{number(row.low)}–{number(row.high)}", row.n, percent(row.share))
        for row in facts.rows
    ]
    head = f"**{facts.dataset}** 有 {facts.n_values} 个不同的评分{column}"
    likes = f"\n\n算作喜欢的评分：`{facts.positive}`。" if facts.positive else ""
    return f"{head}：\n\n{table(('评分', '行数', '占比'), rows)}{likes}"


def times(facts: Times) -> str:
    if facts.tied_share is None:
        return f"**{facts.dataset}** 没有时间。"
    if facts.what == "dates":
        first, last = days(facts.first, facts.last)
        return f"**{facts.dataset}** 的时间从 {first} 到 {last}（UTC）。"
    return (
        f"**{facts.dataset}** 从 {facts.first} 到 {facts.last}（UTC）。{percent(facts.tied_share)} 的行与同一用户的另一行时间"
        f"相同；{facts.n_users_tied_at_the_end} 个用户的最后一行没有自己的时间，{facts.n_users_of_one_moment} 个用户的所有行时间相同。"
    )


def counts(facts: Counts) -> str:
    found = (("用户", facts.users), ("物品", facts.items))
    rows = [
        (name, one.n, one.least, one.median, one.p90, one.most, *(percent(share) for share in one.below.values()))
        for name, one in found
    ]
    header = ("", "数量", "最少", "中位数", "90 %", "最多", *(f"少于 {n}" for n in facts.users.below))
    return f"**{facts.dataset}** 有 {facts.n_rows} 行：\n\n{table(header, rows)}"


def parts(facts: Parts) -> str:
    rows = [
        (name, part.n_rows, part.n_users, part.n_items, part.n_new_users, part.n_new_items, percent(part.new_share))
        for name, part in facts.parts.items()
    ]
    header = ("部分", "行数", "用户", "物品", "新用户", "新物品", "新行")
    after = facts.train_after_valid_share
    late = "" if after is None else f"\n\ntrain 中 {percent(after)} 的行晚于 valid 的第一行。"
    return f"**{facts.dataset}** 的划分（{facts.split}），“新”指 train 中没有：\n\n{table(header, rows)}{late}"
