"""The census (摸排): every premises of a register visited, with a state and a reason."""
