"""Dates as programs and people write them, as microseconds since 1970: the way of a whole column decides how they read.

A text is brought into the form `year-x-y clock offset` first, where x and y are month and day in either order, or the
name of the month and the day. Then polars parses the column, with the format that fits most of a sample.
"""

import re
from collections.abc import Iterator

import polars as pl

from recmodels.data.reading.missing import MAX_UNREADABLE, is_missing
from recmodels.data.reading.month_names import MONTHS
from recmodels.data.reading.options import DATES
from recmodels.data.reading.question import date_order_asked, date_order_refused
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_SAMPLE = 1000
_FEW = 200  # values, for whether they are dates at all
_WITH_YEAR = r"(^|\D)(19|20)\d\d(\D.*\d|\D*$)"
_MANY_MONTHS = 3  # of days that another reading has in one month
_CLOCKS = ("", " %H:%M:%S%.f", " %H:%M", " %I:%M:%S%.f %p", " %I:%M %p", " %H", " %I %p")
_ISO, _MONTH_NAMED = "%Y-%m-%d", "%Y-%b-%d"
# of a text with its last number before the others
_MONTH_FIRST, _DAY_FIRST, _SHORT_YEAR_FIRST = "%Y-%m-%d", "%Y-%d-%m", "20%d-%y-%m"
# of RFC 822 and of Europe and East Asia; IST and BST stand for several
_ZONES = {
    **{"pst": "-08:00", "pdt": "-07:00", "mst": "-07:00", "mdt": "-06:00", "cst": "-06:00", "cdt": "-05:00"},
    **{"est": "-05:00", "edt": "-04:00", "wet": "+00:00", "west": "+01:00", "cet": "+01:00", "cest": "+02:00"},
    **{"eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "jst": "+09:00", "kst": "+09:00"},
    **{"aest": "+10:00", "aedt": "+11:00"},
}
_ZONE = rf"(?i):\d\d(?:\.\d+)?(?: ?[ap]m)?\s*({'|'.join(_ZONES)})$"
_OFFSET = r"[+-]\d\d(:?\d\d)?$"
_NAMES = {name: short for short, names in MONTHS.items() for name in names.split()}
_MONTH = "|".join(map(re.escape, sorted([*_NAMES, *MONTHS], key=len, reverse=True)))
# what a text may look like, and how it becomes `year-x-y rest`; matched without case
_NUMERIC = r"^(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?:,?\s+(.*)|$)"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_REWRITES = (
    (r"^\pL{2,}\.?,\s+(\d{1,2}\D)", "$1"),  # a weekday
    (r"^(\d{4})年(\d{1,2})月(\d{1,2})日\s*", "$1-$2-$3 "),
    (r"^(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일\s*|^(\d{4})\. (\d{1,2})\. (\d{1,2})\.?\s*", "$1$4-$2$5-$3$6 "),
    (r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", "$1-$2-$3"),
    (
        rf"^(\d{{1,2}})(?:st|nd|rd|th|er|º)?[-./\s]*(?:of |de )?({_MONTH})[-./,\s]*(?:del? )?(\d{{4}}|\d{{2}})"
        r"(?:\s*г\.?)?(?:[:,\s]+(?:at )?|$)",
        "$3-$2-$1 ",
    ),
    (rf"^({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?:[,\s]+(?:at )?|$)", "$3-$1-$2 "),
    (rf"^({_MONTH})\s+(\d{{1,2}})\s+(\d[\d:.]*)\s+(?:([+-]\d{{4}}|[a-z]{{3,4}})\s+)?(\d{{4}})$", "$5-$1-$2 $3 $4"),
    (rf"^(\d{{4}})[-/\s]({_MONTH})[-/\s](\d{{1,2}})", "$1-$2-$3"),
    (r"^(\d\d) (\d{1,2}), (\d{4})", "$3-$1-$2"),  # Amazon's reviewTime
)
_AT = r"at|à|a las|às|um|om|kl\.?|klo|alle(?: ore)?|ore|o godz\.?|saat|в"  # between a day and a clock
_WEEKDAY = r"^(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mer|jeu|ven|sam|dim)[a-z]*|mo|di|mi|do|fr|sa|so)\.?,?\s+"


def dates(table: Table, column: str, text: pl.Series) -> tuple[pl.Series, tuple[str, ...], str | None]:
    """Microseconds since 1970, null where missing or unreadable; notes on how they were read; day-first or month-first.

    Raises:
        DataError: Month and day may be either way round, and the order of events depends on it; or they
            are the other way round than in the rest of the dataset.
    """
    text = text.str.strip_chars()
    notes: list[str] = []
    text = _with_offsets(table, column, _plain(text), notes)
    moments, order = _by_order(table, column, text, notes)
    return moments, tuple(notes), order


def are_dates(known: pl.Series) -> bool:
    """Whether nearly all of some texts can be read as dates with a year of four digits and, maybe, words in them."""
    some = known.gather_every(max(len(known) // _FEW, 1)).str.strip_chars()
    if not len(some) or float(some.str.contains(_WITH_YEAR).mean() or 0) < 1 - MAX_UNREADABLE:  # type: ignore[arg-type]
        return False
    text = _zones(_plain(some))
    form = _MONTH_NAMED if text.str.contains(r"^\d{4}-\pL").any() else _ISO
    return _parsed(text, (form,)).null_count() <= MAX_UNREADABLE * len(some)


def _sample(text: pl.Series) -> pl.Series:
    """Some known values from all over the column."""
    known = text.drop_nulls()
    known = pl.concat(
        [known.head(_SAMPLE // 2), known.gather_every(max(2 * len(known) // _SAMPLE, 1)).head(_SAMPLE // 2)]
    )
    return known.filter(~is_missing(known))


def _plain(text: pl.Series) -> pl.Series:
    """In the form `year-x-y clock offset` as far as one step can; steps that fit no value of a sample are skipped."""
    sample = _sample(text)
    if sample.str.contains(r"^\d{4}-\d\d-\d\d[Tt]").any():
        text = text.str.replace(r"^(\d{4}-\d\d-\d\d)[Tt]", "$1 ")
    if sample.str.contains(rf"^\d{{4}}-\d\d-\d\d|{_NUMERIC}").all():
        return _clock(text)
    text = text.str.to_lowercase()
    for pattern, to in ((_WEEKDAY, ""), *_REWRITES):
        if _sample(text).str.contains(pattern).any():
            text = text.str.replace(pattern, to)
    return _clock(_with_english_months(text))


def _with_english_months(text: pl.Series) -> pl.Series:
    if not _sample(text).str.contains(r"^\d{2,4}-\pL").any():
        return text
    ordered = sorted(_NAMES, key=len, reverse=True)
    text = text.str.replace_many(ordered, [_NAMES[name] for name in ordered], leftmost=True)
    return text.str.replace(r"^(\d\d)-(\pL)", "20$1-$2")


def _clock(text: pl.Series) -> pl.Series:
    """`5:07 p.m.` as ` 05:07 PM`, `17h07` as `17:07`, `12:00:00,5` as `12:00:00.5`, `(CET)` left out."""
    sample = _sample(text)
    for pattern, to in (
        (r"\s*\([^()]*\)$", ""),
        (rf"(?i),?\s+(?:{_AT})\s+(\d{{1,2}}[:.h])", " $1"),
        (r"(?i)\s*uhr$", ""),
        (r"(\d{1,2})\s*[時时시点點]\s*(\d{1,2})\s*[分분]\s*(\d{1,2})\s*[秒초]", "$1:$2:$3"),
        (r"(\d{1,2})\s*[時时시点點]\s*(\d{1,2})\s*[分분]", "$1:$2"),
        (r"\s*(?:上午|午前|오전)\s*(\d[\d:.]*)$", " $1 am"),
        (r"\s*(?:下午|午後|오후)\s*(\d[\d:.]*)$", " $1 pm"),
        (r" (\d\d?)\.(\d\d)$", " $1:$2"),
        (r" (\d\d?)\.(\d\d)\.(\d\d)$", " $1:$2:$3"),
        (r"(?i)\s*(?:gmt|utc)([+-]\d)", " $1"),
        (r"(\d\d?)h(\d\d)", "$1:$2"),
        (r" (\d\d?)\.(\d\d)\.(\d\d)(\.\d+)?(\s*[AaPp][Mm])", " $1:$2:$3$4$5"),
        (r"(:\d\d),(\d+)", "$1.$2"),
        (r"(?i)\s*([ap])\.?\s?m\.?$", " ${1}m"),
        (r"\s{2,}", " "),
        (r"\s+$", ""),
    ):
        if sample.str.contains(pattern).any():
            text, sample = text.str.replace(pattern, to), sample.str.replace(pattern, to)
    return text


def _with_offsets(table: Table, column: str, text: pl.Series, notes: list[str]) -> pl.Series:
    """With an offset at every clock or at none; a clock without one among others is in UTC."""
    text = _zones(text)
    sample = _sample(text)
    zone = r"(?i)\s*(?:z|utc|gmt)$"
    has_offset = r":\d\d(?:\.\d+)?\s*" + _OFFSET
    if not sample.str.contains(has_offset).any():
        return text.str.replace(zone, "") if sample.str.contains(zone).any() else text
    text = text.str.replace(zone, "+00:00")
    lacks = (text.str.contains(":", literal=True) & ~text.str.contains(_OFFSET)).fill_null(value=False)
    if lacks.any():
        row = lacks.arg_true()[0]
        notes.append(
            f"{int(lacks.sum()):,} of {len(lacks):,} values of `{column}` have no offset as the others have, the first "
            f"in {table.place(row)}; they were taken to be in UTC"
        )
        text = pl.select(pl.when(lacks).then(text + "+00:00").otherwise(text)).to_series()
    return text


def _zones(text: pl.Series) -> pl.Series:
    """The abbreviations of zones that stand for one offset alone as that."""
    if not _sample(text).str.contains(_ZONE).any():
        return text
    for name, offset in _ZONES.items():
        text = text.str.replace(rf"(?i)(:\d\d(?:\.\d+)?(?: ?[ap]m)?)\s*{name}$", rf"${{1}}{offset}")
    return text


def _by_order(table: Table, column: str, text: pl.Series, notes: list[str]) -> tuple[pl.Series, str | None]:
    """Parsed with month and day in the order that the whole column shows, and that order where it is one of two."""
    sample = _sample(text)
    if not float(sample.str.contains(_NUMERIC).mean() or 0) > 0.5:  # type: ignore[arg-type]
        return _parsed(text, (_MONTH_NAMED if sample.str.contains(r"^\d{4}-\pL").any() else _ISO,)), None
    dotted = bool(sample.str.contains(r"^\d{1,2}\.\d{1,2}\.").any())
    text, forms = _day_forms(text, dotted)
    if sample.str.contains(r"^\d\d-\d\d-\d\d(?:\D|$)").all():
        forms["year-month-day"] = _SHORT_YEAR_FIRST
    wanted = (table.date_order or "").removesuffix("-first")
    every, forms = forms, {name: form for name, form in forms.items() if name.startswith(wanted)} or forms
    failures = {name: _parsed(_sample(text), (form,)).null_count() for name, form in forms.items()}
    likely = [name for name in forms if failures[name] == min(failures.values())]  # more than one is seldom
    readings = {name: _parsed(text, (forms[name],)) for name in likely}
    fewest = min(moments.null_count() for moments in readings.values())
    fit = {name: moments for name, moments in readings.items() if moments.null_count() == fewest}
    name, moments = next(reversed(fit.items()))
    rivals = [other for other, rival in fit.items() if not _same_order(moments, rival)]
    if rivals and fewest < len(text):
        row = moments.is_not_null().arg_true()[0]
        raise DataError(date_order_asked(table, column, name, rivals[0], row))
    if wanted and fewest > MAX_UNREADABLE * len(text):
        _check_other_order(table, column, text, moments, {key: form for key, form in every.items() if key != name})
    if dotted:
        return moments, None
    notes += [f"`{column}` was read as {name}", *_doubt_of_span(column, fit, name)]
    return moments, _order_of(name)


def _doubt_of_span(column: str, fit: dict[str, pl.Series], name: str) -> list[str]:
    """A note where the other reading has all days within a month, and this one in many months, or the reverse."""
    days = {name: moments.drop_nulls().cast(pl.Datetime("us")).dt.date() for name, moments in fit.items()}
    n_months = sorted(known.dt.strftime("%Y-%m").n_unique() for known in days.values())
    if len(fit) < 2 or n_months[0] > 1 or n_months[-1] < _MANY_MONTHS:
        return []
    other = next(reading for reading in fit if reading != name)
    spans = [f"{known.min()!s} to {known.max()!s}" for known in (days[name], days[other])]
    return [
        f"check `{column}`: read as {name} its days are {spans[0]}, and as {other}, which fits too, {spans[1]}; "
        f"{DATES}=day-first or {DATES}=month-first says which it is"
    ]


def _check_other_order(table: Table, column: str, text: pl.Series, moments: pl.Series, others: dict[str, str]) -> None:
    """Raises DataError: what was said does not fit, and the other order of day and month does."""
    for name, form in others.items():
        told = moments.is_null() & _parsed(text, (form,)).is_not_null()
        if told.sum() > MAX_UNREADABLE * len(text):
            raise DataError(date_order_refused(table, column, _order_of(name), told.arg_true()[0]))


def _order_of(name: str) -> str:
    """`month/day/year` as a person says it: month-first."""
    return re.split(r"[./-]", name)[0] + "-first"


def _day_forms(text: pl.Series, dotted: bool) -> tuple[pl.Series, dict[str, str]]:
    """The text and the formats of its days by name; the text as it is where all years have four digits."""
    for mark in "./-":
        form = rf"^\d{{1,2}}\{mark}\d{{1,2}}\{mark}\d{{4}}(?: |$)"
        if _sample(text).str.contains(form).all() and _all_fit(text, form):
            first, last = f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y"
            break
    else:
        text, first, last = _year_first(text), _DAY_FIRST, _MONTH_FIRST
    return text, {"day.month.year": first} if dotted else {"day/month/year": first, "month/day/year": last}


def _all_fit(text: pl.Series, form: str) -> bool:
    fits = text.str.contains(form)
    return bool(fits.all()) or bool(is_missing(text.filter(~fits)).all())


def _year_first(text: pl.Series) -> pl.Series:
    """`4/22/2020 1:21 pm` as `2020-4-22 1:21 pm`; years of two digits are 1970 to 2069."""
    turned = text.str.replace(_NUMERIC, "$4-$1-$3 $5").str.strip_chars_end()
    if not _sample(turned).str.contains(r"^\d\d-").any():
        return turned
    return turned.str.replace(r"^([0-6]\d-)", "20$1").str.replace(r"^([7-9]\d-)", "19$1")


def _same_order(one: pl.Series, other: pl.Series) -> bool:
    return bool((one.rank("dense") == other.rank("dense")).all())


def _parsed(text: pl.Series, days: tuple[str, ...]) -> pl.Series:
    """Microseconds by the formats that fit: the one that fits most first, then others for what it leaves."""
    moments = pl.Series([None], dtype=pl.Int64).new_from_index(0, len(text))
    left = text
    while left.null_count() < len(left):
        sample = _sample(left)
        failures = {form: _parse(sample, form).null_count() for form in _formats(days)}
        best = min(failures, key=lambda form: failures[form])
        if failures[best] == len(sample):
            break
        found = _parse(left, best)
        moments = found if left is text else moments.fill_null(found)
        if found.null_count() == text.null_count():
            break
        left = left.set(found.is_not_null(), None)
    return moments


def _formats(days: tuple[str, ...]) -> Iterator[str]:
    for day in days:
        for clock in _CLOCKS:
            yield day + clock
            if "%M" in clock:
                yield day + clock + "%#z"
                yield day + clock + " %#z"


def _parse(text: pl.Series, form: str) -> pl.Series:
    if form.endswith(" %H") or "%I %p" in form:  # an hour without minutes is no time to the parser
        text, form = (
            text.str.replace(r"( \d{1,2})( [ap]m)?$", "$1:00$2"),
            form.replace("%H", "%H:%M").replace("%I", "%I:%M"),
        )
    if "%#z" in form:
        return text.str.to_datetime(form, strict=False, time_zone="UTC", time_unit="us").dt.epoch("us")
    return text.str.to_datetime(form, strict=False, time_unit="us").dt.epoch("us")
