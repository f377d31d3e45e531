"""One file per person: facts, the identity vault, contact points, consents, corrections, merge."""
