"""The words that make an amount a range, an end of one, a choice or a change; patterns over the marked text."""

from agent.words.spelling import loosely

A = "{amount}"
NAME = "(?:{param}|{metric})"

_TO = r"(?:-|–|—|−|\.\.+|…|~|to|until|till|(?:up|down)\s+to|through|and|n|an|bis|à|a|hasta|至|到|und|et|y|,|&)"
_HIGHER = (
    rf"(?:more\s+(?:big|high|large|long|deep)|{loosely('above', 'higher', 'larger', 'bigger', 'greater')}|over|more|beyond|exceed\w*|past|longer|deeper|wider|north\s+of|"
    r"über|mehr|plus|más|超过|高于|大于)(?:\s+(?:than|then|as|de|que))?"
)
_LOWER = (
    rf"(?:more\s+(?:small|low|short)|{loosely('below', 'under', 'lower', 'smaller', 'fewer')}|beneath|less|shorter|narrower|south\s+of|"
    r"unter|weniger|moins|menos|低于|小于|少于)(?:\s+(?:than|then|de|que))?"
)
_NOT = (
    r"(?:no|nor|neither|not|never|nowhere|nothing|nothin|don'?t|dont|do\s+not|does\s+not|doesn'?t|should\s*n[o']t|shouldn'?t|must\s*n[o']t|mustn'?t|may\s+not|cannot|can'?t|"
    r"won'?t|away\s+from|without|avoid|isn'?t|nicht|kein\w*|pas|ne|nunca|不要|不能|不|别)"
)
_GAP = rf"(?:\s+(?!and\b|but\b)(?:[\w']+|{NAME})){{0,6}}?\s*"
"""What may stand between "don't" and "go above"."""
_FILL = (
    rf"(?:\s*(?:of|on|at|to|is|it|for|the|be|by|as|value|values|about|around|only|just|exactly|limit|bound|should|shud|must|can|{NAME}(?:'s)?|[=:,→]))"
    r"{0,5}\s*"
)
"""What may stand between "at most" and its amount."""

_UPPER_EDGE = r"(?:upper|uper|top|high)\s*-?\s*(?:bound|end|limit|edge|border)|ceiling|celing|cieling"
_LOWER_EDGE = r"(?:lower|bottom|low)\s*-?\s*(?:bound|end|limit|edge|border)|floor"
UPPER_EDGE = rf"\b(?:{_UPPER_EDGE}|top|high|max(?:imum)?|cap|upper)\b|上限"
LOWER_EDGE = rf"\b(?:{_LOWER_EDGE}|bottom|min(?:imum)?|low|lower)\b|下限"
"""The ends of a range by name, in "double the upper limit", "raise its top by 0.1"."""

