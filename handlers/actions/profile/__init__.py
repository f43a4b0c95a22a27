"""What members tell about themselves, step by step, and the telephone they prove to have."""
