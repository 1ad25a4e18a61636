"""Pages of the own account, and of all accounts for those who see to them."""
