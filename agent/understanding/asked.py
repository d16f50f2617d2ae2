"""What a message asks about acts, results and recpilot itself: which kind of question, and which facts answer it.

The words of the answers are in `agent.answers.verdicts`; nothing here acts.

>>> asked("is it safe to pause?").kind
'safe'
"""

import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import DamerauLevenshtein

from agent.words.spelling import ORDINARY, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of question."""

    kind: str  # a key of `agent.answers.verdicts.VERDICTS`
    reads: tuple[str, ...] = ()  # tools whose facts answer it; empty: it needs none
    shows: bool = False  # whether the facts are shown below the verdict
    says: str = ""  # the message as it was matched


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    pattern: "re.Pattern[str]"
    asked: Asked


def _kind(kind: str, patterns: tuple[str, ...], *reads: str, shows: bool = False) -> _Kind:
    return _Kind(pattern=re.compile("|".join(patterns)), asked=Asked(kind=kind, reads=reads, shows=shows))


_I = r"(?:i|we|you|one|u|somebody|someone|anyone|anybody|it|the\s+(?:study|team))"
_HALT = r"(?:paus\w*|stop\w*|interrupt\w*|cancel\w*|halt\w*|abort\w*|kill\w*|quit\w*|clos\w*|resum\w*|continu\w*|press\s+on|go\s+on|carry\s+on|extend\w*|add\w*\s+(?:more\s+)?trials?|more\s+trials)"
_LOSE = r"(?:los[est]\w*|lost|eras\w*|delet\w*|gone|throw\w*|thrown|forget\w*|vanish\w*|destroy\w*|wast\w*|keep|kept)"
_RESULT = r"(?:it|that|this|he|these|those|they|the\s+(?:result|results|model|score|value|outcome|best(?:\s+(?:one|trial|model|result))?|number|figure)s?|trial\s+\d+|(?:an?\s+)?[\w@]*\s*(?:of\s+)?(?:about\s+)?0?[.,]\d+)"

_KINDS: tuple[_Kind, ...] = (
    _kind(
        "memory",
        (
            r"\b(?:learns?\s+from\s+(?:experience|the\s+past|earlier)|remembers?\s+(?:any\w*\s+)?(?:from\s+)?(?:previous|past|earlier|other|old)|previous\s+projects?|what\s+(?:did|has|have)\s+(?:it|you)\s+learn(?:t|ed)?)\b",
        ),
        "recall_trials",
        shows=True,
    ),
    _kind(
        "forgets",
        (
            r"\bdo(?:es)?\s+(?:you|u|it)\s+(?:ever\s+|also\s+)?(?:forget|frget|lose)\s+(?:stuff|things|notes|lessons|anything|what|by)\b",
        ),
        "list_lessons",
    ),
    _kind(
        "noted",
        (
            rf"\b(?:did|have|has|was|were|is)\s+(?:{_I}|that|this)\s+(?!save\s+to)(?:really\s+|already\s+|just\s+)?(?:written?|write|noted?|remember(?:ed)?|sav(?:e|ed)|kept|keep|store[d]?)\b(?!.*\b(?:weights|model|file|checkpoint)\b)",
        ),
        "list_lessons",
    ),
    _kind(
        "exported",
        (
            r"\b(?:did|have|has|was|were|is|are)\b.{0,40}\bexport(?:ed|s|ing)?\b(?!.*\b(?:how|where|later|not)\b)",
            r"导出(?:了|过)(?:吗|没)",
        ),
        "study_status",
    ),
    _kind(
        "confirmed",
        (
            rf"\b(?:did|have|has|was|were)\s+(?:{_I}|that|this|test|the\s+test\w*(?:\s+\w+)?)\s+(?:ever\s+|already\s+|been\s+)*(?:pick|chose|choose|select|tune|use|look|read|peek|touch|confirm|see|seen|score|measure)\w*\b.*\b(?:test|confirmed)\b",
            r"\bwas\s+(?:it|that|this)\s+(?:ever\s+)?confirmed\b",
            r"\bon\s+(?:the\s+)?test\s+(?:set|data|part)?\?",
        ),
        "study_status",
        "show_confirmation",
    ),
    _kind(
        "test_score",
        (r"\btest\s+(?:score|value|result|figure|number|ndcg|recall|performance|metric)s?\b",),
        "study_status",
        "show_confirmation",
    ),
    _kind(
        "really_ran",
        (
            r"\b(?:really|actually|truly|honestly)\s+(?:run|ran|train|measure|do|did)\b",
            r"\bma(?:ke|de|king)\s+(?:\w+\s+){0,3}up\b",
            r"\b(?:numbers?|figures?|results?|values?)\s+(?:are\s+|is\s+)?(?:real|fake|invented|made\s+up|hallucinat\w+)\b",
            r"\bhallucinat\w+",
        ),
        "study_status",
    ),
    _kind(
        "measured",
        (
            r"\b(?:measured|estimated)\s+or\s+(?:just\s+)?(?:guess\w*|measured|estimated|predicted)\b",
            r"\bwhere\s+(?:do|does|did)\s+(?:these|those|this|the|your)\s+\w+\s+(?:\w+\s+)?come\s+from\b",
        ),
    ),
    _kind(
        "stopped_itself",
        (
            r"\b(?:did|has|have|was|is)\s+(?:it|the\s+study|the\s+thing|that|the\s+\w+|something|anything)\s+(?:\w+\s+)?(?:stop|stopp?ed|crash|crashed|fail|failed|die|died|hang|hung|end|ended|finish|finished|pause|paused|break|broken?|stuck|abort|aborted|complete|completed)\b",
            r"\b(?:had|has)\s+crashed\b",
            r"\bstuck\?",
        ),
        "study_status",
    ),
    _kind(
        "did_start",
        (
            rf"\b(?:did|have|has)\s+{_I}\s+(?:\w+\s+)?(?:start|begin|launch|run|started|begun|launched|kick\w*)\b",
            r"\bnever\s+(?:told|asked)\b.*\bstart\b",
            r"\bis\s+(?:anything|something|a\s+study)\s+running\b",
            r"\bstill\s+running\?",
        ),
        "study_status",
    ),
    _kind(
        "did_delete",
        (rf"\b(?:did|have|has|was|were)\s+(?:{_I}|\S+)\s+(?:\w+\s+)?(?:delet|remov|eras|wip)\w*\b",),
        "list_studies",
    ),
    _kind(
        "sampler",
        (
            r"\b(?:which|what)\s+sampler\b",
            rf"\b(?:did|have|has|didn'?t|haven'?t)\s+{_I}\s+(?:\w+\s+)?(?:switch|change|use|swap)\w*\s+(?:the\s+)?sampler\b",
            r"\bsampler\s+behind\b",
        ),
        "study_status",
    ),
    _kind(
        "which_split",
        (
            r"\b(?:which|what)\s+split\b",
            r"\bhow\s+(?:was|is|are|were|did\s+you)\s+(?:the\s+)?(?:data\s+)?split\b",
        ),
        "study_status",
    ),
    _kind(
        "survives",
        (
            r"\b(?:close|shut|fold|leave|lock)\s+(?:down\s+)?(?:my|the|this)\s+(?:laptop|computer|machine|browser|tab|window|terminal|lid|page|pc|chat)\b",
            r"\b(?:signal|internet|network|wi-?fi|connection|power|electricity)\s+(?:\w+\s+)?(?:breaks?|drops?|goes|dies?|fails?|is\s+gone|cuts?)\b",
            r"\bmachine\s+(?:sleeps?|reboots?|restarts?)\b",
        ),
        "study_status",
    ),
    _kind(
        "lost_by_delete",
        (
            r"\b(?:what|anything|do\s+(?:i|we)|would\s+(?:i|we)|will\s+(?:i|we))\b.{0,30}\b(?:lose|lost|gone|happens?)\b.{0,30}\b(?:delet|remov|eras)\w*",
            r"\b(?:if|when)\s+(?:i|we)\s+(?:delete|remove)\b.{0,40}\b(?:lose|lost|gone|happens?)\b",
            r"\bcan\s+(?:i|we)\s+(?:\w+\s+)?(?:get|bring|restore)\b.{0,20}\bback\b",
        ),
        "list_studies",
    ),
    _kind(
        "can_delete",
        (
            rf"\b(?:can|could|may|might|shall|should|is\s+it\s+(?:ok|okay|fine|safe|save|possible|allowed)\s+to|am\s+i\s+allowed\s+to)\s+(?:{_I}\s+)?(?:safely\s+|just\s+|also\s+|now\s+)*(?:delete|remove|erase|drop|get\s+rid\s+of|throw\s+away)\b",
        ),
        "list_studies",
    ),
    _kind(
        "file_untouched",
        (
            r"\b(?:file|\S+\.(?:csv|tsv|parquet|jsonl?))\b.{0,40}\b(?:touch\w*|chang\w*|modif\w*|overwr\w+|alter\w*|stay\w*|safe|untouched|delet\w*)\b",
        ),
    ),
    _kind(
        "safe",
        (
            rf"\b(?:safe|save|ok|okay|fine|possible|harmless|allowed|risky|dangerous|bad\s+idea|problem)\s+(?:to|if\s+{_I}|when\s+{_I}|for\s+\w+\s+to|that\s+we)\s+(?:\w+\s+){{0,3}}{_HALT}\b",
            rf"\b(?:can|could|may|am\s+i\s+allowed\s+to|do\s+i\s+have\s+to|must\s+i|need\s+to)\s+(?:{_I}\s+)?(?:still\s+|also\s+|always\s+|just\s+)*{_HALT}\b.*(?:\?|\bany\s*time|\bbefore\b|\blater\b|$)",
            rf"\b{_HALT}\b.*\b{_LOSE}\b",
            rf"\b{_LOSE}\b.*\b{_HALT}\b",
            rf"\b(?:what|does\s+anything)\s+happens?\b.*\b{_HALT}\b",
            r"\bmake\s+the\s+study\s+longer\b",
        ),
        "study_status",
    ),
    _kind(
        "can_export",
        (
            r"\b(?:can|could|may|is\s+it\s+possible\s+to|how\s+(?:do|can|would)|do\s+i\s+(?:need|have)\s+to)\b.{0,30}\bexport\b",
            r"\b(?:what|which)\s+(?:\w+\s+)?formats?\b",
            r"\b(?:open|read|load)\s+(?:that|the|this|an?)\s+(?:exported\s+)?(?:file|model|export|safetensors)\b",
        ),
        "study_status",
    ),
    _kind(
        "explain_confirm",
        (
            r"\b(?:what|how)\s+(?:does|do|is|would|exactly|happens)\b.{0,40}\bconfirm\w*",
            r"\bconfirm\w*\b.{0,60}\b(?:what\s+does\s+it\s+do|how\s+does\s+it\s+work|what\s+is\s+it)\b",
            r"\b(?:should|must|need|worth)\b.{0,20}\bconfirm\w*",
        ),
        "show_confirmation",
    ),
    _kind(
        "trust_chooser",
        (
            r"\b(?:language\s+model|llm|ai|you)\b.{0,60}\b(?:beat|better\s+than|outperform)\w*\s+(?:plain\s+|simple\s+|just\s+)?random\b",
            r"\blanguage\s+model\s+picking\b",
            r"\bwhy\s+on\s+earth\b.*\brandom\b",
        ),
    ),
    _kind(
        "seed_matters",
        (
            r"\b(?:does|do|would|will|can)\s+(?:the\s+|teh\s+|a\s+|another\s+|other\s+|different\s+)?seeds?\s+(?:even\s+|really\s+)?(?:matter|mater|change|give|make)\w*",
            r"\b(?:other|another|different)\s+seeds?\b.{0,40}\b(?:hold|else|same|different|change|ranking|matter)\w*",
        ),
        "study_status",
    ),
    _kind(
        "noise",
        (
            r"\b(?:noise|noisy|by\s+chance|luck|lucky|fluke|coincidence|significant(?:ly)?|beyond\s+chance|within\s+(?:the\s+)?error)\b",
            r"\breal(?:ly)?\s+(?:better|different|a\s+difference)\b",
            r"\b(?:difference|gain|improvement)s?\s+(?:is\s+|are\s+)?(?:real|meaningful)\b",
        ),
        "compare_trials",
        shows=True,
    ),
    _kind(
        "leaking",
        (
            r"\bleak\w*\b",
            r"\b(?:sees?|peek\w*|look\w*)\s+(?:into|at)\s+the\s+future\b",
            r"\bcheat\w*\b",
        ),
        "study_status",
    ),
    _kind(
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
    _kind(
        "begin",
        (
            r"\bwhere\s+(?:do|should|shall|can|to|would)\s+(?:i|we|you)?\s*(?:even\s+)?(?:start|begin)\b",
            r"\bhow\s+(?:do|should|can|to)\s+(?:i|we|you)?\s*(?:even\s+)?(?:start|begin|get\s+(?:started|going)|strat)\b",
            r"\bwhat\s+(?:should|do|shall|must)\s+(?:i|we)\s+(?:do|try|type|say)\s*(?:first|now|next)?\s*\?*$",
            r"\b(?:i'?m|i\s+am|we\s+are)\s+new\s+(?:here|to)\b",
            r"\bfirst\s+steps?\b",
            r"\bnever\s+(?:done|used|tuned)\b",
        ),
        "list_datasets",
    ),
    _kind(
        "which_model",
        (
            r"\b(?:which|what|whats)\s+(?:\w+\s+)?(?:best\s+)?models?\s+(?:should|would|do|is|are|fits?|works?|suits?|to|can|for|fro)\b(?!.*\b(?:used?|ran|run|won|wins|winning|leading|ahead|currently|now|so\s+far)\b)",
            r"\bwhat(?:'?s|\s+is)?\s+(?:teh\s+|the\s+)?best\s+(?:model|modle)\s+(?:for|fro|when|with)\b",
            r"\b(?:which|what)\s+models\s*\?",
        ),
        "list_datasets",
    ),
    _kind(
        "which_metrics",
        (
            r"\b(?:which|what)\s+(?:\w+\s+)?metrics\b",
            r"\bwhat\s+can\s+(?:you|i|we)\s+(?:measure|optimi[sz]e)\b",
            r"\b(?:which|what)\s+costs\b",
        ),
    ),
    _kind(
        "which_samplers",
        (r"\b(?:which|what)\s+(?:other\s+)?samplers\b",),
    ),
    _kind(
        "enough",
        (
            r"\b(?:too\s+(?:few|little|less|short)|enough)\b.{0,60}(?:trials?|epochs?|runs?|trust|data|\?)",
            r"\b(?:trials?|epochs?)\b.{0,40}\b(?:enough|too\s+(?:few|short)|ridiculously\s+short)\b",
            r"\bepochs?\b.{0,30}\bshort\b",
        ),
        "study_status",
    ),
    _kind(
        "go_on",
        (
            r"\b(?:worth|sense|point|useful|pay\s+off|help)\b.{0,40}\b(?:going\s+on|more\s+trials?|continu\w+|longer|further|another|keep|extend\w*|trying|tuning)\b",
            r"\b(?:should|shall|do)\s+(?:i|we)\s+(?:\w+\s+)?(?:stop|go\s+on|continue|keep|carry\s+on|extend|run\s+more|add)\b",
            r"\b(?:more|another|twenty|ten|five|\d+\s+more)\s+trials?\b.{0,30}\b(?:help|improve|worth|change)\b",
            r"\bkeep\s+going\b",
        ),
        "study_status",
    ),
    _kind(
        "was_worth",
        (
            r"\bworth\s+(?:it|the\s+\w+)\b",
            r"\bdid\s+(?:it|that|this)\s+(?:help|pay|work|improve|gain|bring)\b",
            r"\bwhat\s+did\s+(?:it|that|we)\s+(?:gain|bring|win)\b",
        ),
        "study_status",
    ),
    _kind(
        "good",
        (
            rf"\b(?:is|are|was|were|ist)\s+{_RESULT}\s+(?:\w+\s+){{0,2}}?(?:good|great|bad|poor|decent|ok|okay|acceptable|impressive|strong|weak|high|low|a\s+lot|much|terrible|normal|usable)\b",
            r"\bhow\s+good\b",
            r"\bany\s+good\b",
            r"\bgood\s+enough\b",
            r"\b(?:ease|popularity|item_?knn|baselines?|bestsellers|(?:something|anything)\s+simple\w*)\b.{0,20}\b(?:beats?|wins?|better|enough|do\s+as\s+well)\b",
            r"(?:结果|它|这个|模型).{0,4}(?:好吗|好不好|够好|怎么样)",
            r"\b(?:would|will|could)\s+(?:a\s+|the\s+|our\s+)?(?:customers?|users?|people|anyone|anybody|readers?)\s+(?:even\s+)?(?:notice|see|feel)\b",
            r"\b(?:beat|beats|above|better\s+than|below|worse\s+than)\s+(?:the\s+|a\s+|our\s+|plain\s+|simple\s+)*(?:baselines?|popularity|ease|item_?knn|defaults?|most\s+popular)\b",
        ),
        "study_status",
    ),
    _kind(
        "trust",
        (
            r"\b(?:trust|rely\s+on|believe|reliable|convinc\w*|certain|sure)\b.{0,40}\b(?:result|it|that|this|model|number|figure|you)\b",
            r"\bnot\s+(?:yet\s+)?convinced\b",
            r"\bdoubt\b",
            r"\bis\s+(?:this|that|it)\s+correct\b",
            r"\bprove\s+it\b",
            r"\bhow\s+(?:sure|certain|confident)\b",
            r"\bevidence\b",
        ),
        "study_status",
    ),
    _kind(
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
    _kind(
        "usual_value",
        (
            r"\bwhat(?:'?s|\s+is|\s+are|\s+would\s+be)?\s+(?:a|an|the|some)?\s*(?:more\s+)?(?:typical|usual|sensible|reasonable|common|normal|good|recommended|default)\s+(?:starting\s+)?(?:values?|ranges?|settings?|choices?)?\s*(?:for|of)?\b.*\w",
        ),
        "show_space",
    ),
    _kind(
        "better",
        (
            r"\b\d+\b.{0,30}\b(?:better|worse|ahead|behind|higher|lower|superior|beats?|outperforms?)\b.{0,30}\b(?:trial\s+|#)?\d+\b",
        ),
        "compare_trials",
        shows=True,
    ),
    _kind(
        "regret",
        (r"\b(?:you|u)\s+should(?:n'?t|\s+not)\s+have\b", r"\bwhy\s+did\s+(?:you|u)\s+(?:stop|pause|start|run)\b"),
        "study_status",
    ),
    _kind(
        "how_space",
        (
            r"\bhow\s+(?:do|can|could|would|to)\b.{0,20}\b(?:change|narrow|widen|set|fix|limit|adjust)\b.{0,30}\b(?:space|ranges?|params?|parameters?|dropout|learning\s+rate)\b",
        ),
    ),
    _kind("would_tune", (r"(?!)",), "recall_trials"),
    _kind(
        "why_items",
        (
            r"^\W*(?:and\s+|but\s+|hm+\s+)?(?:why|y|how\s+come)\s+(?:exactly\s+|just\s+|would\s+you\s+recommend\s+|did\s+you\s+recommend\s+)?(?:those|these|them|that\s+list|those\s+items|these\s+items|those\s+books|these\s+movies|that\s+one)\b",
        ),
        "recommend_items",
    ),
    _kind(
        "delete_generic",
        (r"\bfree\s+(?:up\s+)?(?:any\s+)?space\b",),
    ),
    _kind(
        "offline",
        (
            r"\b(?:send|sends|sending|leaves?|leak|upload|share)\b.{0,40}\b(?:data|anywhere|machine|cloud|internet)\b",
            r"\b(?:offline|privacy|gdpr|dpo|private|confidential)\b",
        ),
    ),
    _kind(
        "cost_limit",
        (
            r"\b(?:memory|ram|vram|gpu|disk|cpu)\b.{0,40}\b(?:exceed|under|below|at\s+most|more\s+than|less\s+than|limit|max\w*|over|above|up\s+to)\b",
        ),
    ),
    _kind(
        "can_adapt",
        (r"\b(?:can|could|possible|how)\b.{0,40}\b(?:qlora|4-?bit|fine-?\s?tun\w*)\b",),
    ),
)
KINDS = tuple(kind.asked for kind in _KINDS)
_BY_NAME = {kind.kind: kind for kind in KINDS}
_KEY_WORDS = words_of(
    "pause stop resume export delete remove trial trials study noise worth better difference significant enough confirm "
    "model models metrics sampler seed matter start begin anytime middle lose forget finish finished result results good long time left wondering"
)


_OF_ACTS: dict[str, tuple[str, ...]] = {
    "control_study": ("safe", "stopped_itself", "did_start", "survives", "go_on"),
    "export_model": ("can_export", "exported"),
    "delete_study": ("can_delete", "lost_by_delete", "did_delete", "delete_generic"),
    "confirm": ("explain_confirm", "confirmed", "test_score", "seed_matters"),
    "start_study": (
        "would_tune",
        "begin",
        "really_ran",
        "did_start",
        "which_model",
        "how_long",
        "sampler",
        "can_adapt",
        "which_samplers",
        "cost_limit",
        "survives",
    ),
    "extend_study": ("survives", "go_on", "safe", "enough", "how_long", "cost_limit"),
    "remember_lesson": ("noted", "forgets"),
    "forget_lesson": ("noted", "forgets"),
    "run_trial": ("really_ran", "did_start", "how_long"),
    "repeat_trial": ("seed_matters", "did_start", "noise"),
    "add_dataset": ("file_untouched",),
    "remove_dataset": ("file_untouched", "delete_generic"),
    "set_search_space": ("usual_value", "cost_limit"),
}
"""The kinds of question that an act can be asked about by; of those in `_ANY` the first kind answers any question."""
_ANY = ("control_study", "export_model", "delete_study", "confirm", "start_study")
_ON_ACTS = frozenset(kind for kinds in _OF_ACTS.values() for kind in kinds) - {"begin", "usual_value"}
_SAID_PLAINLY = ("trust", "cost_limit", "begin", "best", "regret")  # asked without the form of a question
_FORM = re.compile(
    r"\?|吗|什么|怎么|多久|多少|为什么|是否|^\W*(?:(?:and|but|so|ok|okay|hm+|well|sorry|then|now|just|hey|hi|please)\W+)*(?:what|why|how|is|are|was|were|did|do|does|can|could|"
    r"should|shall|which|where|when|who|will|would|have|has|had|am|may|any|tell|prove|y|whats|wat|waht)\b|\b(?:wonder\w*|tell\s+me|want\s+to\s+know|would\s+like\s+to\s+know|no\s+idea|not\s+sure|only\s+asking)\b"
)
_SHORT = 4  # words that need no form to be a question: "time left"


def asked(say: str, act: str | None = None) -> Asked | None:
    """The kind of question that a message is; None where it is none of these.

    Args:
        act: The tool that it asks about, where it asks about an act.
    """
    text = _plain(say)
    is_asked = act is not None or _FORM.search(text) is not None or len(text.split()) <= _SHORT
    fits = _OF_ACTS.get(act or "", ())
    matching = [
        kind.asked for kind in _KINDS if (is_asked or kind.asked.kind in _SAID_PLAINLY) and kind.pattern.search(text)
    ]
    own = [one for one in matching if act is None or one.kind in fits]
    others = [one for one in matching if one.kind in _ON_ACTS]  # the act may have been mistaken for another
    default = [_BY_NAME[fits[0]]] if act in _ANY else []
    return next((replace(one, says=text) for one in (*own, *others, *default)), None)


_SWAPPED = {"hwo": "how", "waht": "what", "wat": "what", "teh": "the", "adn": "and", "si": "is", "fo": "of"}


def _plain(say: str) -> str:
    """In lower case, with the words that questions turn on spelt as they should be."""
    text = say.lower().replace("\u2019", "'").strip()
    text = re.sub(r"\b(?:hwo|waht|wat|teh|adn|si|fo)\b", lambda match: _SWAPPED[match[0]], text)
    return re.sub(r"[a-z]{4,}", lambda match: _spelt(match[0]), text)


def _spelt(word: str) -> str:
    if word in ORDINARY or word in _KEY_WORDS:
        return word
    near = [key for key in _KEY_WORDS if key[0] == word[0] and abs(len(key) - len(word)) <= 1 and len(key) > 3]
    close = [key for key in near if DamerauLevenshtein.distance(word, key, score_cutoff=1) <= 1 and key[:-1] != word]
    return min(close) if len(close) == 1 else word
