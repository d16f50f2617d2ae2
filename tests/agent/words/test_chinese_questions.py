"""Questions in Chinese idioms become those of their English twins, and nothing else does."""

import pytest

from agent.words.chinese import gloss


@pytest.mark.parametrize(
    ("say", "means"),
    [
        ("第二好的是哪个？", "which is the second best?"),
        ("第三好呢", "which is the third best"),
        ("和 popularity 比怎么样", "how does it compare with popularity"),
        ("比默认值好多少？", "how does it compare with the defaults?"),
        ("试验一和试验三哪个好？", "which is better, trial 1 or trial 3?"),
        ("十五号试验和第2号试验哪个更好", "which is better, trial 15 or trial 2"),
        ("一号试验的 dropout 是多少", "what dropout did trial 1 have"),
        ("有多少次失败了？", "how many trials failed?"),
        ("用了多长时间？", "how long did it take?"),
        ("你记得什么？", "what do you remember?"),
    ],
)
def test_an_idiom_is_said_as_english_says_it(say: str, means: str) -> None:
    assert gloss(say) == means


@pytest.mark.parametrize("say", ["第二好的模型导出来", "把 l2 和 dropout 比较一下", "再跑多长时间都行", "记得先问我"])
def test_other_words_stay_as_they_are(say: str) -> None:
    found = gloss(say)
    assert not any(words in found for words in ("which is the", "how does it", "how long did", "do you remember"))


def test_a_new_name_in_chinese_is_kept_whole() -> None:
    assert gloss("把 club 改名为 俱乐部").endswith("俱乐部") and "俱乐部" in gloss("把 club 改名为俱乐部吧")
