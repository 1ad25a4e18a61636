"""The way from a policy file and its extracts to a status: `run`, `check` and `rebuild`."""
