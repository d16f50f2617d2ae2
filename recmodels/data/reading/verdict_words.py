"""Words for a like and a dislike, as numbers: up and down, good and bad, recommended or not."""

import polars as pl

_GOOD = (
    *("up", "thumbsup", "thumbup", "upvote", "upvoted", "like", "liked", "likes", "love", "loved", "loves", "good"),
    *(
        "great",
        "positive",
        "pos",
        "recommended",
        "recommend",
        "fresh",
        "gut",
        "positiv",
        "empfohlen",
        "喜欢",
        "好评",
        "赞",
        "推荐",
    ),
)
_BAD = (
    *("down", "thumbsdown", "thumbdown", "downvote", "downvoted", "dislike", "disliked", "dislikes", "hate", "hated"),
    *("hates", "bad", "negative", "neg", "notrecommended", "notrecommend", "dontrecommend", "notliked", "rotten"),
    *("schlecht", "negativ", "nichtempfohlen", "不喜欢", "差评", "踩", "不推荐"),
)
_NEITHER = ("neutral", "ok", "okay", "meh", "mixed", "中评", "一般")
_HOW_MUCH = r"^(strongly|really|somewhat|slightly)"
_NOT_RATED = ("notseen", "notrated", "unrated", "unseen", "notread", "notplayed", "dontknow", "notapplicable")
_PICTURES = {"👍": "up", "👎": "down", "❤": "love", "💔": "hate"}
MAX_WORDS = 12  # different ones in a column of verdicts


def numbers_of(texts: pl.Series) -> pl.Series:
    """1 for a like, -1 for a dislike, 0 for neither, null for another word. Float64."""
    pictured = texts.str.replace_many(list(_PICTURES), list(_PICTURES.values()))
    words = pictured.str.to_lowercase().str.replace_all(r"[^\pL\pN]", "").str.replace(_HOW_MUCH, "")
    known = dict.fromkeys(_GOOD, 1.0) | dict.fromkeys(_BAD, -1.0) | dict.fromkeys(_NEITHER, 0.0)
    return words.replace_strict(known, default=None, return_dtype=pl.Float64)


def are_verdicts(distinct: pl.Series) -> bool:
    """Whether all words are, and both likes and dislikes are among them."""
    if not 2 <= len(distinct) <= MAX_WORDS:
        return False
    numbers = numbers_of(distinct)
    return not numbers.null_count() and {-1.0, 1.0} <= {*numbers}


def are_not_rated(texts: pl.Series) -> pl.Series:
    """Which texts say that somebody does not know the item, as forms offer it beside like and dislike."""
    return texts.str.to_lowercase().str.replace_all(r"[^\pL\pN]", "").is_in(_NOT_RATED)
