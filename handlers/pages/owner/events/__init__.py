"""Events: made, copied, closed, cancelled, and who comes."""
