"""Which language a message is written in, by its script and its function words.

Names, numbers and misspelt English say nothing, so that a message counts as English unless most of its small words are
of another language: what is taken for another language is not done.
"""

import re
from typing import Literal

from agent.plan_card import Language as Answered
from agent.words.chinese import is_chinese
from agent.words.spelling import words_of

Language = Literal["en", "zh", "de", "fr", "es", "it", "pt", "nl", "ja", "ko", "ru", "other"]

_SCRIPTS: tuple[tuple[Language, str], ...] = (
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
    ("ru", "[\u0400-\u04ff]"),
    ("other", "[\u0370-\u03ff\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff]"),  # Greek … Georgian
)
_FEW = 2  # letters of a script by themselves are a name or a symbol
_WORDS: dict[Language, frozenset[str]] = {  # none of them a word of English, or a name of this field
    "de": words_of(
        "der das dem ein eine einen einem einer eines und oder aber nicht kein keine keinen ich du wir ihr sie mir mich dir dich uns "
        "ist sind wird werden wurde wurden wäre waere wären würde wuerde hast habe haben hatte kann kannst können koennen könnte soll sollte sollen muss müssen möchte "
        "mit auf für fuer von vom zum zur bei beim aus nach über ueber unter zwischen durch bis ohne seit während "
        "wie warum wieso wann wer wo welche welcher welches welchen wieviel dass wenn weil damit ob als "
        "bitte danke nein noch jetzt schon nur mehr sehr gerade denn doch mal lieber dann dabei dazu davon hier dort heute morgen "
        "starte starten stoppe zeig zeige zeigen erkläre erklär vergleiche mach mache gib lass lasse nimm setze begrenze empfiehl exportiere lösche füge "
        "versuche versuchen versuch durchläufe durchlauf stunde stunden minuten beste besten bester studie daten datensatz datensätze spalte spalten zeile zeilen hat gibt viele modell modelle nutzer ergebnis ergebnisse läuft lauft geht's läuft's "
        "halbe halben zwei drei vier fünf sechs sieben acht neun zehn"
    ),
    "fr": words_of(
        "le les la un une du dans avec sans sous chez vers entre pendant depuis après avant jusqu "
        "et ou mais donc ni que qui quoi dont où quand comment pourquoi combien quel quelle quels quelles "
        "je tu il elle nous vous ils elles moi toi lui leur ce cet cette ces ça cela c qu n l d j s "
        "est sont était suis es êtes sommes sera serait peux peut pouvez peut-être veux voudrais faut fait faire fais "
        "ne pas rien jamais aucun aucune plus moins très encore maintenant aussi bien trop "
        "s'il plaît svp merci oui non bonjour bonsoir salut "
        "lance lancez lancer arrête arrêter mets mettre montre montrez montrer explique compare ajoute recommande exporte supprime garde "
        "étude etude essai essais données donnees jeu modèle modèles meilleur meilleure utilisateur résultat résultats heure heures minutes "
        "deux trois quatre cinq six sept huit neuf dix"
    ),
    "es": words_of(
        "el los las la una unos unas del al y pero porque que qué quién cuál cuáles cómo cuándo dónde cuánto cuántos cuánta "
        "yo tú él ella nosotros ustedes ellos mi tu su sus nos me te lo "
        "es son está están estaba estoy era fue será sería hay puedo puedes puede podrías quiero quieres quisiera debo debería hace hacer haz "
        "nunca nada muy más menos también ya ahora todavía aún bien "
        "con sin sobre para por entre hasta desde durante según "
        "hola gracias favor sí "
        "inicia iniciar empieza empezar detén para muestra muéstrame explica explícame compara añade recomienda recomiendas exporta borra guarda pusiera pasaría "
        "estudio prueba pruebas ensayo ensayos datos conjunto modelo modelos mejor usuario resultado resultados hora horas minutos películas "
        "dos tres cuatro cinco seis siete ocho nueve diez"
    ),
    "it": words_of(
        "il lo la gli uno della dello degli delle dei nel nella sul sulla con senza perché che chi cosa cos'è quando dove quanto quale quali "
        "io noi voi loro mi ti ci è sono sei siamo era sarebbe puoi può vorrei voglio devo fare fai "
        "non mai niente più meno molto ancora adesso anche per favore grazie ciao sì avvia mostra mostrami spiega ferma aggiungi consiglia prove dati modello migliore utente"
    ),
    "pt": words_of(
        "os uma umas uns dos das nos nas pelo pela com sem porque quê quem quando onde quanto qual quais "
        "eu você vocês nós eles é são está estão foi seria posso pode quero preciso fazer faça "
        "não nunca nada mais menos muito ainda agora também já obrigado obrigada olá sim inicie mostre explique pare adicione recomende dados modelo melhor usuário"
    ),
    "nl": words_of(
        "het een en maar niet geen ik jij wij jullie hij zij mijn jouw dit deze zijn wordt kan kun kunt zou moet wil "
        "met voor naar van bij uit tussen zonder hoe waarom wanneer wie waar welke hoeveel "
        "graag alsjeblieft bedankt dank nog nu ook alleen meer start toon laat geef leg gegevens gebruiker beste pogingen"
    ),
}
_ENGLISH = words_of(
    "the a an and or but not no to of in on at for with from by about as is are was were be been am do does did has have had can could will would should shall may might must "
    "i you he she it we they me him her us them my your his its our their this that these those there here what which who whom whose when where why how "
    "if then than so just only more less most least all any some each every both now later again still please thanks thank yes ok okay hi hello hey "
    "tune train run start stop pause resume continue show list tell give explain compare recommend export remember forget set keep use make take try go add delete remove rename undo confirm predict "
    "trial trials study studies dataset datasets data model models user users item items best worst better good time minutes hours seconds epochs rate size learning batch between until under over above below without "
    "one two three four five six seven eight nine ten half u r ur pls plz thx teh adn waht dont cant wont"
)
_WORD = re.compile(r"[a-zà-öø-ÿœ]+(?:['\u2019][a-zà-öø-ÿ]+)?", re.IGNORECASE)
_OTHERWISE = re.compile(r"[\w.-]*[\d_@/\\.][\w.@/\\-]*\w|“[^”]*”|\"[^\"]*\"|`[^`]*`", re.UNICODE)  # names, quotations
_GERMAN_ORDER = re.compile(
    r"^\W*(?:(?:bitte|und|dann|jetzt|nein|ja|ok|okay|doch)\W+)*(?:(?:entfern|lösch|loesch|zeig|start|stopp|exportier|pausier|vergleich|erklär|erklaer|empfehl|behalt|"
    r"filter|trainier|optimier|benenn|umbenenn|wiederhol|bestätig|abbrech|beend|füg|fueg|nehm|mach|versuch)(?:e|en)|zeig|empfiehl|nimm|lass|brich|halt\s+an(?=\W*$))(?=\s|\W*$)"
    r"|^\W*nein(?:\W+(?:nein|nicht|danke|bitte))*\W*$",
    re.IGNORECASE,
)
"""What begins with an order in German, or says no: a sentence in which every other word may be a name."""
_FRENCH_ORDER = re.compile(
    r"^\W*(?:(?:non|oui|bon|alors|merci|svp|et|puis)\W+)*(?:supprim|effac|arr[êe]t|montr|expliqu|ajout|entra[iî]n|relanc|renomm|annul|oubli|d[ée]marr|r[ée]p[èe]t)(?:e|er|ez)(?=\s|\W*$)",
    re.IGNORECASE,
)
"""The same in French."""
_APOSTROPHE = re.compile(r"\b(?:l|d|j|n|s|c|m|t|qu|jusqu|lorsqu|puisqu)['\u2019](?=[a-zà-öø-ÿ]{2})", re.IGNORECASE)
_OF_ENGLISH = re.compile(r"['\u2019](?:s|t|m|d|ll|re|ve)\b", re.IGNORECASE)


