"""Broadcasts on their way, as the clock leads them."""
