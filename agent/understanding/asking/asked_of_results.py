"""Questions about results: how good, how sure, how long, whether more is worth it."""

import re

from agent.understanding.asking.question_kind import Kind, kind

_RESULT = r"(?:it|that|this|he|these|those|they|the\s+(?:result|results|model|score|value|outcome|best(?:\s+(?:one|trial|model|result))?|number|figure)s?|trial\s+\d+|(?:an?\s+)?[\w@]*\s*(?:of\s+)?(?:about\s+)?0?[.,]\d+)"
_POPULAR = r"(?:(?:the|a|just|only|simply|our|my|showing|recommending)\s+)*(?:most[\s-]+(?:sold|popular|bought|read|watched|played)|best-?\s?sell\w*|popular\s+(?:ones?|items?|products?)|popularity|top\s+sellers?)\b"
"""What sells most, as a recommender of its own."""

_RIVAL = rf"(?:{_POPULAR}|(?:(?:the|a|its|our|plain|simple)\s+)*(?:simple\s+(?:models?|ones?)|baselines?|popularity|item[_\s-]?knn|ease|defaults?)\b)"
_AGAINST_RIVAL = rf"\b(?:compares?|compared|comparison|stacks?\s+up|measures?\s+up|fares?|does\s+it\s+do|do\s+we\s+do|stands?|looks?)\s+(?:with|to|against|next\s+to|beside|versus|vs\.?)\s+{_RIVAL}"


def against_rival(say: str) -> bool:
    """Whether it asks how the result stands next to a simple model: "how does it compare with popularity?"."""
    asks = rf"\W*(?:(?:and|so|but|ok)\W+)*how\b[^.;!?\d]*?{_AGAINST_RIVAL}\W*$"
    beats = rf"\W*(?:(?:and|so|but|ok)\W+)*(?:does|did|do|is|was|can)\s+(?:it|this|that|he|we|the\s+(?:best|result|winner|study)(?:\s+\w+)?)\b[^.;!?\d]*?\b(?:beats?|better\s+than|worse\s+than|above|below|ahead\s+of|outperforms?)\s+{_RIVAL}\W*$"
    return any(re.match(pattern, say.lower()) for pattern in (asks, beats))


