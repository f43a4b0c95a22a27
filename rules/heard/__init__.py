"""What members say to the shop, and what the shop owes them for it."""
