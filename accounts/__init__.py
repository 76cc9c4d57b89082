"""Staff: who signs in, what they may do, and who did what."""
