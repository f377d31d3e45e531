"""What is due from whom by when; packets, operations and receipts of those who work without a line."""
