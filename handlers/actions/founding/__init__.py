"""How a club of one's own begins: who may tell of it, what they told, and the club made of it."""
