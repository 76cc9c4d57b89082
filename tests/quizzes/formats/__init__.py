"""Files of questions, in and out."""
