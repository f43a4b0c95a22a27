"""Events: made, signed up for, moved up to, told of, and come to."""
