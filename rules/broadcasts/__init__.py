"""Broadcasts: what an owner writes to many at once, to whom, and what may become of it."""
