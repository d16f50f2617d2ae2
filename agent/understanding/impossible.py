"""What recpilot cannot do, by name, with the nearest thing that it can; such a wish is answered and never half done.

>>> apart("connect to the Kafka topic clicks").rest
''
"""

import re
from dataclasses import dataclass

from agent.words.lexicon import lexicons, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """One kind of wish that there is no tool for."""

    pattern: "re.Pattern[str]"
    says: str  # with {name}: the words that it was asked for by, or the group `name` of the pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A message, taken apart: what can be planned, and what is said of the rest."""

    rest: str  # the clauses that ask for nothing impossible
    told: tuple[str, ...]  # one for each kind of impossible wish


def _no(pattern: str, says: str) -> Impossible:
    return Impossible(pattern=re.compile(rf"(?<![\w.-]){pattern}(?![\w-])", re.IGNORECASE), says=says)


_PUT = r"(?:serve|serving|deploy|deploying|host|hosting|expose|publish|put|run|ship|push|roll\s+out|make)"
_MODELS = {  # models of others, and the nearest one here
    "sasrec": r"bert4?rec|nextitnet|caser|tisasrec|s3-?rec|cl4srec|mamba4?rec|transformers4rec|tiger",
    "bpr_mf": r"neumf|ncf|neural\s+(?:collaborative\s+filtering|cf)|word2vec|item2vec|node2vec|bprmf\+\+|logistic\s+mf",
    "ease": r"slim|mult-?vae|multi-?vae|recvae|vae|autoencoders?|ract",
    "lightgcn": r"ngcf|ultragcn|simgcl|gat|graphsage|pinsage|kgat",
    "deepfm": r"xgboost|lightgbm|catboost|random\s+forests?|gradient\s+boosting|wide\s*(?:&|and)\s*deep|xdeepfm|autoint|dlrm|din|dien|logistic\s+regression",
    "gru4rec": r"lstm4rec|narm|stamp|sr-?gnn",
}
_KINDS: tuple[Impossible, ...] = (
    _no(
        r"(?:apache\s+)?(?:kafka|rabbitmq|kinesis|pulsar|pub/?sub|event\s+(?:streams?|hub)|message\s+queues?)",
        "I cannot read from streams such as {name}: I read files. The nearest: write the events to a CSV, JSON lines or Parquet file, and say `add events.csv`.",
    ),
    _no(
        r"(?:bigquery|snowflake|redshift|postgres(?:ql)?|mysql|mongo(?:db)?|oracle|databricks|hive|clickhouse|elasticsearch|s3|gcs|azure\s+blob|google\s+sheets?|airtable|sharepoint|google\s+drive|dropbox)(?!\s+ledger)",
        "I cannot connect to {name}: I read files on this machine. The nearest: export the table to a CSV or Parquet file there, and say `add` with its path.",
    ),
    _no(
        r"(?:(?:send|write|shoot|drop|mail|e-?mail|text|ping|message|slack|whatsapp|notify|call|phone)\s+(?:(?:me|us|him|her|them|my\s+\w+|the\s+\w+|an?|it|this|the\s+\w+\s+to)\s+)*(?:e-?mails?|mails?|sms|texts?|slack(?:\s+message)?|teams\s+message|push|notification|messages?|whatsapp)|"
        r"(?:e-?mail|mail|text|slack|whatsapp|phone|page)\s+(?:me|us|him|her|them|maria|my\s+\w+|the\s+(?:team|boss|results?|report))|(?:by|via|through|over|per|to|on)\s+(?:(?:our|the|my)\s+)?(?:e-?mail|mail|sms|slack|(?:ms\s+)?teams|discord|telegram|whatsapp|pagerduty)|(?:read|check)\s+(?:my\s+)?(?:e-?mails?|inbox|mails?))",
        "I cannot send or read messages ({name}): nothing leaves this machine. The nearest: this chat says when a study ends, and in a terminal `recpilot tune …` returns then, so that a command of yours can follow it.",
    ),
    _no(
        r"(?:(?:tell|ping|notify|alert|remind|message|wake|call)\s+(?:me|us)|let\s+(?:me|us)\s+know|give\s+(?:me|us)\s+a\s+(?:shout|ping|sign|signal|nudge|heads[- ]?up))\s+(?:please\s+)?(?:when|once|as\s+soon\s+as|the\s+moment)\s+(?![^.;!?]*\b(?:will|would|gonna|going\s+to)\b|[^.;!?]*'ll\b)[^.;!?]*?\b(?:done|finish\w*|ready|over|through|complete\w*|ends?|stops?|stopped)",
        "This chat says so as soon as the study ends, while the page or the terminal chat is open. For a signal elsewhere, `recpilot study wait` returns at its end: `recpilot study wait && notify-send done`.",
    ),
    _no(
        rf"(?:{_PUT}\s+[^.;!?]*?\b(?:https?|(?<!the\s)rest(?:ful)?|api|grpc|endpoints?|micro-?services?|web\s*(?:service|hook|server|site)s?|production|live\s+site|lambda|aws|azure|gcp|the\s+cloud|sagemaker|vertex|heroku|port\s+\d+)|"
        r"(?:rest|http|web)\s+(?:api|endpoint|service|serving)|fastapi|flask|web\s*hooks?|model\s+serving|deploy\s+(?:it|the\s+\w+|this|that)\s+(?:somewhere|online|live))",
        "I cannot serve a model ({name}). The nearest: `export the best` writes its weights as safetensors, or everybody's lists as CSV or Parquet, which your service can load; `recommend 10 items for u7` answers for one user.",
    ),
    _no(
        r"(?:cron(?:\s*jobs?|tab)?|(?:run|tune|start|train|retrain|schedule|export|update|refresh|confirm)\b[^.;!?]*?\b(?:every|each)\s+(?:single\s+)?(?:night|day|morning|evening|hour|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:run|tune|start|train|retrain|schedule|do|repeat|update)\b[^.;!?]*?\b(?:nightly|daily|weekly|hourly|monthly)(?=\s*(?:[.,;!?]|$)))",
        "I cannot run things at set times ({name}). The nearest: let cron or your system's task planner call `recpilot tune DATASET …`, which needs no chat.",
    ),
    _no(
        r"(?:kubernetes|k8s|helm(?:\s+chart)?|docker(?:file|\s+(?:image|container|compose))?|slurm|spark|airflow|kubeflow|ray\s+cluster|dask|hadoop|(?:on|book|reserve|use|to)\s+(?:me\s+)?(?:the|our|a|my)\s+(?:gpu\s+)?cluster|(?:rent|cloud)\s+(?:an?\s+)?(?:gpus?|machines?)|colab)",
        "I run on this machine only ({name}). The nearest: install recpilot there and run `recpilot tune DATASET …` as one job.",
    ),
    _no(
        r"(?:(?:build|make|create|open|show|set\s+up|give|put|want|need|have|do\s+you\s+have|is\s+there|a|in|on)\s+(?:me\s+|us\s+|a\s+|an\s+|the\s+|some\s+|live\s+|kind\s+of\s+|web\s+)*(?P<name>dashboards?)|grafana|tableau|power\s*bi|looker|metabase|superset|kibana)",
        "I have no dashboard of my own ({name}). The nearest: the study's page in the browser (`recpilot ui`) and its report (say `show the report`); `optuna-dashboard` opens the ledger, the file `studies.db` in recpilot's home folder.",
    ),
    _no(
        r"(?:(?:log|track|push|send|upload|sync|report|connect)\b[^.;!?]*?\b)(?P<name>mlflow|wandb|w&b|weights\s+and\s+biases|neptune|comet(?:\s*ml)?|clearml)",
        "I do not log to {name}. The nearest: every trial stands in an Optuna storage, the file `studies.db`, which Optuna and `optuna-dashboard` read.",
    ),
    _no(
        r"(?:ensembl\w*|(?:stack|blend|mix|merge|average|combine)\s+(?:(?:the|both|these|those|all|some|two|three|best|of|top|several|\d+)\s+)*(?:models|trials|predictions|scores|rankings|recommenders)|model\s+(?:stacking|blending|averaging))",
        "I cannot combine several models into an ensemble ({name}): a trial is one model. The nearest: let them compete in one study, or tune `hybrid`, which joins features, item texts and sequences in one model.",
    ),
    _no(
        r"(?:(?:a\s*/\s*b|ab|split)[- ]?tests?(?:ing)?|online\s+experiments?|live\s+traffic|interleaving|bandits?|reinforcement\s+learning|online\s+learning)",
        "I cannot work with live users ({name}): I measure offline, on held-out data. The nearest: `confirm` compares the winner with the defaults on the sealed test part; the online test is then yours to run.",
    ),
    _no(
        r"(?:make|create|write|generate|build|export|save|turn|draw|prepare|produce)\b(?:(?!\bfor\b)[^.;!?])*?\b(?P<name>power\s*points?|pptx?|slides?|slide\s*deck|pdfs?|word\s+documents?|docx)",
        "I do not write {name}. The nearest: the report is one HTML file that any browser prints as PDF; say `show the report`.",
    ),
    _no(
        r"(?P<name>(?:gpu\s+|main\s+|graphics\s+)?(?:memory|ram|vram)|disk(?:\s+space)?|cpu\s+(?:load|usage)|power|energy)\b[^.;!?]*?\b(?:exceed\w*|under|below|at\s+most|more\s+than|less\s+than|limit\w*|max\w*|over|above|up\s+to|within|use[sd]?)\b[^.;!?]*?\d[\d.,]*\s*(?:%|[kmgt]i?b|gigs?|gigabytes?|megabytes?|watts?|kwh)",
        "I cannot limit the {name} that training takes: it is measured, not limited. What can be limited are `latency_ms`, `weights_bytes` (the size of the model), `n_parameters` and `train_s`: say, for example, `keep weights_bytes below 2 GB`.",
    ),
    _no(
        r"(?:(?:image|photo|picture|audio|video|podcast)\s+(?:features?|embeddings?|encoders?|data)|(?:listen\s+to|watch|summari[sz]e)\s+(?:this|the|my|an?)\s+(?:podcast|video|song|film|movie|article|book))",
        "I do not look at {name}: I read tables of interactions, and the texts and columns of items and users. The nearest: put a description of each item into a text column and tune `text_tower`.",
    ),
    _no(
        r"(?:(?:use|attach|connect(?:\s+to)?|switch(?:\s+over)?\s+to|take|load|set|call)\s+[^;!?]*?\bas\s+(?:the\s+|your\s+|a\s+|our\s+|my\s+)?|set\s+the\s+|(?:attach|connect(?:\s+to)?|switch(?:\s+over)?\s+to)\s+(?:an?|the|another|my|our)\s+)"
        r"(?P<name>(?:language|chat)\s+model|llm)",
        "The {name} is attached outside of the chat, so that no message can send your data elsewhere: start with `--llm` and a folder, a hub id or the URL of an OpenAI-compatible server (with `--llm-model` its model's name), such as `recpilot ui --llm Qwen/Qwen3-4B-Instruct-2507`, or choose one on the page.",
    ),
    _no(
        r"(?:make\s+(?:the\s+|this\s+|that\s+)?(?:study\s+|dataset\s+)?[#\w-]+\s+(?P<name>mine|ours)(?=\s*(?:[.,;!?]|please|$))|(?:take|claim|get|change|transfer|give\s+me)\s+(?:the\s+)?(?:owner(?:ship)?)\b)",
        "Whose a study is cannot be changed: it belongs to all who use this place, and keeps who began it. The nearest: begin one like it, such as `start a study like demo-1`.",
    ),
    _no(
        r"(?P<name>(?:tag|label|star|flag|bookmark|favou?rite)s?\s+(?:the\s+)?(?:trials?|runs?|best(?:\s+(?:one|trial|run))?)\b[^.;!?]*|(?:put|add|give|set|attach)\s+(?:an?\s+|the\s+)?(?:tags?|labels?|stars?)\b[^.;!?]*\b(?:trials?|runs?)\b[^.;!?]*)",
        "The chat does not tag trials ({name}). The nearest: on the page, open the trial and write its tags and its note there; the table of trials shows them and finds by them.",
    ),
    *(
        _no(
            rf"(?:{others})",
            f"I have no {{name}}. The nearest model here is `{nearest}`: say, for example, `tune {nearest} on demo, 6 trials`.",
        )
        for nearest, others in _MODELS.items()
    ),
)
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")
_JOINT = re.compile(r",\s*(?:and\s+|then\s+|but\s+)*|\s+(?:and\s+then|and\s+also|and|then|but|plus)\s+")
_SPOKEN_OF = re.compile(  # of a file, of a word, or of what one would do
    r"\.(?:csv|tsv|parquet|jsonl?|db|zip|gz|tar|tgz)\b|\b(?:what\s+(?:is|are|does)|explain|define|which\s+\w+|would\s+you)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(  # a clause that orders or asks something by itself
    r"\W*(?:(?:please|and|then|also|but|just|so|can\s+you|could\s+you|i\s+want\s+(?:you\s+)?to)\s+)*(?:tune|train|start|run|launch|begin|use|try|keep|finish|stop|pause|resume|continue|add|remove|delete|"
    r"export|show|list|tell|give|explain|compare|recommend|remember|note|forget|set|make|let|limit|confirm|repeat|predict|rename|open|undo|how|what|which|why|when|is|are|do|does)\b",
    re.IGNORECASE,
)
_OWN_NAME = "#"  # stands for the letters of a name that the person gave
_VALUE = re.compile(rf"[\d{_OWN_NAME}]")


