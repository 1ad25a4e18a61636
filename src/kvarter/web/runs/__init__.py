"""Runs from the site: extracts uploaded and looked over, and runs of them by a worker."""
