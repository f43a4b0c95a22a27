"""What members and staff read: texts, names, and the sentences made of facts."""
