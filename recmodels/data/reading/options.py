"""The words of `columns` that are no roles; without polars, since the chat reads them too."""

from recmodels.data.choices import DATES as DATES

IGNORE = "ignore"  # columns that are not read, separated by commas
KEEP = "keep"  # columns that stay though they tell who a person is
THOUSANDS, DECIMALS = "thousands", "decimals"  # what `.` and `,` mean in these columns
ENCODING = "encoding"  # of the text, where it is not UTF-8: cp1252, gbk
OPTIONS = (IGNORE, KEEP, THOUSANDS, DECIMALS, DATES, ENCODING)
DATE_ORDERS = ("day-first", "month-first", "year-first")
