"""Letters to participants: what they say, who gets them, the outbox they wait in, and who wants or gets none."""
