"""What all pages of the console stand in."""
