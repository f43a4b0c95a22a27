"""Webhooks out: receivers, events, and what came of telling them."""
