"""Reading a programme file, and all that can be wrong or unwise in it."""
