"""The API: what is published as JSON and CSV, and keys for other systems that write."""
