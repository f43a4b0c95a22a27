"""The commands about what the shop tells all members of, and gives away with them."""
