"""Journeys: the right message at the right moment. When one is due, for whom, and what it says.

`model` is what a programme can say of them, `due` and `triggers` decide, `candidates` names who is
to be asked at all, `arms` splits members for a test, `say` makes the message when it goes out.
"""
