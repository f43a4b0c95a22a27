"""The pages about the team: accounts, devices, invitations, the log."""
