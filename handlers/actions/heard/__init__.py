"""What members say of the shop, to it and to others, and what the shop does with it."""
