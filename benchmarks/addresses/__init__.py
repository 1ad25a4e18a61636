"""Queries with known truth, a scorer with controls, and peers, for `kvarter.addresses`."""
