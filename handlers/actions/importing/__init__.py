"""Files of other systems: looked at row by row, brought in, and taken back as a whole."""
