"""Who works here: accounts, devices, sessions, invitations, flags, the audit log."""
