"""Pages of staff about quizzes."""
