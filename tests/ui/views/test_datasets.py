"""The datasets as pages: what each holds, how its columns were read, and sentences that correct that."""

import re
from pathlib import Path

import pytest

from agent.errors import USER_ERRORS
from agent.understanding.data.column_corrections import correction
from agent.workspace import Workspace
from recmodels.data.choices import Choices
from recmodels.data.filtering import Filter
from recmodels.data.versions import keep_filtered
from ui.views.asked import Asked
from ui.views.data_shape import shape_of
from ui.views.registry import shown


def html(workspace: Workspace, at: str, width: int = 600) -> str:
    return str(shown(at, Asked(workspace=workspace, width=width)))


def drafts(page: str) -> list[str]:
    return re.findall(r'data-draft="([^"]*)"', page)


def test_the_list_tells_size_span_and_studies(unchanged: Workspace) -> None:
    page = html(unchanged, "datasets")
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "dataset/shop" in row)
    for said in ("320", "40", "32", "7 days", "first, second", "just now"):
        assert said in row
    assert "made at its first use" in page  # demo, which looking does not make
    assert not (unchanged.catalogue.folder / "demo").exists()


def test_a_dataset_is_told_in_plain_words_with_figures_and_their_values(unchanged: Workspace) -> None:
    page = html(unchanged, "dataset/shop")
    for said in ("40, with 8 rows in the median", "2020-09-13 12:26 to", "ratings of 4 and more count as likes"):
        assert said in page
    assert page.count("<svg") == 2  # all users have 8 rows, so that there is nothing to compare
    assert page.count("Values<span") == page.count("<svg")
    assert "Values of rating" in page


def test_each_role_can_be_given_to_another_column_by_its_sentence(unchanged: Workspace) -> None:
    page = html(unchanged, "dataset/shop")
    found = {say: correction(f"{say}member", ("demo", "shop"), None) for say in drafts(page) if say.endswith(" is ")}
    roles = [next(iter(one.columns.items())) for one in found.values() if one is not None]
    assert sorted(roles) == [("item", "member"), ("time", "member"), ("user", "member"), ("weight", "member")]
    others = [correction(say, ("demo", "shop"), None) for say in drafts(page) if "no rating" in say or "again" in say]
    assert [one is not None for one in others] == [True, True]


def test_the_columns_of_a_version_are_corrected_in_what_it_was_made_of(workspace: Workspace) -> None:
    keep_filtered(workspace.catalogue, "shop", Filter(min_weight=3.0))
    page = html(workspace, "dataset/shop-v2")
    assert not [say for say in drafts(page) if say.endswith(" is ")]
    assert 'data-go="dataset/shop"' in page
    assert "version 2, from shop: ratings of 3 and more" in html(workspace, "datasets")
    assert "shop-v2: version 2, from shop" in html(workspace, "dataset/shop")


def test_ids_that_are_hashed_are_shown_as_they_are_kept(workspace: Workspace, home: Path) -> None:
    workspace.catalogue.add(home / "shop.csv", name="closed", choices=Choices(hashed=("user",)))
    sample = html(workspace, "dataset/closed").partition("Rows as they are kept")[2].partition("Versions")[0]
    assert "The ids of users are keyed hashes" in sample
    assert not re.search(r"<td>u\d", sample)
    assert re.search(r"<td>i\d", sample)


def test_what_a_file_calls_its_columns_is_shown_as_text(workspace: Workspace, tmp_path: Path) -> None:
    text = (tmp_path / "odd.csv").write_text
    text("user,<b>item</b>,rating\n" + "".join(f"u{n},<i>{n % 7}</i>,{n % 5 + 1}\n" for n in range(60)))
    workspace.catalogue.add(tmp_path / "odd.csv", columns={"item": "<b>item</b>"})
    page = html(workspace, "dataset/odd")
    assert "&lt;b&gt;item&lt;/b&gt;" in page
    assert "<i>" not in page.replace("<i style", "")
    assert "nothing is known of what came first" in page


def test_how_many_rows_were_left_out_is_told_with_the_reasons(workspace: Workspace, home: Path) -> None:
    assert "Left out" not in html(workspace, "dataset/shop")
    workspace.catalogue.add(home / "shop.csv", name="high", choices=Choices(where=("rating>=4",)))
    page = html(workspace, "dataset/high")
    n_left = 320 - len(workspace.catalogue.get("high").load())
    assert f"{n_left} rows of the file" in page
    assert "rating &gt;= 4" in page or "rating&gt;=4" in page


@pytest.mark.parametrize("name", ["nowhere", "/etc/passwd", "../shop", "demo"])
def test_no_file_is_read_and_nothing_made_for_a_name(unchanged: Workspace, name: str) -> None:
    with pytest.raises(USER_ERRORS):
        html(unchanged, f"dataset/{name}")


def test_a_path_is_no_dataset_even_where_one_could_be_read(workspace: Workspace, home: Path) -> None:
    (home / "more.csv").write_text((home / "shop.csv").read_text())
    before = workspace.catalogue.names()
    with pytest.raises(USER_ERRORS):
        html(workspace, f"dataset/{home}/more.csv")
    assert workspace.catalogue.names() == before


def test_rows_are_counted_once_for_each_content(unchanged: Workspace) -> None:
    stored = unchanged.catalogue.get("shop")
    assert shape_of(stored) is shape_of(stored)
    over_time = shape_of(stored).over_time
    assert over_time is not None
    assert sum(over_time.counts) == 320
    assert sum(shape_of(stored).by_item.counts) == 32
