"""The newsletter: asking for it, sending an issue, opening one."""
