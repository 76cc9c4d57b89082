"""what is published stays: a published version of a quiz is never rewritten"""

from alembic import op

from core.db import never_again_in
from migrations.remaking import is_postgres

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FINAL = {
    "quizzes": (
        "programme_id, key, version, published_at, title, intro, shuffles_questions, gives_part_marks",
        "OLD.published_at IS NOT NULL",
    ),
    "questions": (
        "quiz_id, position, origin, form, keeps_order, kind, text, explanation, standard",
        "EXISTS (SELECT 1 FROM quizzes WHERE quizzes.id = OLD.quiz_id AND quizzes.published_at IS NOT NULL)",
    ),
    "options": (
        "question_id, position, text, is_right, is_last, points, match, low, high, feedback",
        "EXISTS (SELECT 1 FROM questions JOIN quizzes ON quizzes.id = questions.quiz_id "
        "WHERE questions.id = OLD.question_id AND quizzes.published_at IS NOT NULL)",
    ),
}


def upgrade():
    for table, (columns, when) in FINAL.items():
        for statement in never_again_in("postgresql" if is_postgres() else "sqlite", table, columns, when):
            op.execute(statement)


def downgrade():
    for table in FINAL:
        op.execute(f"DROP TRIGGER {table}_are_final" + (f" ON {table}" if is_postgres() else ""))
        if is_postgres():
            op.execute(f"DROP FUNCTION {table}_are_final")
