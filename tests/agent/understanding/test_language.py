"""The language of a message: told by its small words, and never another one for English with names or typos."""

import json
from pathlib import Path

import pytest

from agent.understanding.clauses.language import language_of
from agent.understanding.clauses.languages import not_understood
from agent.understanding.network.framing import FOLDER

SAID = [
    ("Starte bitte eine Studie mit ease auf demo, eine halbe Stunde lang", "de"),
    ("Begrenze dropout auf 0,1 bis 0,4", "de"),
    ("Wie läuft's denn gerade?", "de"),
    ("Nein, lass das lieber", "de"),
    ("Entferne b3", "de"),
    ("bitte zeige b3", "de"),
    ("nein", "de"),
    ("welche Spalten hat shop?", "de"),
    ("wie viele Zeilen gibt es?", "de"),
    ("how many columns hat shop", "en"),
    ("filter demo", "en"),
    ("halt an experiment", "en"),
    ("Pourquoi l'essai 1 a-t-il été tenté ?", "fr"),
    ("N'exporte rien pour l'instant, s'il te plaît", "fr"),
    ("Mets-la en pause", "fr"),
    ("Où en est-on ?", "fr"),
    ("supprime b3", "fr"),
    ("explain b3", "en"),
    ("¿Me recomiendas cinco películas para el usuario u77?", "es"),
    ("¿Qué pasaría si pusiera el dropout en 0,4?", "es"),
    ("Mostrami la prova migliore per favore", "it"),
    ("Mostre o melhor modelo para mim, não pare", "pt"),
    ("あと5回トライアルを追加してください", "ja"),
    ("지금 상태를 보여줘", "ko"),
    ("покажи статус", "ru"),
    ("現在の状況を教えて", "ja"),
    ("在 demo 上用 sasrec 调参，batch size 512", "zh"),
    ("暂停", "zh"),
]
ENGLISH = [
    "tune sasrec on avis_clients_fr and mit_2024, 6 trials",
    "recommend for user Müller-Lüdenscheid",
    "recommend La La Land and Die Hard to u7",
    "show me the rows of user 小明 please, and the dataset",
    "waht is teh bset trail on dmeo",
    "recs u12 top 3",
    "lr 1e-4..1e-2 log",
    "rename it to “das ist gut”",
    "add /daten/der/kunden.csv as kunden",
    "ls datasets",
    "k",
    "",
]


@pytest.mark.parametrize(("say", "language"), SAID)
def test_a_language_is_told_by_its_script_and_small_words(say: str, language: str) -> None:
    assert language_of(say) == language


@pytest.mark.parametrize("say", ENGLISH)
def test_names_typos_and_quotations_leave_it_english(say: str) -> None:
    assert language_of(say) == "en"


def test_no_english_message_that_the_reader_was_trained_on_is_taken_for_another_language() -> None:
    """Those that were written in other languages hold one of their letters or words; they are 1 in 100."""
    said = [json.loads(line)["say"] for line in (Path(FOLDER) / "messages.jsonl").read_text("utf-8").splitlines()]
    other = [say for say in said if language_of(say) not in ("en", "zh")]
    plain = [say for say in other if say.isascii()]
    assert len(other) < 0.015 * len(said)
    assert len(plain) < 0.007 * len(said)


@pytest.mark.parametrize("language", ["de", "fr", "es", "ja", "ru", "other"])
def test_the_answer_names_both_languages_and_an_example(language: str) -> None:
    text = not_understood(language)  # type: ignore[arg-type]
    assert "`tune sasrec on demo, 6 trials`" in text
    assert text.count("\n") == 0


@pytest.mark.parametrize(
    ("language", "can"),
    [("de", "exportieren"), ("fr", "exporter"), ("es", "exportar"), ("ja", "書き出し")],
)
def test_another_language_is_told_in_it_what_can_be_done(language: str, can: str) -> None:
    says = not_understood(language)  # type: ignore[arg-type]
    assert can in says
    assert "`help`" in says
