"""What the night does for every member."""
