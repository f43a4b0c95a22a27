"""What the handlers stand on: settings, clock, logs, metrics, LINE, the store and the simulator."""

#: Of the whole program (https://semver.org); CHANGELOG.md tells what each brought.
VERSION = "0.9.0"
