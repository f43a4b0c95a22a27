"""Telling other systems what happened, and owners where that fails for good."""
