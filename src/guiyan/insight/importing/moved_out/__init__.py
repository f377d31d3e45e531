"""Members who are away: the moved-out register of a home."""
