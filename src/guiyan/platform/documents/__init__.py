"""Paper: PDFs from templates and facts, QR codes, and the fonts that they are set in."""
