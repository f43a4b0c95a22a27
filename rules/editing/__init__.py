"""The programme in forms: what each asks, what was typed, which part it is. The owner's pages show
them; what a form says is checked like the file."""
