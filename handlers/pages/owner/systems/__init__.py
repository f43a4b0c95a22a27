"""What connects the club with other systems of the shop: keys."""
