"""The only writers of uploads and runs."""
