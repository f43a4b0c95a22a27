"""The programme as sentences that an owner reads."""
