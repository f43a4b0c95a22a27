"""What the club writes to its members: what goes by itself, what goes to all, what it may cost."""
