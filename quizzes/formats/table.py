"""Questions in a table, CSV or Excel: a row each, a column for each part and language, answers one under the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString

from core import tables
from core.i18n import LANGUAGES, Texts
from quizzes.formats import columns, markup, remarks, table_answers, table_writing
from quizzes.formats.blocks import Block, Fate, LeftOut, Read, judged, left_out, short
from quizzes.formats.columns import Column
from quizzes.models import Form
from quizzes.plans import QuestionPlan

NumberedRow = tuple[int, list[str]]
_HEADER_WITHIN = 10  # rows of titles that may stand above the heading


def workbook(plans: Iterable[QuestionPlan]) -> bytes:
    """The questions as an Excel workbook that can be filled in further and read again.

    What is said to each answer, which answer stays last and whether the order is kept have no column there.
    """
    return table_writing.workbook(plans)


def template() -> bytes:
    """An empty workbook to fill in, with examples of every kind and what the columns mean."""
    return table_writing.template()


def rows_of(content: bytes, limit: int) -> list[NumberedRow]:
    """The rows of a file with their lines. Refuses as core.tables.read()."""
    return tables.numbered(content, limit, lambda value: markup.clean(tables.as_text(value)).strip())


def looks_like(rows: Sequence[NumberedRow], language: str) -> bool:
    return _header(rows, language) is not None


def read(rows: Sequence[NumberedRow], language: str) -> list[Block]:
    """Every row under the heading as a question, or with the reason why it is none."""
    header = _header(rows, language)
    if header is None:
        return [left_out(line, _name(cells), [remarks.NO_QUESTION_COLUMN]) for line, cells in rows if any(cells)]
    at, found = header
    known = {column.place for column in found}
    written_in = {c.language for c in found if c.role == columns.QUESTION}
    languages = [code for code in LANGUAGES if code in written_in]
    # Titles above the heading are no questions, but they are in the file.
    blocks = [left_out(line, _name(cells), [remarks.INSTRUCTION]) for line, cells in rows[:at] if any(cells)]
    for line, cells in rows[at + 1 :]:
        if any(cells):
            row = _Row(cells, found)
            others = [cell for place, cell in enumerate(cells) if cell and place not in known]
            blocks.append(_with_others(_block(line, row, languages), others))
    return blocks


@dataclass
class _Row:
    """One row, by what its columns mean."""

    cells: list[str]
    found: list[Column]
    lost: list[LazyString] = field(default_factory=list)

    def texts(self, role: str) -> Texts:
        return Texts({code: "\n".join(parts) for code, parts in self.parts(role).items() if parts})

    def word(self, role: str) -> str:
        return next((text for text in self.texts(role).values()), "")

    def parts(self, role: str) -> dict[str, list[str]]:
        """The cells of a role by language; a role may have several columns, as “wrong 1”, “wrong 2”."""
        parts: dict[str, list[str]] = {}
        for column in self.found:
            cell = self.cells[column.place] if column.place < len(self.cells) else ""
            if column.role == role and cell:
                parts.setdefault(column.language, []).append(cell)
        return parts


def _block(line: int, row: _Row, languages: Sequence[str]) -> Block:
    try:
        return judged(line, _question(row), languages)
    except LeftOut as reason:
        return left_out(line, row.word(columns.QUESTION) or _name(row.cells), [reason.remark])


def _question(row: _Row) -> Read:
    text = row.texts(columns.QUESTION)
    if not text:
        raise LeftOut(remarks.NO_QUESTION_HERE)
    right = table_answers.lists(row.parts(columns.RIGHT))
    wrong = table_answers.lists(row.parts(columns.WRONG))
    kind, options = table_answers.answers(row.word(columns.KIND), right, wrong, row.lost)
    form = row.word(columns.FORM).upper().translate(str.maketrans("АВБ", "ABB"))
    plan = QuestionPlan(
        kind=kind,
        text=text,
        options=options,
        explanation=row.texts(columns.EXPLANATION) or None,
        standard=row.texts(columns.STANDARD) or None,
        form=Form(form) if form in list(Form) else None,
        keeps_order=kind == table_answers.TRUE_FALSE,
    )
    if any("\ufffd" in cell for cell in row.cells):
        row.lost.append(remarks.UNREADABLE)
    return Read(plan, remarks=row.lost)


def _with_others(block: Block, others: list[str]) -> Block:
    """Says so where cells stand in columns that mean nothing here."""
    if others and block.plan:
        block.remarks.append(remarks.other_cells("; ".join(others)))
        block.fate = Fate.WARNED
    return block


def _header(rows: Sequence[NumberedRow], language: str) -> tuple[int, list[Column]] | None:
    for at, (_line, cells) in enumerate(rows[:_HEADER_WITHIN]):
        if found := columns.of_header(cells, language):
            return at, found
    return None


def _name(cells: Sequence[str]) -> str:
    return short(" ".join(cell for cell in cells if cell))
