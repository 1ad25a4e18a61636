"""The rules of the work on an edition, as data and plain functions: no Django, no database."""
