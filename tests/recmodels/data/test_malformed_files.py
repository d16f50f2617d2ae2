"""A short part of the campaigns of malformed files, and of good ones in every layout, read in this process."""

from itertools import islice
from pathlib import Path

import pytest

from recmodels.data.reading.writing import read_here
from tests.campaign.files import tried
from tests.campaign.layouts import attempts

N_FILES, N_GOOD_FILES = 30, 80


@pytest.mark.parametrize("seed", [1])
def test_a_malformed_file_is_added_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    for attempt in islice(tried(seed, tmp_path, read_here), N_FILES):
        assert attempt.problem is None, attempt


def test_a_good_file_says_the_same_in_every_layout_or_is_asked_about(tmp_path: Path) -> None:
    for attempt in islice(attempts(3, tmp_path), N_GOOD_FILES):
        assert attempt.problem is None, attempt
