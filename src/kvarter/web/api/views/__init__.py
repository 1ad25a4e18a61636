"""Pages of the API: what it has, and the keys of those who write through it."""
