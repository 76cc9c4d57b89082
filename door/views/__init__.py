"""Pages of the door for staff."""
