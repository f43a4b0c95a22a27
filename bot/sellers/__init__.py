"""Tills and web shops whose orders we hear: how each signs what it tells, and how it is asked."""
