"""Prompts that ask for yes or no: people told apart, their titles in order, and what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split, split_examples
from recmodels.errors import DataError

LENGTH = 4  # titles shown
ANNA = [("a1", 1), ("a2", 0), ("a3", 0), ("a4", 1), ("a5", 1), ('a "great" 6', 0), ("a7", 1), ("a8", 1)]
BEN = [(f"b{i}", i % 2) for i in range(7)]
EVE = [("a1", 0), ("b1", 1), ("e1", 1), ("e2", 1), ("e3", 0), ("e4", 1)]


def prompts(answers: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """A row for each title that has `LENGTH` before it."""
    rows = []
    for stop in range(LENGTH, len(answers)):
        shown, (target, answer) = answers[stop - LENGTH : stop], answers[stop]
        liked, disliked = (", ".join(f'"{title}"' for title, y in shown if y == wanted) for wanted in (1, 0))
        text = (
            f"User Preference: {liked}\nUser Unpreference: {disliked}\n"
            f'Whether the user will like the target movie "{target}"?'
        )
        rows.append({"instruction": "Answer.", "input": text, "output": "Yes." if answer else "No."})
    return rows


def write(folder: Path, **parts: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    for part, rows in parts.items():
        (folder / f"movie_{part}.json").write_text(json.dumps(rows))
    return folder


def answers_of(data: Interactions, user: int) -> list[tuple[str, int]]:
    rows = np.flatnonzero(data.examples.users == user)
    return [(data.item_ids[int(data.examples.items[row])], int(data.examples.labels[row])) for row in rows]


def test_people_are_told_apart_and_their_answers_are_in_order(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", train=prompts(ANNA), valid=prompts(BEN), test=prompts(EVE))
    data = read_interactions(folder)
    assert data.n_users == 3
    assert answers_of(data, 0) == ANNA  # although the first prompt does not say how likes and dislikes mix
    assert sorted(answers_of(data, 2)) == sorted(EVE)
    assert answers_of(data, 2)[LENGTH:] == EVE[LENGTH:]
    assert data.target() == "label"
    assert data.item_texts() == data.item_ids.to_list()
    assert set(data.item_ids) == {title for title, _ in (*ANNA, *BEN, *EVE)}


def test_questions_are_in_the_part_of_their_file_and_first_histories_in_train(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", train=prompts(ANNA), valid=prompts(BEN), test=prompts(EVE))
    data = read_interactions(folder / "movie_valid.json")  # any of the files brings the others
    train, valid, test = split_examples(data, split(data))
    assert split(data).kind == "given"
    titles = [{data.item_ids[int(i)] for i in data.examples.items[rows]} for rows in (train, valid, test)]
    assert titles[1] == {title for title, _ in BEN[LENGTH:]}
    assert titles[2] == {title for title, _ in EVE[LENGTH:]}
    assert len(train) == len(ANNA) + 2 * LENGTH
    shown = data.examples.context
    assert shown["n_liked"].null_count() == shown["n_liked_lately"].null_count() == 3 * LENGTH
    assert shown.row(int(test[0]))[:2] == (3.0, 1.0)
    assert shown.row(int(test[1])) == (3.0, 1.0, 2.0)  # of e1, e2 and e3, the last three before e4, two were liked
    assert (data.weights is None) and len(data) == sum(y for _, y in (*ANNA, *BEN, *EVE))


def test_the_year_at_the_end_of_a_title_describes_it(tmp_path: Path) -> None:
    films = [(f"Film {i} ({1990 + i})" if i else "Film without", i % 2) for i in range(7)]
    data = read_interactions(write(tmp_path / "p", valid=prompts(films), test=prompts(films)))
    years = dict(zip(data.item_ids, data.item_table["year"], strict=True))
    assert years == {title: 1990 + i if i else None for i, (title, _) in enumerate(films)}
    assert data.text_columns == ("title",)
    assert read_interactions(write(tmp_path / "q", valid=prompts(ANNA), test=prompts(EVE))).item_table.width == 1


def test_a_person_who_goes_on_in_the_next_file_is_one_user(tmp_path: Path) -> None:
    rows = prompts(ANNA)
    data = read_interactions(write(tmp_path / "p", train=prompts(BEN), valid=rows[:2], test=rows[2:]))
    assert data.n_users == 2
    assert answers_of(data, 1) == ANNA
    assert data.examples.given_split[data.examples.users == 1].tolist() == [0] * LENGTH + [1, 1, 2, 2]


def test_the_last_rows_before_test_validate_where_no_file_does(tmp_path: Path) -> None:
    data = read_interactions(write(tmp_path / "p", valid=prompts(ANNA) + prompts(BEN), test=prompts(EVE)))
    train, valid, test = split_examples(data, split(data))
    assert [data.item_ids[int(i)] for i in data.examples.items[valid]] == ["b6"]  # a fifth of 7 rows
    assert len(test) == 2
    assert len(train) == len(data.examples) - 3
    assert any("the last 1 rows before test validate" in note for note in data.notes)


def test_one_file_alone_is_divided_by_time(tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_text("\n".join(map(json.dumps, prompts(ANNA) + prompts(BEN))))
    data = read_interactions(tmp_path / "asked.jsonl")
    assert data.given_split is None
    assert split(data).kind == "leave_last_out"


GOOD = prompts(ANNA)
BAD: list[tuple[Any, str]] = [
    ([*GOOD, {"instruction": "Answer.", "input": GOOD[0]["input"]}], r"a text 'output'; row 5 of movie_test.json has"),
    (
        [GOOD[0], GOOD[1] | {"output": "Maybe."}],
        r"'output' .* must have Yes or No, got 'Maybe.' in row 2 of movie_test",
    ),
    ([GOOD[0] | {"input": "What now?"}, GOOD[1]], r"'input' .* must have `User Pref.*, got 'What now\?' in row 1 of"),
    ([GOOD[0] | {"output": 1}], r"must have a text 'output'; row 1 of movie_test.json has none"),
    (json.dumps(GOOD)[:-30], r"movie_test.json is not valid JSON"),
]


@pytest.mark.parametrize(("rows", "message"), BAD)
def test_bad_rows_are_named_with_their_file_and_number(rows: Any, message: str, tmp_path: Path) -> None:
    (tmp_path / "movie_valid.json").write_text(json.dumps(GOOD))
    (tmp_path / "movie_test.json").write_text(rows if isinstance(rows, str) else json.dumps(rows))
    with pytest.raises(DataError, match=message):
        read_interactions(tmp_path)


def test_a_folder_with_two_datasets_and_what_cannot_be_given_with_prompts_are_refused(tmp_path: Path) -> None:
    write(tmp_path, valid=GOOD, test=GOOD)
    with pytest.raises(DataError, match=r"movie_test\.json holds prompts, .* no columns, conditions or tables"):
        read_interactions(tmp_path / "movie_test.json", columns={"user": "input"})
    (tmp_path / "book_test.json").write_text(json.dumps(GOOD))
    with pytest.raises(DataError, match=r"must hold the prompts of one dataset; it has book_test\.json, movie_test"):
        read_interactions(tmp_path)
    assert read_interactions(tmp_path / "movie_test.json").n_users == 2  # named, so it is clear


def test_saved_prompts_come_back_as_they_were(tmp_path: Path) -> None:
    data = read_interactions(write(tmp_path / "p", valid=prompts(ANNA), test=prompts(EVE)))
    data.save(tmp_path / "saved")
    assert Interactions.load(tmp_path / "saved").fingerprint() == data.fingerprint()
