"""The commands that keep the club: a copy of it, and the way back."""
