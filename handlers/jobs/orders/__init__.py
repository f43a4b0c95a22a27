"""Asking connected tills and web shops for orders: what they only hinted at, and what was lost."""
