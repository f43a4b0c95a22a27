"""What changes the team: accounts, invitations, signing in."""
