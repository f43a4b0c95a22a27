"""What members say of the shop: to it, and to others."""
