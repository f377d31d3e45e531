"""What the case prints: letters, certificates, registers, minutes, poster (one template each)."""
