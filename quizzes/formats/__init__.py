"""Files of questions, in and out: GIFT, Aiken, Moodle XML, tables. Each block is told of, nothing is lost."""
