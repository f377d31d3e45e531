"""The hotline of three levels: who answers now, calls that wait, and what an operator may say."""
