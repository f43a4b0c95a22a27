"""From the outbox to LINE or an SMS, and what becomes of it."""
