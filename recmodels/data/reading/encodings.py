"""The encodings that a text file may be in, by the names that Python gives them and that people say."""

import codecs

SHOWN = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "iso8859-1": "Latin-1",
    "iso8859-15": "Latin-9",
    "cp1250": "Windows-1250",
    "iso8859-2": "Latin-2",
    "cp1254": "Windows-1254",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "koi8-u": "KOI8-U",
    "iso8859-5": "ISO 8859-5",
    "cp866": "CP866",
    "cp1253": "Windows-1253",
    "iso8859-7": "ISO 8859-7",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp874": "Thai (CP874)",
    "cp437": "CP437",
    "cp850": "CP850",
    "mac-roman": "Mac Roman",
    "mac-cyrillic": "Mac Cyrillic",
    "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "gbk": "GBK",
    "gb2312": "GB2312",
    "big5": "Big5",
    "cp950": "Big5 (CP950)",
    "cp949": "Korean (CP949)",
    "euc_kr": "Korean (EUC-KR)",
    "johab": "Korean (Johab)",
}
_SAID = {"windows": "cp1252", "ansi": "cp1252", "western": "cp1252", "sjis": "cp932", "shift-jis": "cp932"}


def encoding_called(said: str) -> str | None:
    """The encoding that a person means, as a key of `SHOWN`; None where it is none of them.

    >>> encoding_called("Windows-1252"), encoding_called("latin1"), encoding_called("klingon")
    ('cp1252', 'iso8859-1', None)
    """
    word = said.strip().lower().replace(" ", "-")
    try:
        name = codecs.lookup(_SAID.get(word, word)).name
    except (LookupError, ValueError):  # ValueError: a null byte
        return None
    return name if name in SHOWN else None
