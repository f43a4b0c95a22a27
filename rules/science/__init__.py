"""Who will come again, and what a message brings: worked out from visits alone."""
