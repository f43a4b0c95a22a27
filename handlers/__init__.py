"""What reacts to the world: chat, pages, jobs, commands, and the actions they share."""
