"""The inner circle: who is in it, and what is tried with it."""
