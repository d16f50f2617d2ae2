"""Kinds of claims, each with sentences that hold and sentences that do not, worded in ways that no template has."""

import pytest

from agent.grounding.judging import judged
from agent.grounding.known import Known

HOLD = {
    "counts": [
        "Seven trials ran to the end and one was stopped early.",
        "All but one of the sasrec trials completed.",
        "Only trial 7 used the BPR loss.",
        "Only two trials beat 0.15.",
        "After trial 6 and trial 1, no trial reaches 0.15.",
        "6 of the 8 trials are SASRec, the remaining 2 BPR-MF.",
        "Just three trials do better than EASE.",
        "Five of the six SASRec trials had two heads.",
        "Two trials are on the front and five are beaten.",
    ],
    "ranks": [
        "The top three are trials 6, 1 and 2.",
        "SASRec takes the first three places.",
        "The best BPR-MF run comes fourth, with 0.066.",
        "Third comes trial 2, a good way behind at 0.14.",
        "Trial 5 had a single layer.",
    ],
    "items": [
        "The Secret Algorithm, Book 1 is third with 466 ratings.",
        "The most read book has 560 interactions, 252 more than number ten.",
        "Eight of the ten most popular books are science fiction; the other two are history.",
        "b1176 is next to b980, both with 321.",
    ],
    "intervals": [
        "The gain of trial 6 over trial 1 is 0.014, with an interval from 0.006 to 0.023.",
        "Trial 1 minus trial 6 lies between -0.023 and -0.006 at 95 %.",
        "SASRec's learning rate is limited to 0.0001–0.01, while BPR-MF may go up to 0.1.",
        "On test the defaults trail trial 6 by between 0.012 and 0.027.",
    ],
    "data": [
        "Each reader gave 27 ratings on average.",
        "There are about 36 ratings per book.",
        "Nobody in this data has more than 100 interactions, and half of the readers have 24 or fewer.",
        "98.2 % of the user-item matrix is empty.",
        "One reader in ten has more than 46 books.",
    ],
    "changes": [
        "Coverage more than triples, from 21 % to 71 %.",
        "Going from trial 0 to trial 6 raises coverage by 50 points.",
    ],
    "test": [
        "Trial 6 is ahead of EASE on test by 0.16.",
        "On test the SASRec defaults stand at 0.22 and EASE at 0.081.",
    ],
    "reasons": ["Trial 5 was stopped early since it was worse than the lower quartile of earlier trials."],
    "times": ["The study took just under two minutes.", "Trial 7 trained in less than a second."],
    "chinese": ["试验 1 排名第二，ndcg@10 为 0.192。", "该数据集有 2,000 名用户和 1,488 本书，交互共 53,790 条。"],
}
FAIL = {
    "counts": [
        "Six trials ran to the end and two were stopped early.",
        "Only trial 6 used the softmax loss.",
        "Only trials 6 and 1 are in the leading group.",
        "Four of the six SASRec trials had two heads.",
        "All trials but one beat popularity.",
        "None of the trials had more than three layers.",
        "Two trials are on the front and six are beaten.",
        "One of the 8 trials ran sasrec.",
    ],
    "ranks": [
        "The top three are trials 6, 2 and 1.",
        "SASRec takes the first four places.",
        "The best BPR-MF run comes third.",
        "Third comes trial 0.",
        "Trial 1 was the slowest to train.",
    ],
    "items": [
        "The Secret Algorithm, Book 1 is second with 466 ratings.",
        "Seven of the ten most popular books are science fiction.",
        "b787 is more popular than b945.",
    ],
    "intervals": [
        "Trial 6 minus trial 1 is −0.014, with a 95 % interval of [−0.023, −0.006].",
        "The 95 % interval of the prediction for trial 8 is 0.12 to 0.26.",
        "The gain of trial 6 over trial 1 has an interval from -0.006 to 0.023.",
        "SASRec's epochs are tuned between 1 and 100.",
        "SASRec's learning rate may go up to 0.1.",
    ],
    "data": [
        "The average user has 24 interactions.",
        "One reader in ten has more than 100 books.",
        "There are about 27 ratings per book.",
        "The longest history is 46 items.",
    ],
    "changes": [
        "Coverage doubles, from 21 % to 71 %.",
        "Trial 6 trains and serves just as fast as trial 0.",
        "Trial 6 is better than trial 1 on ndcg, recall, coverage and latency.",
        "The tuned model uses a larger embedding than the default one.",
    ],
    "test": ["On test, trial 6 scored 0.2121 ndcg@10.", "Compared with the EASE baseline, trial 6 gains 0.02 on test."],
    "reasons": [
        "Trial 5 was pruned because it ran out of memory.",
        "The study ended because it ran into its time limit.",
    ],
    "acts": ["After the confirmation I put trial 6 into production."],
    "times": ["The study took just under one minute.", "Trial 0 trained in less than a second."],
    "chinese": ["试验 3 排名第二。"],
}


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, all_ in HOLD.items() for said in all_])
def test_a_claim_that_holds_is_kept(kind: str, said: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "kept", (kind, found.verdicts)


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, all_ in FAIL.items() for said in all_])
def test_a_claim_that_does_not_hold_is_cut(kind: str, said: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "cut", (kind, found.verdicts)


@pytest.mark.parametrize(
    "said",
    [
        "A repeat of trial 6 with another seed would probably land within 0.005 of the first run.",
        "Published results on this data are usually around 0.3.",
        "The higher learning rate is what made the difference.",
    ],
)
def test_what_nothing_measured_shows_is_marked(said: str, known: Known) -> None:
    assert judged(said, known).fate == "not checked"


@pytest.mark.parametrize(
    "said", ["Shall I run five more trials?", "Next I'd narrow dropout to 0.1–0.3.", "You could confirm it next."]
)
def test_questions_and_advice_stay_as_they_are(said: str, known: Known) -> None:
    assert judged(said, known).fate == "kept"
