"""The wide signs and digits of Chinese and Japanese keyboards in their narrow forms.

>>> narrow("l2 １００，5 trials")
'l2 100, 5 trials'
>>> narrow("l2 1，000")
'l2 1,000'
"""

import re

_DIGITS = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_SIGNS = str.maketrans("，。；：？！（）“”‘’｜", ",.;:?!()\"\"''|")
_THOUSANDS = re.compile(r"(?<![\d，,.])[1-9]\d{0,2}(?:，\d{3})*，0\d\d(?!\d)")
"""A wide comma within a number: only where the digits behind it could begin no number of their own."""
_PARTS = re.compile(r"(?<=\d)[，、。；](?=[.\d])")
"""A wide sign between two numbers, which parts them: never a decimal mark."""
_SPAN = re.compile(r"(?<=\d)\s*[～〜]\s*(?=[.\d])")


def narrow(text: str) -> str:
    """The text with narrow signs and digits; numbers that a wide sign parts stand apart."""
    text = text.translate(_DIGITS)
    text = _THOUSANDS.sub(lambda match: match[0].replace("，", ","), text)
    text = _PARTS.sub(lambda match: f"{match[0].replace('、', '，')} ", text)
    return _SPAN.sub(" to ", text).translate(_SIGNS)
