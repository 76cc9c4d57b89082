"""Questions on phones before and after, attempts under a pseudonym, marks, and the evaluation of an event."""
