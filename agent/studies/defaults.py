"""What a study is when nothing else is said, in the chat and on the command line; imports nothing."""

TRIALS = 20
OBJECTIVE = "ndcg@10"
LONGEST_S = 366 * 86_400.0  # of a time limit, in a call of a tool
# no models named: the usual ones that do what the objective asks, see `StudySpec.create`
