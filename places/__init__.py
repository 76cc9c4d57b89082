"""Places at events: how many are free, who waits for one, who was asked and what they said, who asked by themselves."""
