"""Webhooks out: which systems hear of what, and what they hear, written with what it tells."""
