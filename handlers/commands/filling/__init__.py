"""What the demo is filled with, besides its members' lives."""
