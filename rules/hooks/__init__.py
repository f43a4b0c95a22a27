"""What other systems are told of a member, and how long one tries to tell them."""
