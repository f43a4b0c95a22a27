"""What the clock starts: nightly work, delivery, travel in time."""
