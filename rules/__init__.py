"""The club's rules: pure functions from programme, facts and event to a decision.

Nothing in here reads a clock, a database, the network or the environment, so an owner can try a
programme on last year's visits before it goes live, and a test can run a million members in memory.
"""