def apart(say: str, names: tuple[str, ...] = ()) -> Apart:
    """The message without what asks for an impossible thing, and what is said of that.

    What goes before it in its sentence stands ("tune ease on demo and mail me"), and so does what follows ("keep memory
    below 2 GB, finish within 50 minutes"). Where the wish begins the sentence, what follows hangs on it up to the next
    verb ("book the cluster for lightgcn, 40 trials"); where it is mixed with names or amounts of the order in its own
    clause ("tune xgboost on shop"), the clause goes with it: nothing is half done.

    Args:
        names: The person's datasets and studies, which may be called anything.
    """
    bare = say
    for name in names:
        bare = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _OWN_NAME * len(name), bare, flags=re.IGNORECASE)
    told: dict[str, None] = {}
    kept: list[str] = []
    for start, end in _pieces(bare, _SENTENCE, 0, len(bare)):
        clauses = _pieces(bare, _JOINT, start, end)
        found = [(place, *wish) for place in clauses if (wish := _wish(bare[slice(*place)])) is not None]
        told |= dict.fromkeys(_said(kind, match) for _, kind, match in found)
        if not found:
            kept.append(say[start:end])
        else:
            kept += _rest_of(say, bare, clauses, [place for place, _, _ in found], found[0][2])
    whole = [text for part in kept if re.search(r"\w{2}", text := part.strip(" ,"))]
    rest = re.sub(r"([.!?;])\. ", r"\1 ", ". ".join(whole)) if told else say
    return Apart(rest=rest, told=tuple(told))


