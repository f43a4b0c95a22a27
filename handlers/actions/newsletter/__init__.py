"""The newsletter: asking for it, sending an issue, opening one; and what else members choose to be
sent."""
