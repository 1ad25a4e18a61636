"""Pages of the audit log, for auditors."""
