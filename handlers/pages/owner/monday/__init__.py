"""Monday: the console's first page."""
