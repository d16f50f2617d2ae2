"""A study from its spec to its last trial: the ledger, the work, the runner."""
