"""Events and their sittings, and who has or wants a place."""
