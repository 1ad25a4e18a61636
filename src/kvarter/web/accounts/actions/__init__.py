"""The only writers of accounts: each checks, writes, and notes it in one transaction."""
