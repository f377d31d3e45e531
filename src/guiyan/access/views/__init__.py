"""Pages of access: signing in, members' codes, one's own account, administration of accounts."""
