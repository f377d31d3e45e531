"""Members from elsewhere who stay here: the moved-in register of a host."""
