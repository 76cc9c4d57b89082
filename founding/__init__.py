"""Setting an installation up: loading a programme through every package, and playing the demo."""
