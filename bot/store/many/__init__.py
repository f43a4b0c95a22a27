"""Members in lists, and what is done to many of them at once."""
