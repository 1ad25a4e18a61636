"""What was done, by whom and when: append-only, chained by hashes, in one transaction with it."""
