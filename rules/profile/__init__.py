"""What members may tell about themselves: which steps there are, and how answers are read."""
