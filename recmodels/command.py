"""What the two commands that train share: `python -m recmodels` and `recpilot train`."""

TEST_WAS_READ = "Test was measured: reading it again and again to choose would make it optimistic."
