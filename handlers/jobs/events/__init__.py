"""What the clock does for events."""
