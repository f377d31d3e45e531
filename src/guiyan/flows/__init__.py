"""The two-sided case: leads and public check-in, handshake, placement, letters, registers."""
