"""Members: listed by a filter, filters with a name, one of them, and what is done to many."""