_AT_MOST = (
    rf"(?:\b(?:{_UPPER_EDGE}|highest|max(?:imum)?|maximal|cap(?:ped|s|ping)?|at\s+(?:the\s+)?(?:very\s+)?most|at\s+max|up\s+to|"
    r"as\s+(?:far|high|large|big)\s+as|no\s+more|not\s+more|h[öo]chstens|m[áa]ximo|como\s+m[áa]ximo|au\s+plus|limit(?:ed|s|ing)?|restrict(?:ed)?|top|until|till)\b|"
    r"<=|=<|≤|<|最多|至多|最大|最高|不超过|不多于|不大于|不高于|上限)(?:\s+tha?[ne]\b)?"
)
_AT_LEAST = (
    rf"(?:\b(?:{_LOWER_EDGE}|lowest|min(?:imum)?|at\s+(?:the\s+)?(?:very\s+)?least|no\s+less|not\s+less|start(?:ing|s)?\s+(?:at|from)|begin(?:ning|s)?\s+(?:at|from)|"
    r"from|down\s+to|as\s+(?:low|small)\s+as|mindestens|m[ií]nimo|como\s+m[ií]nimo|au\s+moins|al\s+menos|no\s+fewer|bottom)\b|"
    r">=|=>|≥|>|至少|最少|最低|不低于|不少于|不小于|下限)(?:\s+tha?[ne]\b)?"
)
_MOST_AFTER = (
    r"(?:,?\s*(?:and\s+)?(?:no|not)\s+(?:more|higher|larger|above)\b(?!\s*(?:than|{amount}))|at\s+(?:the\s+)?most|at\s+max|max(?:imum)?\b|or\s+(?:less|lower|fewer|below|smaller|under)|and\s+(?:below|less|lower|under|down)|tops\b|"
    r"(?:as|at|for)\s+(?:the\s+|a\s+)?(?:ceiling|max\w*|upper|top|limit)|is\s+(?:the|a|my|our)\s+(?:\w+\s+)?(?:ceiling|max\w*|limit|most|top|cap)|以下|以内)"
)
_LEAST_AFTER = (
    r"(?:,?\s*(?:and\s+)?(?:no|not)\s+(?:less|lower|fewer|smaller|below)\b(?!\s*(?:than|{amount}))|at\s+(?:the\s+)?least|min(?:imum)?\b|\+(?=\s)|or\s+(?:more|above|higher|larger|greater|bigger|up)|and\s+(?:up|above|more|higher|over|upwards?)|upwards?\b|plus\b|"
    r"(?:as|at|for)\s+(?:the\s+|a\s+)?(?:floor|min\w*|lower|bottom)|is\s+(?:the|a|my|our)\s+(?:\w+\s+)?(?:floor|min\w*|least|bottom)|以上)"
)
_AFTER_NAME = r"\s*(?:{param}\s*)?"
_BETWEEN = rf"(?:\b(?:{loosely('between', 'zwischen')}|entre|btw\.?|btwn|within|anywhere\s+from|somewhere\s+from|from|frm|von|de|desde)|在)"
_OR = r"(?:or|oder|ou|或者?|or\s+with|and|und|et|y|n|plus|和|&|\+)"
_NEXT = r"\s*(?:,\s*(?:or|and)\b|,|/|;|\||\bor\b|或)\s*"
UPWARDS = r"\b(?:up|rais\w+|increas\w+|higher|bump\w*|add\w*|grow\w*|lift\w*|longer|more|widen\w*)\b"
DOWNWARDS = r"\b(?:down|minus|lower\w*|reduc\w+|decreas\w+|cut\w*|drop\w*|less|shrink\w*|shorten\w*|fewer|narrow\w*)\b"
_THAN_WHAT = r"(?:that|it|there|then|now|before|in|on|trial|the|what|this|last|{trial}|its|currently|default)\b|{trial}"

IS_FLOOR = rf"(?:\b{_HIGHER}|{_AT_LEAST}){_FILL}$"
IS_CAP = rf"\b{_NOT}\b{_GAP}{_HIGHER}{_FILL}$"
"""What stands before an amount that is a floor, and before one that is none for all that: "nothing over"."""

