"""A short part of the campaign of malformed files, read in this process."""

from itertools import islice
from pathlib import Path

import pytest

from recmodels.data.reading.writing import read_here
from tests.campaign.files import tried

N_FILES = 30


@pytest.mark.parametrize("seed", [1])
def test_a_malformed_file_is_added_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    for attempt in islice(tried(seed, tmp_path, read_here), N_FILES):
        assert attempt.problem is None, attempt
