"""Who logs in, by what way, and what each may do."""
