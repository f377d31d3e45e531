"""The back-check of a round: a random part of what is explained, looked at once more by others."""
