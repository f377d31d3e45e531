"""Whether this Guiyan is in order: the doctor's checks."""
