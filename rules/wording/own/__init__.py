"""Texts in the shop's own words: which may be, what fits, and what then is said."""
