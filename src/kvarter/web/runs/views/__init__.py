"""Pages of uploads, runs, and addresses that a run is not sure of; for analysts."""
