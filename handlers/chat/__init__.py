"""The chat: LINE's events in, answers out. One file per conversation in `conversations/`."""
