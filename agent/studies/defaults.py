"""What a study is when nothing else is said, in the chat and on the command line; imports nothing."""

TRIALS = 20
OBJECTIVE = "ndcg@10"
# no models named: the usual ones that do what the objective asks, see `StudySpec.create`
