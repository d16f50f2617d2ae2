"""Claims are checked against whom, what and in which unit they are made: true ones stay, false ones are cut, open ones marked."""

import pytest

from agent.grounding.judging import judged
from agent.grounding.known import Known

TRUE = [
    "Trial 6 won with ndcg@10 0.2063, 0.014 more than trial 1.",
    "The best trial reached 0.206, and the defaults 0.192.",
    "The defaults (trial 1) came second at 0.192, i.e. 6.8 % lower.",
    "Trial 6 is better than trial 1, with 0.206 against 0.192.",
    "Six trials used sasrec and two used bpr_mf.",
    "One trial was pruned.",
    "No trial failed.",
    "Trial 5 was pruned.",
    "A recommendation takes 2.9 ms with trial 6, against 2.6 ms for trial 1.",
    "Dropout matters most, with 46 % of the importance.",
    "Trial 6 is clearly better than trial 1.",
    "The gain over the defaults is 0.014, between 0.006 and 0.023.",
    "Trial 6 is 7.4 % better than the defaults.",
    "Trial 6 is more than three times as good as trial 4.",
    "The study has finished.",
    "demo has 2,000 users, 1,488 items and 53,790 interactions.",
    "The most popular item, b590, has 560 interactions.",
    "Trial 6 used 2 layers and an embedding size of 46.",
    "Trial 6 came from the Gaussian process.",
    "I would try a learning rate of 0.004 next.",
    "Shall I run 10 more trials?",
    "Trial 6 took 8.7 s to train and trial 1 10.2 s.",
    "Trial 6 was faster to train than trial 1.",
    "It expected 0.173 for trial 6 and got 0.206, 0.033 more.",
    "The range of the learning rate in sasrec is 0.0001 to 0.01.",
    "The default dropout of sasrec is 0.2.",
    "All eight trials are done.",
    "On test, trial 6 reached 0.239 and the defaults 0.22.",
    "Trial 6 beat both baselines, ease with 0.088 and popularity with 0.056.",
    "The mean of the seven complete trials is 0.098.",
    "Trial 7 has the highest coverage, 0.848.",
    "The study took 115 s, about 1.9 minutes.",
    "10 % of the items have fewer than 5 interactions.",
    "The learning rate went from 0.002 in trial 1 to 0.0065 in trial 6.",
    "Trial 7 was the worst with 0.0028.",
    "Trial 3 used 4 heads.",
    "Trial 6's coverage is 0.71, which is higher than trial 1's 0.507.",
    "Trial 7 used bpr loss.",
    "Next would be trial 8 with a dropout of 0.063.",
    "Dropout and learning rate together make up 72 % of the importance.",
]
FALSE = [
    "The defaults (trial 1) came third at 0.192.",
    "Trial 5 won with 0.206.",
    "Trial 1 is better than trial 6, with 0.206 against 0.192.",
    "Trial 6 is better than trial 1, with 0.192 against 0.206.",
    "Five trials used sasrec.",
    "Two trials were pruned.",
    "All trials used sasrec.",
    "Trial 4 failed.",
    "A recommendation takes 2.9 s with trial 6.",
    "Learning rate matters most, with 46 % of the importance.",
    "The difference between trials 6 and 1 is not significant.",
    "The gain over the defaults is 0.02.",
    "Trial 6 is 12 % better than the defaults.",
    "Trial 6 is more than five times as good as trial 4.",
    "I have started the study.",
    "The study is still running.",
    "Stopped.",
    "I exported the model.",
    "demo has 1,488 users.",
    "The most popular item, b11, has 560 interactions.",
    "Trial 6 used 3 layers and 4 heads.",
    "You proposed trial 6.",
    "Trial 6 took 10.2 s to train and trial 1 8.7 s.",
    "Trial 1 was faster to train than trial 6.",
    "The range of the learning rate in sasrec is 0.0001 to 0.1.",
    "The default dropout of sasrec is 0.3.",
    "On test, trial 6 reached 0.22.",
    "Trial 6 has the highest coverage, 0.71.",
    "The study took 1 hour.",
    "Trial 3 was the worst with 0.022.",
    "Trial 3 used 2 heads.",
    "Trial 6's coverage is lower than trial 1's.",
    "Trial 12 reached 0.3.",
    "Trial 6 used bpr loss.",
    "Trial 6 ran bpr_mf.",
    "Next would be trial 8 with a dropout of 0.2.",
    "Dropout and learning rate together make up 90 % of the importance.",
]
OPEN = [
    "l2 matters most.",
    "Trial 6 won because its dropout of 0.156 is smaller.",
    "EASE is a linear model that often does well on small data.",
]


@pytest.mark.parametrize("said", TRUE)
def test_a_true_sentence_is_kept(said: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "kept", found.verdicts


@pytest.mark.parametrize("said", FALSE)
def test_a_false_sentence_is_cut(said: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "cut", found.verdicts


@pytest.mark.parametrize("said", OPEN)
def test_what_nothing_supports_or_refutes_is_marked(said: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "not checked", found.verdicts
