"""Events: what they are, who may come, who gets a place, and when what is said of them."""
