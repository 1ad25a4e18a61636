"""The texts that the match is not sure of, for an analyst to decide; and what was decided."""
