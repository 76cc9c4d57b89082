"""What is said about a block of a file of questions: why it was left out, or what to look at."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# Why a block is left out.
NO_ANSWERS = _l("This is a text without a question: there is no answer part in braces {…}.")
OPEN_BRACE = _l("The answer part begins with { and does not end with }. A blank line ends a question, in braces too.")
CLOSING_BRACE = _l("There is a } without a { before it. A blank line ends a question, in braces too.")
INNER_BRACE = _l("There is a { inside the answer part. A brace that is only text is written \\{ or \\}.")
SECOND_BRACES = _l(
    "There are more braces after the answer part. A blank line is missing between two questions, "
    "or the text has several gaps, or a brace that is only text is not written \\{ or \\}."
)
GAPS = _l("This is a text with gaps of its own kind (Cloze). Make a question of each gap.")
NO_PAIR = _l("One of the pairs to match has no “->” between its two sides.")
NOTHING_INSIDE = _l("There is nothing between the signs of the answer part.")
TOO_MANY_ANSWERS = _l("There are more answers than anybody could read.")
NO_FULL_MARK = _l("No answer is worth the full mark.")
LONG_NUMBER = _l("A number has too many digits.")
ANY_NUMBER = _l("Any number would be right.")
INSTRUCTION = _l("This is a text without a question.")
DAMAGED = _l("This part of the file is damaged and cannot be read.")
NO_ANSWER_LINE = _l("There is no line “ANSWER:” after the answers.")
NO_OPTIONS = _l("There are no answers “A.”, “B.” … before the line “ANSWER:”.")
LETTER_TWICE = _l("A letter stands before two answers. A line “ANSWER:” is missing, or a letter is wrong.")
NO_SUCH_LETTER = _l("The line “ANSWER:” names a letter that no answer has.")
NO_QUESTION_COLUMN = _l("No column is headed “question”. Take the template and fill it in.")
NO_QUESTION_HERE = _l("There is no question in this row.")
NO_RIGHT_CELL = _l("There is no right answer in this row.")
UNEVEN_LANGUAGES = _l("Not every language has the same number of answers, so they cannot be put together.")
NOT_TRUE_OR_FALSE = _l("The right answer has to be “true” or “false”.")


def no_such_kind(kind: str) -> LazyString:
    return _l("Questions of the kind “%(kind)s” cannot be asked here.", kind=kind[:40])


# What to look at.
SEVERAL_KEYS = _l(
    "Several answers are marked as right with “=”. In Moodle any one of them is enough; "
    "here all of them must be chosen."
)
SEVERAL_FULL = _l(
    "Several answers are worth the full mark. In Moodle any one of them is enough; here all of them must be chosen."
)
EQUALS_INSIDE = _l("A “=” stands inside an answer and begins a new one. If it is only text, write \\=.")
EQUALS_IN_TAG = _l("A “=” inside a tag of HTML was read as text. Moodle would want it written \\=.")
EQUALS_WITH_WEIGHT = _l("Shares in percent after “=” were read as after “~”: several answers are right.")
EMPTY_BEFORE_KEY = _l("“~=” was read as “=”.")
TEXT_BEFORE = _l("The text before the first answer was read as a wrong answer.")
LOWER_CASE = _l("“true” or “false” in small letters was read as true or false; Moodle would want the word typed.")
WEIGHT_TOO_BIG = _l("An answer was worth more than the whole and counts as the whole.")
PICTURE = _l("It holds a picture or a recording, which was not taken over.")
SEVERAL_LANGUAGES = _l("The text holds several languages in one. Divide it by hand.")
UNREADABLE = _l("Some characters could not be read and stand as �.")
CASE_COUNTED = _l("Capital letters counted in Moodle; here they do not.")
UNITS = _l("The units of the number were not taken over.")
PARAGRAPHS = _l("The text of the question has several paragraphs. See whether all of it belongs to the question.")
ONLY_SOME = _l("In Moodle only some of the parts were given to put in order; here all of them are.")
KIND_GUESSED = _l("The row does not say its kind; it was taken from the answers.")


def other_numbers(text: str) -> LazyString:
    return _l("What is said to every other number was not taken over: %(text)s", text=text[:200])


def other_cells(text: str) -> LazyString:
    return _l("The row holds more, in columns that are not known here: %(text)s", text=text[:200])
