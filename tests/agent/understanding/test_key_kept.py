"""The key of hashed ids is never deleted by a word, and no undo is taken for it."""

import pytest

from agent.understanding.data.key_kept import key_plan


@pytest.mark.parametrize(
    "say",
    [
        "remove the hash key please",
        "forget the hash key",
        "Delete the hashing key",
        "erase the key of the hashes",
        "drop the key for the hashed ids",
        "删除哈希密钥",
    ],
)
def test_where_the_key_lies_is_said_and_nothing_is_done(say: str) -> None:
    plan = key_plan(say)
    assert plan is not None and plan.answer is not None and plan.waiting is None
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("inspect_data", {"what": "privacy", "filter": "hashed"})
    ]


@pytest.mark.parametrize(
    "say", ["remove the key metric", "undo the last change", "can I delete the hash key?", "drop key accounts of shop"]
)
def test_other_keys_and_questions_are_read_as_ever(say: str) -> None:
    assert key_plan(say) is None
