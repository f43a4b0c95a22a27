"""What changes a member: joining, cards, profile, consent, membership."""
