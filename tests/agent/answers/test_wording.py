"""How a sentence is set."""

from agent.answers.wording import searched, sentence


def test_the_name_of_a_file_keeps_its_case_where_it_begins_a_sentence() -> None:
    assert sentence("base.csv has no column 'zip'") == "base.csv has no column 'zip'."
    assert sentence("nothing was done") == "Nothing was done."


def test_a_range_of_one_value_is_fixed() -> None:
    assert searched("[0, 0]") == "fixed at 0" and searched("[0.001, 0.001] (log scale)") == "fixed at 0.001"
    assert searched("[0, 0.5]") == "searched in [0, 0.5]" and searched("dot, cosine") == "searched in dot, cosine"
