"""Accounts, sign-in, roles, grants, elevated sessions: who may do what, where, until when."""
