"""People, their places at events, and their presence."""
