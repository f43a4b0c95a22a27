"""People and place: who works where, the stores, what is missing, and what is kept safe."""
