"""Journeys: the right message at the right moment. When one is due, for whom, and what it says.

`kinds` has a file for each kind there is; `journey` is what they have in common. `candidates` says
how members are found at all, `arms` splits them for a test, `say` makes the message when it goes
out, and `programme` is a shop's programme with the journeys in it.
"""
