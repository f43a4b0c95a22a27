"""The LINE platform: what comes in (events), what goes out (messages), and how (client)."""
