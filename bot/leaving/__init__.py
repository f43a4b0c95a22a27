"""Leaving whole: all that a club has in files that other programs can read, and back."""
