"""Many params at once as rows: the same values, conditions, distances and places as one by one."""

from dataclasses import replace

import numpy as np
import pytest

from agent.advisor.encoding import Encoding
from agent.advisor.points import Points
from agent.advisor.situation import completed, from_unit, largest_gap, unit
from recmodels.models import MODELS
from recmodels.search_space import Choice, Float, Int, ParamValue, SearchSpace, When

CONDITIONAL = SearchSpace(
    {
        "kind": Choice(("plain", "deep", "deeper"), default="plain"),
        "depth": Int(1, 64, default=8, log=True, when=When(name="kind", values=("deep", "deeper"))),
        "is_wide": Choice((True, False), default=False, when=When(name="kind", values=("deep",))),
        "width": Int(1, 9, default=3, when=When(name="is_wide", values=(True,))),
        "n": Int(2, 4, default=2),
        "more": Float(0.0, 1.0, default=0.5, when=When(name="n", values=(3, 4))),
    }
)
SPACES = {"conditional": CONDITIONAL} | {name: spec.space for name, spec in MODELS.items()}


@pytest.mark.parametrize("name", SPACES)
def test_points_of_the_cube_are_the_params_that_they_are_one_by_one(name: str) -> None:
    declared = SPACES[name]
    searched = declared.searched()
    units = np.random.default_rng(0).random((60, len(searched)))
    points = Points.in_cube(searched, declared, units)
    singly = [from_unit(searched, row) for row in units]
    assert list(points) == singly == [points[i] for i in range(60)]
    for one in points:
        for param, value in one.items():
            assert type(value) is type(declared[param].check(param, value))
    assert Encoding(declared).points(points) == pytest.approx(Encoding(declared).points(singly))


@pytest.mark.parametrize("name", SPACES)
def test_params_become_rows_and_are_read_back(name: str) -> None:
    space = SPACES[name]
    given = [from_unit(space, row) for row in np.random.default_rng(1).random((20, len(space)))]
    points = Points.of(space, given)
    assert list(points) == given and Points.of(space, points) is points
    assert points.units() == pytest.approx(np.array([unit(space, params) for params in given]).reshape(20, len(space)))
    assert Points.of(space, [{}])[0] == completed(space, {}) == space.defaults()


def test_conditions_hold_down_a_chain_and_on_numbers() -> None:
    full: dict[str, ParamValue] = {"kind": "deep", "depth": 4, "is_wide": True, "width": 2, "n": 3, "more": 0.1}
    rows = [full, full | {"kind": "deeper"}, full | {"is_wide": False}, full | {"n": 2}]
    found = [set(full) - set(point) for point in Points.of(CONDITIONAL, rows)]
    assert found == [set(), {"is_wide", "width"}, {"width"}, {"more"}]


def test_a_narrowed_space_has_its_points_in_the_coordinates_of_the_whole() -> None:
    narrowed = CONDITIONAL.narrowed("kind", choices=("deeper", "deep")).narrowed("depth", low=16, high=64)
    units = np.array([[0.1, 0.0, 0.2, 0.5, 0.0, 0.5], [0.9, 1.0, 0.2, 0.5, 0.0, 0.5]])
    points = Points.in_cube(narrowed.searched(), CONDITIONAL, units)
    assert [(point["kind"], point["depth"]) for point in points] == [("deeper", 16), ("deep", 64)]
    coordinates = Encoding(CONDITIONAL).points(points)
    assert coordinates == pytest.approx(Encoding(CONDITIONAL).points([points[0], points[1]]))
    assert coordinates[0, :3] == pytest.approx([0, 0, np.sqrt(0.5)])


def test_values_that_are_no_choice_any_more_are_unlike_all_others_and_each_other() -> None:
    space = SearchSpace({"letter": Choice(("a", "b"), default="a")})
    rows = [{"letter": letter} for letter in ("gone", "lost", "gone", "a")]
    assert [largest_gap(space, rows[0], other) for other in rows] == [0, 1, 0, 1]
    assert Encoding(space).points(rows)[0].tolist() == [0.0, 0.0]
    with pytest.raises(IndexError):
        Points.of(space, rows)[0]


def test_values_of_a_range_that_was_widened_later_lie_beyond_its_ends() -> None:
    space = SearchSpace({"x": Float(1.0, 10.0, default=2.0, log=True), "n": Int(3, 3, default=3)})
    assert Points.of(space, [{"x": 0.1, "n": 5}]).units()[0].tolist() == pytest.approx([-1.0, 0.5])
    held = SearchSpace({"x": replace(space["x"], held=True)})
    assert list(Points.in_cube(held.searched(), held, np.array([[0.9]]))) == [{"x": 2.0}]