OF_NOISE_AND_TIME: tuple[Kind, ...] = (
    kind(
        "seed_matters",
        (
            r"\b(?:does|do|would|will|can)\s+(?:the\s+|teh\s+|a\s+|another\s+|other\s+|different\s+)?seeds?\s+(?:even\s+|really\s+)?(?:matter|mater|change|give|make)\w*",
            r"\b(?:other|another|different)\s+seeds?\b.{0,40}\b(?:hold|else|same|different|change|ranking|matter)\w*",
        ),
        "study_status",
    ),
    kind(
        "noise",
        (
            r"\b(?:noise|noisy|by\s+chance|luck|lucky|fluke|coincidence|significant(?:ly)?|beyond\s+chance|within\s+(?:the\s+)?error)\b",
            rf"\breal(?:ly)?\s+(?:better(?!\s+than\s+{_POPULAR})|different|a\s+difference)\b",
            r"\b(?:difference|gain|improvement)s?\s+(?:is\s+|are\s+)?(?:real|meaningful)\b",
        ),
        "compare_trials",
        shows=True,
    ),
    kind(
        "leaking",
        (
            r"\bleak\w*\b",
            r"\b(?:sees?|peek\w*|look\w*)\s+(?:into|at)\s+the\s+future\b",
            r"\bcheat\w*\b",
        ),
        "study_status",
    ),
    kind(
        "how_long",
        (
            r"\bhow\s+(?:long|much\s+(?:more\s+)?time|many\s+(?:time|hours|minutes))\b",
            r"\bwhen\s+(?:will|is|does|are|can)\b.{0,30}\b(?:done|finish\w*|ready|complete\w*|end|over|through)\b",
            r"\btime\s+(?:is\s+)?left\b",
            r"\beta\b",
            r"\btakes?\s+(?:how|too)\b",
            r"\b(?:would|will)\s+it\s+(?:be|take)\b.{0,30}\b(?:expensive|long|costly|forever)\b",
            r"\bhow\s+(?:expensive|costly)\b",
        ),
        "study_status",
    ),
)
OF_RESULTS: tuple[Kind, ...] = (
    kind(
        "covered",
        (
            r"\b(?:items?|products?|films?|movies?|books?|articles?|songs?|catalog(?:ue)?)\b.{0,40}\b(?:nobody|no\s+one|never|anybody|anyone|at\s+all)\b",
            r"\b(?:nobody|no\s+one|never)\b.{0,30}\b(?:items?|products?|films?|movies?|books?|catalog(?:ue)?)\b",
            r"\b(?:how\s+much|what\s+(?:share|part|percentage)|how\s+many)\b.{0,30}\b(?:catalog(?:ue)?|items\s+(?:are|get))\b.{0,30}\b(?:show\w*|cover\w*|recommend\w*|seen)\b",
            r"\bcatalog(?:ue)?\s+(?:is\s+|really\s+|well\s+)*covered\b",
        ),
        "trials",
        "describe_dataset",
    ),
    kind(
        "key_param",
        (
            r"\b\w+\s+(?:is|are|was)\s+(?:really\s+|all\s+)?(?:the\s+key\b|key\b|decisive|what\s+(?:counts|matters)|the\s+(?:thing|one)\s+that\s+(?:counts|matters))",
            r"\b(?:dropout|learning\s+rate|weight\s+decay|batch\s+size|embedding\s+size|n?_?layers|l2|epochs|params?|parameters?)\b.{0,25}\bmatters?\s+(?:the\s+)?most\b",
            r"\b(?:do|does)\s+(?:the\s+)?(?:data|numbers?|records?|trials|results?)\s+(?:agree|support|confirm|back)\b",
        ),
        "parameter_importance",
        shows=True,
    ),
    kind(
        "stands",
        (
            r"\bwhere\s+(?:do\s+)?(?:we|i|things)\s+(?:stand|are\s+at)\b",
            r"\b(?:one[- ]?liner|short\s+summary|quick\s+(?:summary|update)|status\s+update|tl;?dr|in\s+one\s+(?:line|sentence))\b",
        ),
        "study_status",
    ),
    kind(
        "enough",
        (
            r"\b(?:too\s+(?:few|little|less|short)|enough)\b.{0,60}(?:trials?|epochs?|runs?|trust|data|\?)",
            r"\b(?:trials?|epochs?)\b.{0,40}\b(?:enough|too\s+(?:few|short)|ridiculously\s+short)\b",
            r"\bepochs?\b.{0,30}\bshort\b",
        ),
        "study_status",
    ),
    kind(
        "go_on",
        (
            r"\b(?:worth|sense|point|useful|pay\s+off|help)\b.{0,40}\b(?:going\s+on|more\s+trials?|continu\w+|longer|further|another|keep|extend\w*|trying|tuning)\b",
            r"\b(?:should|shall|do)\s+(?:i|we)\s+(?:\w+\s+)?(?:stop|go\s+on|continue|keep|carry\s+on|extend|run\s+more|add)\b",
            r"\b(?:more|another|twenty|ten|five|\d+\s+more)\s+trials?\b.{0,30}\b(?:help|improve|worth|change)\b",
            r"\bkeep\s+going\b",
        ),
        "study_status",
    ),
    kind(
        "was_worth",
        (
            r"\bworth\s+(?:it|the\s+\w+)\b",
            r"\bdid\s+(?:it|that|this)\s+(?:help|pay|work|improve|gain|bring)\b",
            r"\bwhat\s+did\s+(?:it|that|we)\s+(?:gain|bring|win)\b",
        ),
        "study_status",
    ),
    kind(
        "good",
        (
            rf"\b(?:is|are|was|were|ist)\s+{_RESULT}\s+(?:\w+\s+){{0,2}}?(?:good|great|bad|poor|decent|ok|okay|acceptable|impressive|strong|weak|high|low|a\s+lot|much|terrible|normal|usable)\b",
            r"\bhow\s+good\b",
            r"\bany\s+good\b",
            r"\bgood\s+enough\b",
            r"\b(?:ease|popularity|item_?knn|baselines?|bestsellers|(?:something|anything)\s+simple\w*)\b.{0,20}\b(?:beats?|wins?|better|enough|do\s+as\s+well)\b",
            r"^\W*(?:好吗|好不好|够好吗)\W*(?:$|\s)",
            r"(?:结果|它|这个|模型).{0,4}(?:好吗|好不好|够好|怎么样)",
            r"\b(?:would|will|could)\s+(?:a\s+|the\s+|our\s+)?(?:customers?|users?|people|anyone|anybody|readers?)\s+(?:even\s+)?(?:notice|see|feel)\b",
            r"\b(?:beat|beats|above|better\s+than|below|worse\s+than)\s+(?:the\s+|a\s+|our\s+|plain\s+|simple\s+)*(?:baselines?|popularity|ease|item_?knn|defaults?|most\s+popular)\b",
            rf"\b(?:beats?|above|better\s+than|below|worse\s+than)\s+{_POPULAR}",
            _AGAINST_RIVAL,
        ),
        "study_status",
    ),
    kind(
        "trust",
        (
            r"\b(?:can|could|should|do|may|why)\s+(?:i|we|one|you)\b.{0,20}\b(?:trust|rely\s+on|believe)\b",
            r"\b(?:is|are)\b.{0,30}\b(?:reliable|trustworthy|certain|for\s+sure)\b",
            r"\b(?:not|isn'?t|aren'?t|never)\s+(?:yet\s+|really\s+|quite\s+)?convinc\w*\s*(?:$|[.!,;]|(?:by|of|that)\s+(?:it|this|that|the\s+\w+)\b)",
            r"\b(?:i\s+)?(?:have\s+(?:a\s+|my\s+)?doubts?|doubt)\b.{0,20}\b(?:it|this|that|the)\b",
            r"\bare\s+you\s+(?:really\s+|quite\s+|so\s+)?(?:sure|certain)\b",
            r"\bis\s+(?:this|that|it)\s+correct\b",
            r"\bprove\s+it\b",
            r"\bhow\s+(?:sure|certain|confident)\b",
            r"\bevidence\b",
        ),
        "study_status",
    ),
    kind(
        "best",
        (
            r"\b(?:which|what|who)(?:'?s|\s+is|\s+was|\s+are)?\s+(?:currently\s+|now\s+|then\s+)?(?:the\s+)?(?:best|winner|winning|leading|top|ahead|result|outcome)\b(?!.*\b(?:worst|metric|dataset)\b)",
            r"\bwhat\s+(?:came|has\s+come)\s+out\b",
            r"\bwhich\s+\w+\s+(?:won|wins|did\s+best|is\s+(?:ahead|leading|best))\b",
            r"\bhow\s+did\s+(?:it|we|that|the\s+study)\s+go\b",
            r"最好的?(?:结果|试验|是)",
            r"最佳结果",
        ),
        "study_status",
    ),
    kind(
        "better",
        (
            r"\b\d+\b.{0,30}\b(?:better|worse|ahead|behind|higher|lower|superior|beats?|outperforms?)\b.{0,30}\b(?:trial\s+|#)?\d+\b",
        ),
        "compare_trials",
        shows=True,
    ),
)
