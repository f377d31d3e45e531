"""Contact persons and contacts: who keeps in touch with whom, and when they did."""
