"""What is done to many members at once, and the filters by which they are found."""
