"""Plain answers, where no tool is meant: greetings, what recpilot is and can do, the words of the field.

They hold no figures of any study, so that nothing in them needs evidence.
"""

import re

from agent.llm.pilot.glossary import explained

CAPABILITIES = (
    "I tune recommender models on your data, on this machine. You can say, in your own words:\n\n"
    "- *which datasets are there?* or drop a file into the chat\n"
    "- *tune sasrec on the demo data, six trials*, with limits such as *under five ms* or *coverage above a third*\n"
    "- *what would you try next?*, *run it*, *keep dropout below a half*, *pause*, *resume*, *stop*\n"
    "- *add more trials*, *keep coverage above a third from now on*, *only ease from now on*, *repeat the best trial*\n"
    "- *confirm the best trials*: several seeds, then the sealed test part, read once\n"
    "- *how is it going?*, *why did you pick that learning rate?*, *compare the best two*, *which param matters?*\n"
    "- *recommend something for user u17*, *export the best model*, *remember that …*"
)
LARGER = (
    "A larger language model is one setting: start with `--llm` and a folder or hub id of a local model (for example "
    "`recpilot ui --llm Qwen/Qwen3-4B-Instruct-2507`), or the URL of an OpenAI-compatible server such as Ollama "
    "together with `--llm-model`. Then it words the answers and may propose trials itself."
)
WHO = (
    "I am recpilot's built-in pilot: a small text encoder with an adapter that this project trained. It runs "
    "offline, on this "
    "machine, picks the tool for your message, and words what the tool measured. I am not a large language model. "
    + LARGER
)
PRIVATE = (
    "Everything stays on this machine: the pilot needs no network, and nothing is sent anywhere unless you attach a "
    "server yourself."
)
REFUSED = (
    "I have no tool for that: I read data files, tune models, explain trials and export models, and I neither delete "
    "data nor run "
    "commands nor reveal settings."
)
ELSEWHERE = (
    "I did not understand that as anything that I can do, so nothing was done. I tune recommender models: say, for "
    "example, `tune sasrec on demo, 6 trials`, `how is it going?`, `why did trial 2 run?` or `help`."
)
_RULES: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:(?:larger|bigger|another|other|own|better|local|different) (?:language )?(?:llm|model)|ollama|qwen|"
        r"gpt|openai|llama|claude|llms?)\b"
        r"(?!.*\bfor (?:the )?(?:data|demo))|language model|\bchange the llm\b",
        LARGER,
    ),
    (
        r"\b(?:who|what) (?:are|r) (?:you|u)\b|\byour name\b|\byou (?:a )?(?:human|bot|real|chatgpt|llm)|"
        r"\bwho (?:made|built|wrote) you|wer bist du|about yourself|recpilot",
        WHO,
    ),
    (r"\b(?:offline|internet|send my data|my data safe|privacy|private)\b", PRIVATE),
    (
        r"\b(?:delete|erase|wipe|rm -|drop (?:the|all)|format the|sudo|passwd|system prompt|your (?:instructions|"
        r"rules)|api key|password|"
        r"ignore (?:all|the|your)|forget all previous|developer mode|jailbreak|safety checks|hack|shell|root|"
        r"remove (?:all|the study))\b",
        REFUSED,
    ),
    (
        r"\bhelp\b|\bwhat can (?:you|i|u)\b|\bwhat do you do\b|\b(?:able|supposed) to do\b|\bhow (?:do|does|"
        r"can) (?:i|this|it|you) (?:work|use|start)|"
        r"\bwhat (?:tools|commands)\b|\bwhat should i type\b|examples? of what|puedes hacer|peux-tu faire|kannst du|"
        r"sai fare|能做什么|how (?:does|do) (?:this|you)",
        CAPABILITIES,
    ),
    (
        r"\b(?:t(?:hn|nh|ha|h)?an?ks?\w*|thn?aks|thank\w*|thx|ty|tysm|cheers|danke\w*|gracias|merci|grazie|obrigad\w|谢谢)\b|谢谢|\bhelp(?:ed|ful)\b",
        "You are welcome.",
    ),
    (
        r"\b(?:sleep\s+on\s+it|think\s+(?:about\s+it|it\s+over)|let\s+me\s+think|need\s+to\s+think)\b",
        "All right, take your time. Nothing was done.",
    ),
    (
        r"\bhave\s+a\s+(?:\w+\s+)?(?:day|weekend|evening|night|one|time)\b|\b(?:bye|goodbye|see you|cya|tschüss|au revoir|good night)\b",
        "Goodbye. Studies that run go on, and everything is here when you return.",
    ),
    (
        r"^\W*(?:hi|hey|hello|hola|hallo|bonjour|ciao|yo|sup|howdy|morning|good (?:morning|evening|afternoon)|"
        r"guten \w+|nice to meet you|你好)\b|你好|how (?:are|do) you",
        "Hello. " + CAPABILITIES,
    ),
    (
        r"^\W*(?:ok\w*|k|cool|nice\w*|great|good|wow|perfect|super|awesome|amazing|excellent|brilliant|interesting|"
        r"aha|oh|hm+|i see|got it|"
        r"understood|makes sense|sure|yes|yeah|yep|alright|well done|lol|haha\w*|clear)\b",
        "Good. Say what to do next: start tuning, look at the results, or ask why.",
    ),
    (r"^\W*(?:sorry|sry|my bad|apolog\w+)\b(?!.*\?)", "No harm done. Say what to do next."),
    (
        r"\b(?:i|we)(?:'ll|\s+will|\s+shall|\s+may|\s+might|'m\s+going\s+to|\s+am\s+going\s+to|\s+are\s+going\s+to)\b|\b(?:tomorrow|tonight|next\s+week)\b|明天|以后再|稍后",
        "All right, nothing is done now. I do not act by myself later, so say it when the time has come.",
    ),
    (
        r"^\W*(?:no|nope|never ?mind|nothing|forget|later|not now|maybe later|sorry|my bad)\b",
        "All right, nothing was done.",
    ),
    (
        r"\b(?:understand|pardon|huh|unclear|confus\w+|verstehe|wrong|not what i|don'?t know|idk|not sure)\b|"
        r"^\W*(?:what|\?+)\W*$",
        "Sorry. Say it in other words, or name the thing: a dataset, a model, a trial. " + CAPABILITIES,
    ),
    (r"\b(?:stupid|dumb|useless|suck\w*|hate|bad bot)\b", "I am sorry that I am not of more help. " + LARGER),
)


def plain_answer(text: str) -> str:
    """The answer to a message that asks for no tool."""
    asks = re.search(
        r"\?|\b(?:what|how|explain|define|definition|meaning|is|are|does|do|why|tell|was|qué|qu'est|c'est|cos'è|"
        r"o que|difference)\b|什么",
        text,
        re.I,
    )
    about_pilot = re.search(r"\b(?:you|your|u|my data|the internet)\b", text, re.I)
    if (
        (asks or len(text.split()) <= 4)
        and not (about_pilot and _by_rule(text) in (WHO, LARGER, PRIVATE, REFUSED))
        and (meaning := explained(text))
    ):
        return meaning
    return _by_rule(text) or ELSEWHERE


def _by_rule(text: str) -> str | None:
    return next((answer for pattern, answer in _RULES if re.search(pattern, text, re.IGNORECASE)), None)