def _wish(clause: str) -> "tuple[Impossible, re.Match[str]] | None":
    """The impossible wish of a clause, and its words."""
    if _SPOKEN_OF.search(clause):
        return None
    return next(((kind, match) for kind in _KINDS if (match := kind.pattern.search(clause))), None)


def _said(kind: Impossible, match: "re.Match[str]") -> str:
    name = match.groupdict().get("name") or match[0]
    return kind.says.format(name=" ".join(name.split()))


def _rest_of(
    say: str, bare: str, clauses: list[tuple[int, int]], wishes: list[tuple[int, int]], match: "re.Match[str]"
) -> list[str]:
    """What stands of a sentence: its clauses without those that wish, as one text."""
    first = clauses.index(wishes[0])
    if first and _is_mixed(bare, wishes[0], match) and not _BEGINS.match(bare[slice(*wishes[0])]):
        return []  # an order that reaches into the wish
    kept: list[tuple[int, int]] = [(clauses[0][0], clauses[first - 1][1])] if first else []
    before = clauses[first]
    for clause in clauses[first + 1 :]:
        if clause not in wishes and (kept or _BEGINS.match(bare[slice(*clause)])):
            follows = kept and kept[-1][1] == before[1]
            kept = [*kept[:-1], (kept[-1][0], clause[1])] if follows else [*kept, clause]
        before = clause
    return [", ".join(say[slice(*run)].strip() for run in kept)] if kept else []


def _is_mixed(text: str, place: tuple[int, int], match: "re.Match[str]") -> bool:
    """Whether names or amounts of an order stand in the clause of the wish next to it."""
    clause = text[slice(*place)]
    around = f"{clause[: match.start()]} . {clause[match.end() :]}"
    is_named = any(lexicons()[kind].places(around, runs(around)) for kind in ("model", "param", "metric", "sampler"))
    return is_named or _VALUE.search(around) is not None


def _pieces(text: str, border: "re.Pattern[str]", start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of each piece between borders."""
    places: list[tuple[int, int]] = []
    for match in border.finditer(text, start, end):
        places.append((start, match.start()))
        start = match.end()
    return [*places, (start, end)]
