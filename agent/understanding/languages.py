"""One sentence for those who write in a language that recpilot does not read: nothing was run, and how to say it."""

from agent.understanding.language import Language

EXAMPLE = "`tune sasrec on demo, 6 trials`"
_SAYS: dict[Language, str] = {
    "de": f"Ich verstehe nur Englisch und Chinesisch, deshalb wurde nichts ausgeführt; sagen Sie zum Beispiel {EXAMPLE}.",
    "fr": f"Je ne comprends que l'anglais et le chinois, donc rien n'a été lancé ; dites par exemple {EXAMPLE}.",
    "es": f"Solo entiendo inglés y chino, así que no se ha ejecutado nada; diga por ejemplo {EXAMPLE}.",
    "it": f"Capisco solo inglese e cinese, quindi non è stato eseguito nulla; dica per esempio {EXAMPLE}.",
    "pt": f"Só entendo inglês e chinês, por isso nada foi executado; diga por exemplo {EXAMPLE}.",
    "nl": f"Ik begrijp alleen Engels en Chinees, dus er is niets uitgevoerd; zeg bijvoorbeeld {EXAMPLE}.",
    "ja": f"英語と中国語だけを理解できるため、何も実行していません。たとえば {EXAMPLE} のように入力してください。",
}


def not_understood(language: Language) -> str:
    """In that language where there is a sentence in it, else in English."""
    return _SAYS.get(
        language, f"I understand English and Chinese only, so nothing was run; say, for example, {EXAMPLE}."
    )
