"""Rules as data: conditions, errors with their place, the person's own, and what a study does with them."""

import os
from pathlib import Path

import pytest

from agent.advisor.leaning import Span
from agent.advisor.rules import Rule, leanings_of, rules_with, shipped_rules
from agent.advisor.rules.reading import read_rules
from agent.errors import SetupError

HEAD = '[[rule]]\nid = "mine"\nmodel = "ease"\nreason = "it paid."\nsource = "us"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def only(tmp_path: Path, text: str) -> Rule:
    (rule,) = read_rules(written(tmp_path, text))
    return rule


def never() -> str:
    raise AssertionError("asked for the device")


def test_the_shipped_rules_can_be_read_and_tell_reason_and_source() -> None:
    found = shipped_rules()
    assert 0 < len(found) <= 15 and len({rule.id for rule in found}) == len(found)
    assert all(rule.reason and ("arXiv" in rule.source or "measured" in rule.source) for rule in found)
    assert not any(rule.file for rule in found)


def test_a_rule_becomes_a_leaning_where_its_conditions_hold(tmp_path: Path) -> None:
    when = 'when = { density = { low = 1e-4, high = 0.1 }, n_items = [10, 500], split = ["random", "given"] }\n'
    rule = only(tmp_path, f"{HEAD}avoid = {{ l2 = {{ low = 1000 }} }}\nstrength = 0.5\n{when}")
    assert rule.says() == (
        "avoid l2 1000 or more where density is from 0.0001 to 0.1 and n_items is from 10 to 500 "
        "and the split is random or given"
    )
    met = {"density": 0.1, "n_items": 10.0}
    (leaning,) = leanings_of([rule], ["item_knn", "ease"], met, "random", never)
    assert (leaning.model, leaning.strength, leaning.source, leaning.reason) == ("ease", -0.5, "rule mine", "it paid")
    assert leaning.where == {"l2": Span(low=1000)}
    assert leanings_of([rule], ["item_knn"], met, "random", never) == ()
    for profile, split in (
        (met | {"density": 0.2}, "random"),
        ({"density": 0.1}, "random"),
        (met, "temporal"),
        (met, ""),
    ):
        assert leanings_of([rule], ["ease"], profile, split, never) == ()


def test_the_device_is_asked_for_by_a_rule_that_is_about_it_alone(tmp_path: Path) -> None:
    text = HEAD.replace('"ease"', '["sasrec", "hstu"]') + 'prefer = { n_heads = [1, 2] }\nwhen = { device = "cpu" }'
    rule = only(tmp_path, text)
    assert [one.model for one in leanings_of([rule], ["hstu", "sasrec"], {}, "", lambda: "cpu")] == ["sasrec", "hstu"]
    assert leanings_of([rule], ["hstu"], {}, "", lambda: "cuda") == ()
    assert leanings_of([rule], ["ease"], {}, "", never) == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (
            f"{HEAD}prefer = {{ l2 = [0.1, 5] }}",
            6,
            "rule 'mine': ease: `l2` must be in [1, 10000] (log scale), got 0.1",
        ),
        (f"{HEAD}[rule.prefer]\nl3 = 5", 6, "rule 'mine': ease: unknown param `l3`"),
        (f"{HEAD}prefer = {{ l2 = [5, 2] }}", 6, "rule 'mine': ease: `l2`: 5 is above 2"),
        (f"{HEAD}prefer = {{ l2 = [1, 2, 3] }}", 6, "`l2` takes [low, high], {low = …}, {high = …} or a value"),
        (f"{HEAD}prefer = {{ l2 = 'much' }}", 6, "a bound of `l2` must be a number, got 'much'"),
        (f"{HEAD}prefer = {{ l2 = {{ low = nan }} }}", 6, "`l2` must be a number in [1, 10000] (log scale), got nan"),
        (f"{HEAD}prefer = {{ l2 = 5 }}\nwhen = {{ densty = 3 }}", 7, "did you mean `density`?"),
        (f"{HEAD}prefer = {{ l2 = 5 }}\nwhen = {{ split = 'tme' }}", 7, "the split must be one of leave_last_out,"),
        (f"{HEAD}prefer = {{ l2 = 5 }}\nstrength = 9", 7, "`strength` input should be less than or equal to 3, got 9"),
        (f"{HEAD}prefer = {{ l2 = 5 }}\nwhy = 'q'", 7, "`why` is no part of a rule, which holds id, model,"),
        (f"{HEAD}prefer = {{ l2 = 5 }}\n{HEAD}prefer = {{ l2 = 6 }}", 8, "mine is the id of an earlier rule too"),
        (HEAD, 3, "a rule has a model, and either `prefer` or `avoid` with params"),
        (HEAD.replace("ease", "eas") + "prefer = { l2 = 5 }", 3, "unknown model 'eas'; did you mean `ease`?"),
        (
            HEAD.replace("ease", "item_knn") + "avoid = { weighting = [] }",
            6,
            "`weighting` needs at least one of cosine",
        ),
        (HEAD.replace("mine", "My rule") + "avoid = { l2 = 5 }", 2, "`id` string should match pattern"),
        (HEAD.replace('source = "us"\n', "") + "avoid = { l2 = 5 }", 1, "`source` is missing"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SetupError) as caught:
        read_rules(path)
    assert str(caught.value).startswith(f"{path}, line {line}, ") and says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rule = [", "is no TOML"),
        ("rules = 1", "`rules` is no part of a file of rules, which holds [[rule]] tables and `leave_out`"),
        ('leave_out = ["ials-l3"]', "`leave_out` names 'ials-l3', did you mean `ials-l2`?"),
    ],
)
def test_what_is_wrong_with_a_file_itself_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError, match=r"rules\.toml") as caught:
        rules_with(written(tmp_path, text))
    assert says in str(caught.value)
    with pytest.raises(SetupError, match="cannot be read"):
        rules_with(tmp_path / "missing.toml")


