"""Pages of staff: quizzes at events, writing them, and files of questions."""