def answered_in(text: str) -> Answered:
    """The language in which a message is answered."""
    return "zh" if language_of(text) == "zh" else "en"


def language_of(text: str) -> Language:
    """The language of a message; English where it cannot be told."""
    for language, script in _SCRIPTS:
        if len(re.findall(script, text)) >= _FEW and _is_mostly(text, script):
            return language
    if is_chinese(text) and _is_mostly(text, "[\u3400-\u9fff]"):
        return "zh"
    return _latin(text)


def german_parts(text: str) -> tuple[str, ...]:
    """The parts of an English message that are German: "tune ease on demo, aber nur 3 Versuche"."""
    parts = [part.strip() for part in re.split(r"[,;!?\n]|\.\s", text)]
    return tuple(part for part in parts if len((set(_words(part)) & _WORDS["de"]) - _ENGLISH) > 1)


def _is_mostly(text: str, script: str) -> bool:
    """Whether the script carries the message, and is not just a name within English words."""
    n_english = sum(word in _ENGLISH for word in _words(text))
    return n_english < _FEW or len(re.findall(script, text)) > n_english


def _words(text: str) -> list[str]:
    return [word.replace("\u2019", "'") for word in _WORD.findall(_OTHERWISE.sub(" ", text).lower())]


def _latin(text: str) -> Language:
    if _GERMAN_ORDER.match(text):
        return "de"
    if _FRENCH_ORDER.match(text):
        return "fr"
    words = _words(text)
    n_english = sum(word in _ENGLISH or _OF_ENGLISH.search(word) is not None for word in words)
    elided = len(_APOSTROPHE.findall(text))
    parts = {part for word in words for part in (word, *word.split("'"))} - _ENGLISH
    scores: dict[Language, int] = {
        language: len(parts & known) + (elided if language == "fr" else 0) for language, known in _WORDS.items()
    }
    best = max(scores, key=lambda language: scores[language])
    needed = 1 if len(words) <= 3 and not n_english and re.search(r"[à-öø-ÿœ]", text, re.IGNORECASE) else 2
    return best if scores[best] >= needed and scores[best] > n_english else "en"
