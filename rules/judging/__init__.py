"""What an activity comes to: decided, replayed, undone, merged."""
