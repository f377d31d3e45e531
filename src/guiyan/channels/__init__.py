"""The ways out: one vertical slice per channel, and the outbox."""
