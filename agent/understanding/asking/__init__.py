"""Questions: which kind each is, and what an answer to one of ours means."""
