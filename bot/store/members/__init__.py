"""Who there is: members, their LINE accounts, profiles, consents, codes."""
