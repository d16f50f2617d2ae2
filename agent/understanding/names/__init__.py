"""Which study, trial or dataset a name or a pointing word stands for."""
