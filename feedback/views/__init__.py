"""Feedback for staff: results, texts to review, follow-ups that are due, the questions themselves."""
