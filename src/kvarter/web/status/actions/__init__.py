"""The only writers of what is published."""
