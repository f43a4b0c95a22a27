"""What is said: events in, the outbox, send attempts, the month's quota, letters."""
