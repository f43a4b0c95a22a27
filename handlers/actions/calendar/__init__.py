"""What comes round by itself: expiry, ranks, birthdays, a journey's offer."""
