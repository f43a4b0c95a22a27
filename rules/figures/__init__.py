"""The club in figures: what each counts, what one person adds to them, and how they are read."""
