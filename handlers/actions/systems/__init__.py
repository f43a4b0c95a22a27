"""What only other systems of the shop do: the rest they do as everybody does."""