def test_all_that_is_wrong_in_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = 'leave_out = ["nosuch"]\n' + HEAD + "prefer = { l2 = 0.1, dropout = 7 }\nwhen = { densty = 1 }\n"
    text += HEAD.replace("mine", "two") + "prefer = { l2 = 5 }\nstrength = 9\nwhy = 1\n"
    with pytest.raises(SetupError, match="has 6 mistakes: line 1, `leave_out` names 'nosuch'") as caught:
        read_rules(written(tmp_path, text))
    told = str(caught.value).split("; line ")[1:]
    assert [one.partition(", rule '")[0] for one in told] == ["7", "7", "8", "15", "16"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + "avoid = { l2 = { low = 1 } }", 6, "rule 'mine': it avoids every value of `l2` of ease"),
        (
            f"{HEAD}prefer = {{ l2 = {{ low = 100 }} }}\n{HEAD.replace('mine', 'two')}prefer = {{ l2 = [1, 10] }}",
            12,
            "rule 'two': it prefers `l2` of ease from 1 to 10 and rule 'mine' 100 or more, which leaves nothing",
        ),
        (
            f"{HEAD}prefer = {{ l2 = [5, 8] }}\n{HEAD.replace('mine', 'two')}avoid = {{ l2 = [1, 10] }}",
            12,
            "rule 'two': it avoids `l2` of ease from 1 to 10 and rule 'mine' prefers from 5 to 8, which leaves nothing",
        ),
        (
            f"{HEAD}avoid = {{ l2.low = 100 }}\n{HEAD.replace('mine', 'two')}avoid = {{ l2.high = 200 }}",
            12,
            "rule 'two': with rule 'mine' it avoids every value of `l2` of ease (100 or more; up to 200), so nothing",
        ),
        (
            f"{HEAD}prefer = {{ l2 = 5 }}\nwhen = {{ density = {{ low = 3 }} }}",
            7,
            "`density` of a dataset is in [0, 1], so",
        ),
        (
            f"{HEAD}prefer = {{ l2 = 5 }}\nwhen = {{ n_users = {{ high = -1 }} }}",
            7,
            "`n_users` of a dataset is 0 or more",
        ),
    ],
)
def test_rules_that_leave_nothing_are_refused(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(SetupError) as caught:
        read_rules(path := written(tmp_path, text))
    assert str(caught.value).startswith(f"{path}, line {line}, ") and says in str(caught.value)


def test_rules_that_never_meet_or_speak_of_corners_contradict_nothing(tmp_path: Path) -> None:
    short, long = "when = { history_mean = { high = 10 } }\n", "when = { history_mean = { low = 20 } }\n"
    text = f"{HEAD}prefer = {{ l2 = [1, 5] }}\n{short}"
    text += f"{HEAD.replace('mine', 'two')}prefer = {{ l2 = [50, 90] }}\n{long}"
    text += f"{HEAD.replace('mine', 'corner')}prefer = {{ l2 = [50, 90], dropout = 0.5 }}\n"
    assert len(read_rules(written(tmp_path, text))) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x = " + b"[" * 100_000, "line 1: rules are nested at most 100 deep"),
        (HEAD.encode() + b"prefer" + b".a" * 20_000 + b" = 1", "line 6: rules are nested at most 100 deep"),
        (b"x = " + b"[\n" * 5_000, "rules are nested at most 100 deep"),
        (HEAD.encode() + b"strength = " + b"9" * 5_000, "line 6: a number has more than 4,300 digits"),
        (b"# x\n" * 300_000, "a file of rules has at most 1,000,000 bytes"),
        (HEAD.encode() + b"# \xe7", "line 6: the file is not written in UTF-8 (byte 0xe7)"),
    ],
)
def test_a_file_that_is_no_text_of_rules_is_refused_quickly(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(content)
    with pytest.raises(SetupError) as caught:
        read_rules(path)
    assert says in str(caught.value)


def test_what_is_no_file_is_named_and_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    for path, kind in ((pipe, "a pipe"), (tmp_path, "a folder"), (Path("/dev/zero"), "a device")):
        with pytest.raises(SetupError, match=f"cannot be read: it is {kind}"):
            read_rules(path)
    assert len(read_rules(written(tmp_path, f"\ufeff{HEAD}prefer = {{ l2 = 5 }}"))) == 1


def test_own_rules_join_replace_and_leave_out_the_shipped_ones(tmp_path: Path) -> None:
    text = 'leave_out = ["ials-l2"]\n' + HEAD + "prefer = { l2 = 5 }\n"
    text += HEAD.replace("mine", "gru4rec-one-layer").replace("ease", "gru4rec") + "prefer = { max_length = 20 }\n"
    path = written(tmp_path, text)
    found = {rule.id: rule for rule in rules_with(path)}
    assert "ials-l2" not in found and len(found) == len(shipped_rules())
    assert found["mine"].file == str(path) and found["mine"].where == {"l2": Span(low=5, high=5)}
    assert found["gru4rec-one-layer"].where == {"max_length": (20,)}
    assert rules_with(None) == shipped_rules()
