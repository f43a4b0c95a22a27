"""The pages about members: search, one member, cards, letters, calls."""
