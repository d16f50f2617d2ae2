"""How a sentence is set."""

from agent.answers.wording import sentence


def test_the_name_of_a_file_keeps_its_case_where_it_begins_a_sentence() -> None:
    assert sentence("base.csv has no column 'zip'") == "base.csv has no column 'zip'."
    assert sentence("nothing was done") == "Nothing was done."
