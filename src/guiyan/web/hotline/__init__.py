"""The operator's screen and what follows a call: it composes outreach, flows and liaison, which do
not know each other."""
