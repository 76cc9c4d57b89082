"""What staff see of letters: an event at a time, and the settings of a programme."""
