"""Whatever a model writes and whatever a tool returns, checking ends without an error, and a second time changes nothing."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.grounding.checking import checked
from agent.grounding.fact import Call
from agent.grounding.known import Known

WORDS = (
    "trial|6|1|the best|the defaults|it|sasrec|ease|ndcg@10|recall@10|dropout|0.206|-0.1|7 %|2.9 ms|12 s|twice|half|better|worse|than|"
    "is|was|reached|won|because|of|the|all|no|trials|and|,|.|;|(|)|[|]|±|from|to|between|interval|clear|not|I have started|"
    "rank|second|users|1,488|1e999|{t6.x}|| a | b ||\n|**|“|”|@|%|demo-1/6|b590|first|median|years|a half"
)
PIECES = st.sampled_from(WORDS.split("|"))
SETTINGS = settings(max_examples=60, deadline=None)


@SETTINGS
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_any_words_are_checked_without_an_error(known: Known, text: str) -> None:
    once = checked(text, known)
    assert all(cut.why for cut in once.cuts)


@SETTINGS
@given(st.text(max_size=120))
def test_any_text_is_checked_without_an_error(known: Known, text: str) -> None:
    checked(text, known)


NAMES = (
    "study trial number model params value metrics paired gain best defaults baselines considered proposal rows columns items item rank "
    "range models importance interval changed of mean_difference low high is_clear curve evidence front group name dataset n_users text"
)
KEYS = st.sampled_from(NAMES.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 9),
    st.floats(allow_nan=False),
    st.sampled_from(["demo-1/6", "ease", "", "[0, 1]"]),
)
RESULTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=15,
)


@SETTINGS
@given(st.dictionaries(KEYS, RESULTS, max_size=6))
def test_any_result_is_read_without_an_error(result: dict[str, Any]) -> None:
    found = Known.of([Call(tool="any", args={}, result=result)])
    checked("Trial 6 is better than trial 1, with 0.2 against 0.1.", found)
