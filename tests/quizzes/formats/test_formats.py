"""Aiken, Moodle XML and tables, and files that are none of them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core import tables
from core.errors import Refused
from core.i18n import Texts
from quizzes.formats import examples, reading, table
from quizzes.formats.blocks import Block
from quizzes.models import Form, QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan
from tests.quizzes.formats.telling import told
from tests.quizzes.formats.test_gift import check

AIKEN = """Who visits?
A. The prosecutor
B) A neighbour
ANSWER: A

Over two lines,
the U.S. too?

A. one
   that goes on
B. two
C. three
ANSWER: A, C

Heading

No answer line?
A. x
B. y

Twice
A. x
A. y
ANSWER: A

Кто?
А. он
Б. она
В. оно
ОТВЕТ: В

Which?
A. x
B. y
ANSWER: D
"""


def read(content: str | bytes, name: str, language: str = "en") -> list[Block]:
    blocks = reading.read(content if isinstance(content, bytes) else content.encode(), name, language).blocks
    check(blocks)
    return blocks


def test_aiken() -> None:
    assert reading.read(AIKEN.encode(), "bank.txt", "en").format == "aiken"
    assert [told(block) for block in read(AIKEN, "bank.txt")] == [
        "1 imported single: Who visits? | +The prosecutor | -A neighbour",
        "6 imported multiple: Over two lines, / the U.S. too? | +one / that goes on | -two | +three",
        "15 left_out: Heading No answer line? ! no_answer_line",
        "21 left_out: Twice ! letter_twice",
        "26 imported single: Кто? | -он | -она | +оно",
        "32 left_out: Which? ! no_such_letter",
    ]


def question(kind: str, inside: str, text: str = "<p>Q <b>?</b></p>") -> str:
    return (
        f'<question type="{kind}"><name><text>{kind}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>\n'
    )


def answer(text: str, fraction: str = "0", inside: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{inside}</answer>'


YES, NO = ("<feedback><text>Yes.</text></feedback>", "<feedback><text>No.</text></feedback>")
THREE = answer("c")
PAIRS = "".join(
    f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
    for left, right in (("a", "1"), ("b", "2"), ("", "3"))
)
QUESTIONS = [
    '<question type="category"><category><text>$course$/top/Law</text></category></question>\n',
    question("multichoice", answer("<p>a</p>", "100", YES) + answer("b", "50") + THREE),
    question(
        "multichoice",
        "<single>false</single><shuffleanswers>0</shuffleanswers>"
        + answer("a", "50")
        + answer("b", "50")
        + answer("c", "-50"),
    ),
    question("multichoice", "<single>true</single>" + answer("a", "100") + answer("b", "100") + THREE),
    question(
        "truefalse",
        answer("true") + answer("false", "100") + "<generalfeedback><text>Why.</text></generalfeedback>",
    ),
    question("shortanswer", "<usecase>1</usecase>" + answer("Min*", "100") + answer("Brest", "30")),
    question("numerical", answer("3.14", "100", "<tolerance>0.005</tolerance>") + answer("*", "0", NO)),
    question("matching", PAIRS),
    question("ordering", answer("second", "2.0") + answer("first", "1.0")),
    question("essay", "", text='<p>Look: <img src="@@PLUGINFILE@@/x.png"/></p>'),
    question("cloze", "", text="{1:SA:=x}"),
    question("calculated", answer("{a}+{b}", "100")),
    question("description", ""),
]
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(QUESTIONS) + "</quiz>\n"
OF_XML = [
    "4 imported [Law] “multichoice” single: Q ? | +a # Yes. | -(50%)b | -c",
    "5 imported [Law] “multichoice” multiple: Q ? | +a | +b | -c",
    "6 warned [Law] “multichoice” multiple: Q ? | +a | +b | -c ! several_full",
    "7 imported [Law] “truefalse” true_false: Q ? | -True | +False #### Why.",
    "8 warned [Law] “shortanswer” short: Q ? | +Min* | -(30%)Brest ! case_counted",
    "9 warned [Law] “numerical” number: Q ? | +3.135..3.145 "
    "! What is said to every other number was not taken over: No.",
    "10 imported [Law] “matching” matching: Q ? | a -> 1 | b -> 2 |  -> 3",
    "11 imported [Law] “ordering” ordering: Q ? | first | second",
    "12 warned [Law] “essay” free: Look: ! picture",
    "13 left_out [Law]: cloze ! gaps",
    "14 left_out [Law]: calculated ! Questions of the kind “calculated” cannot be asked here.",
    "15 left_out [Law]: description ! instruction",
]


def test_moodle_xml() -> None:
    blocks = read(XML, "bank.xml")
    assert [told(block) for block in blocks] == OF_XML
    assert [block.plan.keeps_order for block in blocks[:2] if block.plan] == [False, True]


def test_a_damaged_question_of_xml_costs_no_other() -> None:
    damaged = XML.replace('<question type="truefalse">', '<question type="truefalse"><oops>')
    lines = [told(block) for block in read(damaged, "bank.xml")]
    assert lines == [*OF_XML[:3], "7 left_out [Law]: truefalse ! damaged", *OF_XML[4:]]
    cut = [told(block) for block in read(XML[: XML.index("Min*")], "bank.xml")]
    assert cut == [*OF_XML[:4], "8 left_out [Law]: shortanswer ! damaged"]


def test_xml_opens_nothing_and_swells_nothing() -> None:
    head = '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = question("essay", "").replace("<![CDATA[<p>Q <b>?</b></p>]]>", "x &b; &f;")
    for block in read(f"<?xml version='1.0'?>{head}<quiz>{text}</quiz>", "bank.xml"):
        assert "aaaa" not in told(block)
        assert "root" not in told(block)


def test_a_table_in_any_of_its_ways() -> None:
    csv = (
        "Bank of questions;;;;\n"
        "Вопрос;Правильный ответ;Неправильный ответ 1;Неправильный ответ 2;Примечание\n"
        "Кто?;он;она;оно;\n"
        '"Что?\nГде?";"а\nб";в;;see me\n'
        "Сколько?;3,5;;;\n"
        "Да?;верно;;;\n"
        "Кто с кем?;а -> б | в → г;;;\n"
        ";x;;;\n"
        "Без ответа;;y;;\n"
    )
    assert [told(block, "ru") for block in read(csv, "bank.csv", "ru")] == [
        "1 left_out: Bank of questions ! instruction",
        "3 warned single: Кто? | +он | -она | -оно ! kind_guessed",
        "4 warned “Что? Где?” multiple: Что? / Где? | +а | +б | -в ! kind_guessed ! "
        "The row holds more, in columns that are not known here: see me",
        "7 warned number: Сколько? | +3.5..3.5 ! kind_guessed",
        "8 warned true_false: Да? | +Верно | -Неверно ! kind_guessed",
        "9 warned matching: Кто с кем? | а -> б | в -> г ! kind_guessed",
        "10 left_out: x ! no_question_here",
        "11 left_out: Без ответа ! no_right_cell",
    ]


def test_languages_stand_side_by_side() -> None:
    head = "kind,question.en,question.ru,right.en,right.ru,wrong.en,wrong.ru\n"
    whole, gap, uneven = (
        "single,Who?,Кто?,he,он,she,она\n",
        "single,Who?,,he,,she,\n",
        "single,Who?,Кто?,he,он,she|it,она\n",
    )
    blocks = read(head + whole + gap + uneven, "bank.csv")
    assert [told(block).split(" ! ")[1:] for block in blocks] == [[], ["missing_language"], ["uneven_languages"]]
    assert blocks[0].plan and blocks[0].plan.options[0].text == {"en": "he", "ru": "он"}


def test_rows_without_a_heading_are_told_one_by_one() -> None:
    assert [told(block) for block in read("a;b\nc;d\n", "bank.csv")] == [
        "1 left_out: a b ! no_question_column",
        "2 left_out: c d ! no_question_column",
    ]


def test_the_workbook_is_read_again() -> None:
    standing = list(examples.PLANS)
    assert [block.plan for block in read(table.workbook(standing), "bank.xlsx")] == standing
    odd = QuestionPlan(
        QuestionKind.SINGLE,
        Texts({"ru": '=HYPERLINK("http://x")'}),
        [OptionPlan(Texts({"ru": "+1|2"}), True), OptionPlan(Texts({"ru": "@x"}), points=250_000)],
        form=Form.B,
    )
    content = table.workbook([odd])
    assert [block.plan for block in read(content, "bank.xlsx")] == [odd]
    cells = [cell for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}, "nothing that a spreadsheet runs"


def test_the_template_is_filled_in_and_read() -> None:
    book = load_workbook(io.BytesIO(table.template()))
    page, shown = book.worksheets[0], book.worksheets[1]
    for row in shown.iter_rows(min_row=2, values_only=True):
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    blocks = read(content.getvalue(), "template.xlsx")
    assert [(block.line, block.plan) for block in blocks] == list(enumerate(examples.PLANS, 2))
    with pytest.raises(Refused):
        reading.read(table.template(), "template.xlsx", "en")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.gift", "empty_question_file"),
        (b"\xef\xbb\xbf \r\n", "x.txt", "empty_question_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "x.gift", "not_a_question_file"),
        (b"<?xml version='1.0'?><html/>", "x.xml", "not_a_question_file"),
        (b"x" * 5_000_001, "x.gift", "question_file_too_large"),
        (b"a {T}\n\n" * 5001, "x.gift", "too_many_questions"),
        (b"question;right\n" + b"a;b\n" * 5001, "x.csv", "too_many_questions"),
        (b"\xd0\xcf\x11\xe0", "x.xls", "old_excel"),
        (b"PK\x03\x04 no workbook", "x.xlsx", "not_a_table"),
    ],
)
def test_what_is_no_file_of_questions_is_refused_in_a_sentence(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        reading.read(content, name, "en")
    assert refusal.value.code == code
    assert refusal.value.message


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = table.workbook(examples.PLANS)
    monkeypatch.setattr(tables, "MOST_UNPACKED", 2 * len(content))
    with pytest.raises(Refused):
        reading.read(content, "x.xlsx", "en")


NAMES = st.sampled_from(["x.gift", "x.txt", "x.xml", "x.csv", "x.xlsx", "x"])
PIECES = st.sampled_from(
    [XML.encode()[:2000], AIKEN.encode(), b"question;right\nq;a\n", b"<quiz><question ", b"PK\x03"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=60), max_size=6).map(b"".join), NAMES)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        check(reading.read(content, name, "be").blocks)
    except Refused as refusal:
        assert refusal.message
