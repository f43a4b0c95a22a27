"""What the clock does for what is done to many members at once."""