PATTERNS: tuple[tuple[str, str], ...] = (
    ("multiple", rf"(?:{_BETWEEN}\s*{A}\s*{_TO}|{A}\s*(?:-|–|\.\.+|…|(?:up\s+)?to|until|till))\s*{{factor}}(?:\s+(?:as\s+(?:many|much)|the\s+\w+))?"),
    ("moved", rf"\b(?:rais|lower|chang|mov|increas|decreas|reduc|bump|lift|bring|push)\w*\b[^.;]{{0,30}}?(?:{UPPER_EDGE}|{LOWER_EDGE})[^.;]{{0,12}}?\bfrom\s+{A}\s+(?:up\s+|down\s+)?to\s+{A}"),
    ("powers", rf"{A}\s*{_TO}\s*{A}\s*,?\s*(?:(?:but|only|in|as|by|all)\s+)*powers?\s+of\s+{{number}}"),
    ("powers", rf"\bpowers?\s+of\s+{{number}}\s+(?:{_BETWEEN}\s+)?{A}\s*{_TO}\s*{A}"),
    ("series", r"{number}(?:\s*,\s*{number})+\s*,?\s*(?:…|\.\.+|etc\.?|and\s+so\s+on)\s*,?\s*(?:up\s+)?(?:to\s+|until\s+)?{number}(?:\s*,?\s*{factor}\s+(?:each|every)\s+\w+)?"),
    ("range", rf"{_BETWEEN}\s*{A}\s*{_TO}\s*{A}"),
    ("range", rf"\blow(?:er)?(?:\s*bound)?\s*[=:]?\s*{A}[^.;{{}}]{{0,14}}?\b(?:high|upper)(?:er)?(?:\s*bound)?\s*[=:]?\s*{A}"),
    ("range", rf"\bmin(?:imum)?\s*[=:]?\s*{A}[\s,;]*(?:and\s+)?max(?:imum)?\s*[=:]?\s*{A}"),
    ("range", rf"[\[(]\s*{A}\s*[,;]\s*{A}\s*[\])]"),
    ("range", rf"{A}\s*(?:-|–|—|−|\.\.+(?!\s)|…(?!\s)|(?<=\s)(?:\.\.+|…)|~|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b|\b(?:up|down)\s+to\b|\bbis\b|\bhasta\b|\bà\b|至|到|から)\s*{A}"),
    ("range", rf"{A}\s*(?:<=?|≤)\s*(?:{NAME}|x)\s*(?:<=?|≤)\s*{A}"),
    ("choices", r"\{\s*{value}(?:\s*[,;/]\s*{value})+\s*\}|[\[(]\s*{value}(?:\s*[,;/]\s*{value})+\s*[\])]"),
    ("choices", rf"{{value}}(?:{_NEXT}{{value}})+(?:\s*,?\s*{_OR}\s*{{value}})?|{{number}}(?:\s+{{number}}){{2,}}"),
    ("choices", rf"{{value}}\s*{_OR}\s*{{value}}"),
    ("value", rf"\b(?:more|fewer|less|(?:bigg|larg|small|high|low|long|short|deep|wid|great)er)\s+{NAME}\s*(?:[,:(]|[–-]+\s)\s*{A}"),
    ("part", r"\bby\s+(?:another\s+|about\s+)?(?:{share}|{fraction})|(?<![\w.])\+\s?{share}"),
    ("shift", r"{number}\s+(?:more|extra|additional|fewer|less)\s+(?={param})|{number}\s*{param}\s+(?:more|fewer|less)\b(?!\s+than)"),
    ("shift", rf"{A}\s*(?:{{param}}\s*)?(?:{_HIGHER}|{_LOWER}|up|down)\s+(?:than|as)?\s*{_THAN_WHAT}|\b(?:up|down|higher|lower)\s+(?:by\s+)?{A}|\bby\s+(?:another\s+)?{A}|(?<![\w.])\+\s?{A}|{{param}}\s*minus\s+{A}"),
    ("high", rf"\b{_NOT}\b{_GAP}{_HIGHER}{_FILL}{A}|(?:不要|不能|不|别){_HIGHER}\s*{A}"),
    ("low", rf"\b{_NOT}\b{_GAP}{_LOWER}{_FILL}{A}|(?:不要|不能|不|别){_LOWER}\s*{A}"),
    ("high", rf"{A}{_AFTER_NAME}{_MOST_AFTER}"),
    ("low", rf"{A}{_AFTER_NAME}{_LEAST_AFTER}"),
    ("low", rf"{_AT_LEAST}{_FILL}{A}"),
    ("high", rf"{_AT_MOST}{_FILL}{A}"),
    ("low", rf"\b{_HIGHER}{_FILL}{A}|(?:超过|高于|大于)\s*{A}"),
    ("high", rf"(?:\b{_LOWER}|低于|小于|少于|\bwithin){_FILL}{A}"),
    ("around", rf"\b(?:around|about|near|close\s+to|roughly|approximately|circa|etwa|um)\s+{A}"),
    ("factor", r"{factor}|{fraction}\s+(?:of\s+)?(?:the\s+|teh\s+|that\s+|its\s+|this\s+|as\s+|what\b)"),
    ("value", r"{value}"),
)  # fmt: skip
"""The fullest readings first: kind of bound, and its pattern."""
