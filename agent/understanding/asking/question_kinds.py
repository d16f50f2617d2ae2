"""The kinds of question about acts, results and recpilot itself; of those that fit a message, the first counts.

A new kind: an entry in one of the files that are read here, and its words in `agent.answers.verdicts`.
"""

from agent.understanding.asking.asked_of_acts import OF_ACTS
from agent.understanding.asking.asked_of_results import OF_NOISE_AND_TIME, OF_RESULTS
from agent.understanding.asking.asked_of_the_past import OF_THE_PAST
from agent.understanding.asking.asked_of_trials import OF_TRIALS
from agent.understanding.asking.asked_of_us import OF_THE_START, OF_US
from agent.understanding.asking.question_kind import Kind

KINDS: tuple[Kind, ...] = (*OF_TRIALS, *OF_THE_PAST, *OF_ACTS, *OF_NOISE_AND_TIME, *OF_THE_START, *OF_RESULTS, *OF_US)
