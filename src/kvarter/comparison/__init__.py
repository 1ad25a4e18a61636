"""Two editions compared: what changed in figures, definitions, areas and inputs, and why."""
