"""Questions about what an act would do, and whether it may be done: "is it safe to pause?", "can I delete it?"."""

from agent.understanding.asking.question_kind import Kind, kind

_I = r"(?:i|we|you|one|u|somebody|someone|anyone|anybody|it|the\s+(?:study|team))"
_HALT = r"(?:paus\w*|stop\w*|interrupt\w*|cancel\w*|halt\w*|abort\w*|kill\w*|quit\w*|clos\w*|resum\w*|continu\w*|press\s+on|go\s+on|carry\s+on|extend\w*|add\w*\s+(?:more\s+)?trials?|more\s+trials)"
_LOSE = r"(?:los[est]\w*|lost|eras\w*|delet\w*|gone|throw\w*|thrown|forget\w*|vanish\w*|destroy\w*|wast\w*|keep|kept)"

OF_ACTS: tuple[Kind, ...] = (
    kind(
        "survives",
        (
            r"\b(?:close|shut|fold|leave|lock)\s+(?:down\s+)?(?:my|the|this)\s+(?:laptop|computer|machine|browser|tab|window|terminal|lid|page|pc|chat)\b",
            r"\b(?:signal|internet|network|wi-?fi|connection|power|electricity)\s+(?:\w+\s+)?(?:breaks?|drops?|goes|dies?|fails?|is\s+gone|cuts?)\b",
            r"\bmachine\s+(?:sleeps?|reboots?|restarts?)\b",
        ),
        "study_status",
    ),
    kind(
        "lost_by_delete",
        (
            r"\b(?:what|anything|do\s+(?:i|we)|would\s+(?:i|we)|will\s+(?:i|we))\b.{0,30}\b(?:lose|lost|gone|happens?)\b.{0,30}\b(?:delet|remov|eras)\w*",
            r"\b(?:if|when)\s+(?:i|we)\s+(?:delete|remove)\b.{0,40}\b(?:lose|lost|gone|happens?)\b",
            r"\bcan\s+(?:i|we)\s+(?:\w+\s+)?(?:get|bring|restore)\b.{0,20}\bback\b",
        ),
        "list_studies",
    ),
    kind(
        "can_delete",
        (
            rf"\b(?:can|could|may|might|shall|should|is\s+it\s+(?:ok|okay|fine|safe|save|possible|allowed)\s+to|am\s+i\s+allowed\s+to)\s+(?:{_I}\s+)?(?:safely\s+|just\s+|also\s+|now\s+)*(?:delete|remove|erase|drop|get\s+rid\s+of|throw\s+away)\b",
        ),
        "list_studies",
    ),
    kind(
        "file_untouched",
        (
            r"\b(?:file|\S+\.(?:csv|tsv|parquet|jsonl?))\b.{0,40}\b(?:touch\w*|chang\w*|modif\w*|overwr\w+|alter\w*|stay\w*|safe|untouched|delet\w*)\b",
        ),
    ),
    kind(
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
    kind(
        "can_export",
        (
            r"\b(?:can|could|may|is\s+it\s+possible\s+to|how\s+(?:do|can|would)|do\s+i\s+(?:need|have)\s+to)\b.{0,30}\bexport\b",
            r"\b(?:what|which)\s+(?:\w+\s+)?formats?\b",
            r"\b(?:open|read|load)\s+(?:that|the|this|an?)\s+(?:exported\s+)?(?:file|model|export|safetensors)\b",
        ),
        "study_status",
    ),
    kind(
        "explain_confirm",
        (
            r"\b(?:what|how)\s+(?:does|do|is|would|exactly|happens)\b.{0,40}\bconfirm\w*",
            r"\bconfirm\w*\b.{0,60}\b(?:what\s+does\s+it\s+do|how\s+does\s+it\s+work|what\s+is\s+it)\b",
            r"\b(?:should|must|need|worth)\b.{0,20}\bconfirm\w*",
        ),
        "show_confirmation",
    ),
    kind(
        "trust_chooser",
        (
            r"\b(?:language\s+model|llm|ai|you)\b.{0,60}\b(?:beat|better\s+than|outperform)\w*\s+(?:plain\s+|simple\s+|just\s+)?random\b",
            r"\blanguage\s+model\s+picking\b",
            r"\bwhy\s+on\s+earth\b.*\brandom\b",
        ),
    ),
)
