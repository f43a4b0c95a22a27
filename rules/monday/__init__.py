"""Monday: what of the week that was, and of the one to come, an owner is told."""
