"""What was liked and what was not is never lost: verdicts in words and signs, and ratings under any name."""

import random
from pathlib import Path

import numpy as np
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule, with_likes
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.writing import summary_of
from recmodels.errors import AmbiguousColumns

N_ROWS = 240


def written(
    folder: Path, columns: dict[str, tuple[object, ...]], *, ids: str = "user,item", sep: str = ",", **given: str
) -> Interactions:
    """A file of 30 users and 25 items whose further columns go through the values given, mixed."""
    rng = random.Random(3)  # noqa: S311
    pairs = rng.sample([(user, item) for user in range(30) for item in range(25)], N_ROWS)
    rows = [[f"u{user}", f"i{item}", *(str(rng.choice(values)) for values in columns.values())] for user, item in pairs]
    lines = [[*ids.split(","), *columns], *rows]
    path = folder / "x.csv"
    path.write_text("".join(sep.join(line) + "\n" for line in lines), encoding="utf-8")
    return read_interactions(path, columns=given or None)


VERDICTS = {
    "thumb": (1, -1),
    "thumbs": ("thumbs_up", "thumbs_down"),
    "vote": ("up", "down"),
    "reaction": ("like", "dislike"),
    "sentiment": ("positive", "neutral", "negative"),
    "verdict": ("love", "hate"),
    "opinion": ("good", "bad"),
    "recommend": ("Recommended", "Not Recommended"),
    "voted_up": ("true", "false"),
    "is_recommended": ("yes", "no"),
    "rating": ("👍", "👎"),
    "what they said": ("up", "down"),
    "column x": (-1, 0, 1),
    "empfohlen": ("Ja", "ja", "nein"),
    "recommandé": ("oui", "non"),
    "рекомендую": ("да", "нет"),
    "是否推荐": ("是", "否"),
    "recomendado": ("sí", "no"),
    "recomenda": ("sim", "não"),
    "recommended": ("ja", "nein"),
    "feedback": ("like", "dislike"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_dislike_is_no_like_whatever_the_column_is_called(name: str, tmp_path: Path) -> None:
    data = written(tmp_path, {name: VERDICTS[name]})
    assert data.columns["weight"] == name and len(data) == N_ROWS
    assert default_rule(data).to_text() == ">0" and data.weights is not None
    assert 0 < default_rule(data).holds(data.weights).sum() < N_ROWS


def test_verdicts_are_read_where_the_weight_is_given_and_their_words_are_said(tmp_path: Path) -> None:
    data = written(tmp_path, {"said": ("up", "down")}, weight="said")
    assert {*data.weights} == {-1.0, 1.0}  # type: ignore[misc]
    assert "`said`: words were read as 1 for a like, -1 for a dislike and 0 for neither: `down`, `up`" in data.notes


def test_beside_a_rating_a_verdict_is_an_outcome_and_a_number_of_votes_no_verdict(tmp_path: Path) -> None:
    data = written(tmp_path, {"rating": (1, 2, 3, 4, 5), "vote": ("up", "down")})
    assert data.columns["weight"] == "rating" and any("chosen: vote" in note for note in data.notes)
    assert "weight" not in written(tmp_path, {"votes": (0, 3, 17, 40)}).columns


ABROAD = {
    "Kunde,Artikel,Bewertung": (1, 2, 3, 4, 5),
    "Käufer,Artikelnummer,Punkte": (1, 2, 3, 4, 5),
    "Nutzer,Produkt,Sterne": ("★", "★★★", "★★★★★"),
    "usuario,película,calificación": (1, 3, 5),
    "utilisateur,produit,évaluation": ("1,5", "4,0", "5,0"),
    "utente,prodotto,voto": (2, 6, 9),
    "用户,商品,评分": (1, 4, 5),
    "пользователь,товар,рейтинг": (1, 4, 5),
    "ユーザー,アイテム,評価": (1, 4, 5),
    "user,item,How do you rate it?": (1, 2, 3, 4, 5),
}


def test_the_rating_of_a_form_is_found_after_its_user_and_item(tmp_path: Path) -> None:
    data = written(tmp_path, {"How do you rate it?": (1, 2, 3, 4, 5)}, ids="user,Which item?", item="Which item?")
    assert data.columns["weight"] == "How do you rate it?"
    unnamed = written(tmp_path, {"How do you rate it?": (1, 2, 3, 4, 5)}, ids="user,Which item?")
    assert unnamed.columns["weight"] == "How do you rate it?"


@pytest.mark.parametrize("names", ABROAD)
def test_ratings_are_found_under_names_of_other_languages(names: str, tmp_path: Path) -> None:
    user, item, weight = names.split(",")
    data = written(tmp_path, {weight: ABROAD[names]}, ids=f"{user},{item}", sep=";")
    assert dict(data.columns) == {"user": user, "item": item, "weight": weight}
    assert not default_rule(data).is_all


def test_the_rule_of_what_counts_as_a_like_is_said_with_the_rows_it_takes(tmp_path: Path) -> None:
    data = written(tmp_path, {"rating": (1, 2, 3, 4, 5)})
    assert data.weights is not None
    n_liked = int(np.sum(data.weights >= 4))
    said = f"ratings of 4 and more count as likes: {n_liked} of 240 rows; the others are known but not relevant"
    assert f"{said} (`--positive` changes it)" in summary_of(data).notes


@pytest.mark.parametrize(("none", "top"), [(0, 10), (0, 5), (-1, 10)])
def test_what_nobody_rated_stays_an_event_that_is_no_like_and_is_not_learned(
    none: int, top: int, tmp_path: Path
) -> None:
    data = written(tmp_path, {"rating": (none, top // 2, top - 1, top)})
    assert data.weights is not None and len(data) == N_ROWS and {*data.weights} == {0, top // 2, top - 1, top}
    assert default_rule(data).to_text() == f">={0.8 * top:g}"
    labels = data.all_examples().labels
    assert labels is not None and {*labels} == {top // 2, top - 1, top}
    assert any("are taken as not rated" in note for note in data.notes)
    liked = with_likes(data, default_rule(data))
    assert len(liked.all_examples()) == (data.weights > 0).sum()


@pytest.mark.parametrize("scale", [(0, 1, 2, 3, 4, 5), (0, 2.5, 5, 7.5, 10), (0, 2, 4, 6, 8, 10)])
def test_a_zero_of_a_scale_that_is_used_to_its_end_is_a_rating(scale: tuple[float, ...], tmp_path: Path) -> None:
    data = written(tmp_path, {"rating": scale})
    assert data.examples is None and not any("not rated" in note for note in data.notes)


def test_a_text_that_is_called_as_a_rating_is_elsewhere_is_no_weight(tmp_path: Path) -> None:
    assert "weight" not in written(tmp_path, {"note": ("call again", "paid late", "fine")}).columns


def test_of_several_scales_without_a_name_the_person_says_which_is_meant(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousColumns, match="`taste` or `service`"):
        written(tmp_path, {"taste": (1, 2, 3, 4, 5), "service": (1, 2, 3, 4, 5)})


def test_numbers_of_a_scale_under_the_name_of_something_else_are_no_ratings(tmp_path: Path) -> None:
    data = written(tmp_path, {"hour": tuple(range(11)), "device_type": (1, 2, 3, 4, 5), "level": (1, 2, 3)})
    assert "weight" not in data.columns
