"""Pages of staff: quizzes at events, what they showed, writing them, and files of questions."""
