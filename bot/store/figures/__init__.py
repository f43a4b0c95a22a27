"""The club in figures, kept as sums of each day, and corrected by whoever changed."""
