"""One sentence for those who write in a language that recpilot does not read: nothing was run, and how to say it."""

from agent.understanding.clauses.language import Language

EXAMPLE = "`tune sasrec on demo, 6 trials`"
_SAYS: dict[Language, str] = {
    "de": f"Ich verstehe nur Englisch und Chinesisch, deshalb wurde nichts ausgeführt; ich kann Datensätze einlesen, Empfehlungsmodelle abstimmen, den Stand zeigen, Versuche erklären und vergleichen, Artikel empfehlen und Modelle exportieren: sagen Sie zum Beispiel {EXAMPLE}, `how is it going?` oder `help`.",
    "fr": f"Je ne comprends que l'anglais et le chinois, donc rien n'a été lancé ; je peux lire des données, régler des modèles de recommandation, montrer l'avancement, expliquer et comparer les essais, recommander des articles et exporter des modèles : dites par exemple {EXAMPLE}, `how is it going?` ou `help`.",
    "es": f"Solo entiendo inglés y chino, así que no se ha ejecutado nada; puedo leer datos, ajustar modelos de recomendación, mostrar el progreso, explicar y comparar pruebas, recomendar artículos y exportar modelos: diga por ejemplo {EXAMPLE}, `how is it going?` o `help`.",
    "it": f"Capisco solo inglese e cinese, quindi non è stato eseguito nulla; posso leggere dati, ottimizzare modelli di raccomandazione, mostrare lo stato, spiegare e confrontare le prove, consigliare articoli ed esportare modelli: dica per esempio {EXAMPLE}, `how is it going?` o `help`.",
    "pt": f"Só entendo inglês e chinês, por isso nada foi executado; posso ler dados, ajustar modelos de recomendação, mostrar o andamento, explicar e comparar testes, recomendar itens e exportar modelos: diga por exemplo {EXAMPLE}, `how is it going?` ou `help`.",
    "nl": f"Ik begrijp alleen Engels en Chinees, dus er is niets uitgevoerd; ik kan gegevens inlezen, aanbevelingsmodellen afstellen, de stand tonen, proeven uitleggen en vergelijken, artikelen aanbevelen en modellen exporteren: zeg bijvoorbeeld {EXAMPLE}, `how is it going?` of `help`.",
    "ja": f"英語と中国語だけを理解できるため、何も実行していません。データの読み込み、推薦モデルの調整、進捗の表示、試行の説明と比較、アイテムの推薦、モデルの書き出しができます：たとえば {EXAMPLE}、`how is it going?`、`help` のように入力してください。",
}


def not_understood(language: Language) -> str:
    """In that language where there is a sentence in it, else in English."""
    return _SAYS.get(
        language, f"I understand English and Chinese only, so nothing was run; say, for example, {EXAMPLE}."
    )
