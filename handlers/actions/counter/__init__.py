"""What is done at the counter: scans, purchases, rewards, slips, undo."""
