"""Questions about recpilot itself: where to begin, which models and metrics there are, what it can do."""

from agent.understanding.asking.question_kind import Kind, kind

OF_THE_START: tuple[Kind, ...] = (
    kind(
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
    kind(
        "which_model",
        (
            r"\b(?:which|what|whats)\s+(?:\w+\s+)?(?:best\s+)?models?\s+(?:should|would|do|is|are|fits?|works?|suits?|to|can|for|fro)\b(?!.*\b(?:used?|ran|run|won|wins|winning|leading|ahead|currently|now|so\s+far)\b)",
            r"\bwhat(?:'?s|\s+is)?\s+(?:teh\s+|the\s+)?best\s+(?:model|modle)\s+(?:for|fro|when|with)\b",
            r"\b(?:which|what)\s+models\s*\?",
        ),
        "list_datasets",
    ),
    kind(
        "which_metrics",
        (
            r"\b(?:which|what)\s+(?:\w+\s+)?metrics\b",
            r"\bwhat\s+can\s+(?:you|i|we)\s+(?:measure|optimi[sz]e)\b",
            r"\b(?:which|what)\s+costs\b",
        ),
    ),
    kind(
        "which_samplers",
        (r"\b(?:which|what)\s+(?:other\s+)?samplers\b",),
    ),
)
OF_US: tuple[Kind, ...] = (
    kind(
        "usual_value",
        (
            r"\bwhat(?:'?s|\s+is|\s+are|\s+would\s+be)?\s+(?:a|an|the|some)?\s*(?:more\s+)?(?:typical|usual|sensible|reasonable|common|normal|good|recommended|default)\s+(?:starting\s+)?(?:values?|ranges?|settings?|choices?)?\s*(?:for|of)?\b.*\w",
        ),
        "show_space",
    ),
    kind(
        "regret",
        (r"\b(?:you|u)\s+should(?:n'?t|\s+not)\s+have\b", r"\bwhy\s+did\s+(?:you|u)\s+(?:stop|pause|start|run)\b"),
        "study_status",
    ),
    kind(
        "how_space",
        (
            r"\bhow\s+(?:do|can|could|would|to)\b.{0,20}\b(?:change|narrow|widen|set|fix|limit|adjust)\b.{0,30}\b(?:space|ranges?|params?|parameters?|dropout|learning\s+rate)\b",
        ),
    ),
    kind("would_tune", (r"(?!)",), "recall_trials"),
    kind(
        "why_items",
        (
            r"^\W*(?:and\s+|but\s+|hm+\s+)?(?:why|y|how\s+come)\s+(?:exactly\s+|just\s+|would\s+you\s+recommend\s+|did\s+you\s+recommend\s+)?(?:those|these|them|that\s+list|those\s+items|these\s+items|those\s+books|these\s+movies|that\s+one)\b",
        ),
        "recommend_items",
    ),
    kind(
        "delete_generic",
        (r"\bfree\s+(?:up\s+)?(?:any\s+)?space\b",),
    ),
    kind(
        "offline",
        (
            r"\b(?:send|sends|sending|leaves?|leak|upload|share)\b.{0,40}\b(?:data|anywhere|machine|cloud|internet)\b",
            r"\b(?:offline|privacy|gdpr|dpo|private|confidential)\b",
        ),
    ),
    kind(
        "cost_limit",
        (
            r"\b(?:memory|ram|vram|gpu|disk|cpu)\b.{0,40}\b(?:exceed|under|below|at\s+most|more\s+than|less\s+than|limit|max\w*|over|above|up\s+to)\b",
        ),
    ),
    kind(
        "can_adapt",
        (r"\b(?:can|could|possible|how)\b.{0,40}\b(?:qlora|4-?bit|fine-?\s?tun\w*)\b",),
    ),
)
