"""The first steps: from the demo to a club of one's own."""
