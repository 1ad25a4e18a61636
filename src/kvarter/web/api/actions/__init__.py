"""The only writers of keys."""
