"""What members say: their cases, what these are about, what they suggest, and what they answer."""
