"""What a watching machine may ask: how requests go and what waits, in figures without persons."""
