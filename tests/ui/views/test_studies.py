"""The list of studies: how each stands, what is another person's, and what was deleted."""

import re
from dataclasses import replace
from urllib.parse import quote

from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from ui.views.asked import Asked
from ui.views.registry import shown

ODD = "a&b <i>"


def html(workspace: Workspace, person: str | None = None, study: str | None = None) -> str:
    return str(shown("studies", Asked(workspace=workspace, person=person, study=study)))


def row_of(page: str, title: str) -> str:
    rows: list[str] = re.findall(r"<tr.*?</tr>", page, re.S)
    return next(row for row in rows if f'value="{title}"' in row)


def test_a_row_says_how_the_study_stands(unchanged: Workspace) -> None:
    row = row_of(html(unchanged, study="first"), "first")
    best = unchanged.runner.peek("first").best()
    assert best is not None
    for said in ("item_knn", "shop", "finished", "4 of 4", f"trial {best.number}", "just now", f"{best.value:.4g}"):
        assert said in row
    assert 'aria-current="true"' in row
    assert 'aria-current="true"' not in row_of(html(unchanged, study="second"), "first")


def test_two_studies_can_be_compared_and_each_renamed_and_deleted(unchanged: Workspace) -> None:
    page = html(unchanged)
    assert 'data-go-rows="compare?studies={rows}"' in page
    assert 'data-post="/api/studies/first/rename"' in row_of(page, "first")
    assert 'data-post="/api/studies/first/delete"' in row_of(page, "first")


def test_a_deleted_study_can_be_restored_and_leaves_the_table(workspace: Workspace) -> None:
    workspace.runner.rename("second", "calls")
    own = workspace.runner.delete("calls")
    page = html(workspace)
    assert workspace.ledger.deleted() == {own: "calls"}
    assert f'data-post="/api/studies/{own}/restore"' in page
    assert not re.search(r'name="row" value="calls"', page)
    workspace.runner.restore(own)
    assert "Deleted, and kept on disk" not in html(workspace)


def test_another_persons_study_is_seen_and_not_changed(workspace: Workspace) -> None:
    with at_hand(None, person="ana"):
        workspace.runner.create(StudySpec.create(name="hers", dataset="shop", models=["item_knn"], n_trials=3))
    hers = row_of(html(workspace, "ana"), "hers")
    seen = row_of(html(workspace, "ben"), "hers")
    assert "data-post" in hers
    assert "data-post" not in seen
    assert "ana began it" in seen


def test_no_name_is_read_as_html(workspace: Workspace) -> None:
    spec = StudySpec.create(name="x", dataset="shop", models=["item_knn"], n_trials=3)
    workspace.ledger.create(replace(spec, name=ODD), {})
    page = html(workspace)
    assert "<i>" not in page
    assert f"/api/studies/{quote(ODD, safe='')}/delete" in page


def test_an_empty_home_says_how_to_begin(fresh: Workspace) -> None:
    page = html(fresh)
    assert "No study yet" in page
    assert 'data-draft="tune sasrec on the demo data, 6 trials"' in page
