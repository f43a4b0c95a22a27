"""What the handlers stand on: settings, clock, logs, metrics, LINE, the store and the simulator."""
