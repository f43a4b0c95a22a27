"""Actions: one file for each thing that changes the club.

Every action takes a unit of work and a key from outside; the door that called it commits. It
claims the key in the same transaction as the work, so a repeat gives the first outcome.
"""
