"""Webhooks out: which other systems hear of what, and how they take it."""
