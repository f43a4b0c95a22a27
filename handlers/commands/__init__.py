"""The commands, the demo, the doctor, the server's start."""
