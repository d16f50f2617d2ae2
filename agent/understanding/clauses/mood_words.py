"""The words by which an order is told from a question and a refusal, in five languages."""

import re

POLITENESS = (
    r"(?:(?:and|but|then|so|or|ok|okay|well|now|hey|hi|hello|please|pls|plz|just|kindly|maybe|perhaps|also|first|only|"
    r"instead|rather|simply|quickly|actually|really|yes|yeah|yep|sure|alright|right|hm+|um+|oh|thanks|"
    r"let's|lets|let us|go ahead and|i mean|i guess|at least|in that case|be so (?:kind|good) as to|mind|"
    r"bitte|dann|und|aber|s'il te plaît|alors|mais|et|por favor|entonces|pero|y|me)(?![\w'])[\s,]*)*"
)
WISH = re.compile(
    rf"^{POLITENESS}(?:i(?:'d| would)?\s+(?:want|like|need|love)(?:\s+you)?\s+to|i\s+want\s+(?:it|that|this)|"
    r"ich\s+(?:will|möchte)|je\s+(?:veux|voudrais)|quiero)(?![\w'])"
)
ASKED = re.compile(
    rf"^(?:¿\s*)?{POLITENESS}(?:(?:can|could)\s+(?:you|u|we)|why\s+(?:don'?t|not)\s+(?:you|we)|why\s+not(?=\s+\w)|"
    r"(?:would|will)\s+you(?=.*(?:please|kindly|mind|so kind|so good))|mind(?=\s+\w+ing)|"
    r"kannst\s+du|könntest\s+du|können\s+sie|könnten\s+sie|würdest\s+du|"
    r"peux[- ]tu|pourrais[- ]tu|pouvez[- ]vous|pourriez[- ]vous|tu\s+peux|"
    r"puedes|podrías|puede|podría)(?![\w'])"
    r"|^[^不别没]*?(?:能不能|可不可以|能否|可否|你能|请|能帮|可以帮|麻烦你)"
)
QUESTION = re.compile(
    rf"^(?:¿\s*)?{POLITENESS}(?:what|what's|whats|how|why|where|which|who|whose|whether|"
    r"when(?=\s+(?:is|are|will|do|does|did|should|can|could|would))|is|are|was|were|am|do\s+(?:i|we|you|they)|does|did|"
    r"has|have\s+(?:i|we|you|they)|had|should|shall|would|could|can|will|may\s+(?:i|we)|must\s+(?:i|we)|isn't|aren't|"
    r"doesn't|didn't|any\s+idea|tell\s+me|explain|describe|show\s+me|let\s+me\s+know|i\s+wonder|wondering|"
    r"i(?:'d| would)\s+like\s+to\s+know|i\s+want\s+to\s+know|i(?:'m| am)?\s+not\s+sure|not\s+sure|"
    r"help\s+me\s+understand|soll(?:te|ten|en)?|was|wie|warum|wieso|weshalb|wann|welche\w*|wer|wo|ist|sind|hat|hast|haben|kann\s+(?:ich|man)|"
    r"darf|muss\s+ich|würde|lohnt|gibt\s+es|est-ce|dois-je|faut-il|que\s+se\s+passe|qu'est-ce|pourquoi|comment|quand|"
    r"quel(?:le)?s?|qui|où|combien|as-tu|a-t-il|est-il|debo|debería|qué|cómo|por\s+qué|cuándo|cuánto\w*|cuál\w*|quién|"
    r"dónde|has|es\s+seguro|hay\s+que)(?![\w'])"
    r"|吗|什么|怎么|为什么|是否|要不要|该不该|会怎样|如何|多少|有没有"
)
NEGATION = re.compile(
    r"(?<!\w)(?:no|do\s+not|not|never|don'?t|dont|doesn'?t|didn'?t|isn'?t|aren'?t|wasn'?t|weren'?t|won'?t|wouldn'?t|"
    r"can'?t|cannot|couldn'?t|shouldn'?t|mustn'?t|haven'?t|hasn'?t|hadn'?t|needn'?t|ain'?t|nope|nah|none|nothing|"
    r"neither|nor|forget\s+(?:it|that|about)|scratch\s+that|nicht|nichts|kein|keine[nmrs]?|nie|niemals|nein|"
    r"non|ne|jamais|pas|nunca|jamás|tampoco)(?!\w)|(?<!\w)n'(?=\w)|[不别没勿]"
)
DO_NOT_FORGET = re.compile(
    r"(?<!\w)(?:(?:do\s+not|don'?t|dont|never)\s+forget(?!\s+(?:it|that)?\s*[.!]?$)|vergiss\s+nicht|n'oublie\s+pas|"
    r"no\s+olvides)(?!\w)|别忘了?|不要忘"
)
HARMLESS = re.compile(  # reads like a negation and forbids nothing
    r"(?<!\w)(?:(?:no|not|nothing)\s+(?:more|less|fewer|higher|lower|larger|bigger|smaller|longer|greater|later)\s+than|"
    r"not\s+(?:only|just|bad|to\s+mention)|no\s+(?:problem|worries|doubt|matter)|nothing\s+else|if\s+not|or\s+not|why\s+not$|"
    r"(?:do\s+not|don'?t|dont)\s+ne+d\s+(?:it|them|this|that)(?:\s+any\s?more)?|or\s+(?:i|we|he|she|they)\s+(?:won'?t|will\s+not|can'?t)\s+.*|"
    r"nicht\s+(?:mehr|weniger)\s+als|nicht\s+nur|pas\s+(?:plus|moins)\s+de|no\s+(?:más|menos)\s+de)(?!\w)|"
    r"不超过|不要超过|不低于|不高于|不大于|不小于|不少于|不多于|不错"
)
