"""a quiz has versions: more kinds of questions, two forms, an attempt that is saved answer by answer"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres, let_be, make_anew

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PHASES, MORE_PHASES = "'pre', 'post'", "'pre', 'post', 'follow_up'"
KINDS = "'single', 'multiple', 'true_false'"
MORE_KINDS = f"{KINDS}, 'short', 'number', 'matching', 'ordering', 'free'"
PURPOSES = "'knowledge', 'evaluation', 'follow_up'"
MORE_PURPOSES = f"{PURPOSES}, 'knowledge_follow_up'"
WHOLE = 1_000_000
MARKS, POINTS = "right_count BETWEEN 0 AND question_count", f"points BETWEEN 0 AND question_count * {WHOLE}"
FORM = "form VARCHAR(32) CONSTRAINT ck_{}_form CHECK (form IN ('A', 'B'))"
ONE_KEY = 'CONSTRAINT uq_quizzes_programme_id_key UNIQUE (programme_id, "key")'
ONE_VERSION = 'CONSTRAINT uq_quizzes_programme_id_key_version UNIQUE (programme_id, "key", version)'
FIRST = "\n\tid INTEGER NOT NULL"

ADDED = {
    "quizzes": [
        "version INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_quizzes_versions_from_one CHECK (version > 0)",
        "published_at {moment}",
        "shuffles_questions BOOLEAN DEFAULT false NOT NULL",
        "gives_part_marks BOOLEAN DEFAULT false NOT NULL",
    ],
    "questions": [FORM.format("questions"), "keeps_order BOOLEAN DEFAULT false NOT NULL"],
    "options": [
        "is_last BOOLEAN DEFAULT false NOT NULL",
        f"points INTEGER CONSTRAINT ck_options_points_in_range CHECK (points BETWEEN -{WHOLE} AND {WHOLE})",
        "match JSON",
        "low VARCHAR(40)",
        "high VARCHAR(40) CONSTRAINT ck_options_from_to CHECK ((low IS NULL) = (high IS NULL))",
        "feedback JSON",
    ],
    "event_quizzes": [
        "results VARCHAR(32) DEFAULT 'answers' NOT NULL "
        "CONSTRAINT ck_event_quizzes_results CHECK (results IN ('nothing', 'score', 'answers'))"
    ],
    "openings": ["closes_at {moment}"],
    "attempts": [
        FORM.format("attempts"),
        "is_on_paper BOOLEAN DEFAULT false NOT NULL",
        "finished_on DATE",
        "late_by_minutes INTEGER CONSTRAINT ck_attempts_late_is_after CHECK (late_by_minutes >= 0)",
        "texts_sealed {bytes}",
        "seed INTEGER DEFAULT 0 NOT NULL",
    ],
}
FINAL = {
    "attempts": (
        "event_quiz_id, phase, pseudonym, submitted_on, points, question_count, form, seed",
        "OLD.submitted_on IS NOT NULL",
    ),
    "answers": (
        "chosen, points",
        "EXISTS (SELECT 1 FROM attempts WHERE attempts.id = OLD.attempt_id AND attempts.submitted_on IS NOT NULL)",
    ),
}


def upgrade():
    types = {"moment": "TIMESTAMP WITH TIME ZONE", "bytes": "BYTEA"}
    if not is_postgres():
        types = {"moment": "DATETIME", "bytes": "BLOB"}
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(**types)}")
    op.execute("UPDATE quizzes SET published_at = CURRENT_TIMESTAMP")
    _restrict_keys()
    _give_questions_an_origin()
    let_be("openings", "phase", "ck_openings_phase", PHASES, MORE_PHASES)
    let_be("attempts", "phase", "ck_attempts_phase", PHASES, MORE_PHASES)
    let_be("pairings", "purpose", "ck_pairings_pairingpurpose", PURPOSES, MORE_PURPOSES)
    _count_points()
    for table, (columns, when) in FINAL.items():
        _make_final(table, columns, when)


def _restrict_keys():
    if is_postgres():
        op.drop_constraint(op.f("uq_quizzes_programme_id_key"), "quizzes")
        op.create_unique_constraint(op.f("uq_quizzes_programme_id_key_version"), "quizzes", ["programme_id", "key", "version"])
    else:
        make_anew("quizzes", (ONE_KEY, ONE_VERSION))
    rule = sa.text("published_at IS NULL")
    op.create_index("uq_quizzes_draft", "quizzes", ["programme_id", "key"], unique=True, sqlite_where=rule, postgresql_where=rule)


def _give_questions_an_origin():
    unique = "CONSTRAINT uq_questions_quiz_id_origin UNIQUE (quiz_id, origin)"
    if is_postgres():
        op.execute("ALTER TABLE questions ADD COLUMN origin VARCHAR(16)")
        op.execute("UPDATE questions SET origin = uid")
        op.alter_column("questions", "origin", nullable=False)
        op.execute(f"ALTER TABLE questions ADD {unique}")
        op.drop_constraint(op.f("ck_questions_questionkind"), "questions")
        op.create_check_constraint(op.f("ck_questions_questionkind"), "questions", f"kind IN ({MORE_KINDS})")
    else:
        make_anew(
            "questions",
            (f"kind IN ({KINDS})", f"kind IN ({MORE_KINDS})"),
            (FIRST, f"\n\torigin VARCHAR(16) NOT NULL,{FIRST}"),
            ("CONSTRAINT uq_questions_uid", f"{unique}, \n\tCONSTRAINT uq_questions_uid"),
            values={"origin": "uid"},
        )


def _count_points():
    """An attempt that is not sent yet has no day; marks are parts of a million for each question."""
    if is_postgres():
        op.drop_constraint(op.f("ck_attempts_marks_in_range"), "attempts")
        op.alter_column("attempts", "submitted_on", nullable=True)
        op.alter_column("attempts", "right_count", new_column_name="points")
        op.execute(f"UPDATE attempts SET points = points * {WHOLE}, finished_on = submitted_on")
        op.create_check_constraint(op.f("ck_attempts_marks_in_range"), "attempts", POINTS)
        op.execute("ALTER TABLE answers ADD COLUMN points INTEGER")
        op.execute(f"UPDATE answers SET points = CASE WHEN is_right THEN {WHOLE} ELSE 0 END")
        op.drop_column("answers", "is_right")
    else:
        make_anew(
            "attempts",
            (MARKS, POINTS),
            ("right_count INTEGER", "points INTEGER"),
            ("submitted_on DATE NOT NULL", "submitted_on DATE"),
            but=("right_count",),
            values={"points": f"right_count * {WHOLE}", "finished_on": "submitted_on"},
        )
        make_anew(
            "answers",
            ("is_right BOOLEAN NOT NULL", "points INTEGER"),
            but=("is_right",),
            values={"points": f"CASE WHEN is_right THEN {WHOLE} ELSE 0 END"},
        )


def _make_final(table, columns, when):
    name = f"{table}_are_final"
    if is_postgres():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{table} are final'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are final'); END"
        )


def downgrade():
    # What only the newer form can say goes: drafts, later versions, unsent attempts, new kinds of questions.
    for table in FINAL:
        op.execute(f"DROP TRIGGER {table}_are_final" + (f" ON {table}" if is_postgres() else ""))
        if is_postgres():
            op.execute(f"DROP FUNCTION {table}_are_final")
    later = "SELECT id FROM quizzes WHERE published_at IS NULL OR version > 1"
    gone = f"quiz_id IN ({later}) OR submitted_on IS NULL OR phase = 'follow_up'"
    op.execute(f"DELETE FROM answers WHERE attempt_id IN (SELECT id FROM attempts WHERE {gone})")
    op.execute(f"DELETE FROM attempts WHERE {gone}")
    odd = f"SELECT id FROM questions WHERE quiz_id IN ({later}) OR kind NOT IN ({KINDS})"
    op.execute(f"DELETE FROM answers WHERE question_id IN ({odd})")
    op.execute(f"DELETE FROM options WHERE question_id IN ({odd})")
    op.execute(f"DELETE FROM questions WHERE id IN ({odd})")
    of_later = f"SELECT id FROM event_quizzes WHERE quiz_id IN ({later})"
    op.execute(f"DELETE FROM openings WHERE phase = 'follow_up' OR event_quiz_id IN ({of_later})")
    op.execute(f"DELETE FROM event_quizzes WHERE quiz_id IN ({later})")
    op.execute(f"DELETE FROM quizzes WHERE id IN ({later})")
    op.execute("DELETE FROM pairings WHERE purpose = 'knowledge_follow_up'")
    _count_whole_questions()
    let_be("openings", "phase", "ck_openings_phase", MORE_PHASES, PHASES)
    let_be("attempts", "phase", "ck_attempts_phase", MORE_PHASES, PHASES)
    let_be("pairings", "purpose", "ck_pairings_pairingpurpose", MORE_PURPOSES, PURPOSES)
    op.drop_index("uq_quizzes_draft", "quizzes")
    if is_postgres():
        op.drop_constraint(op.f("uq_quizzes_programme_id_key_version"), "quizzes")
        op.create_unique_constraint(op.f("uq_quizzes_programme_id_key"), "quizzes", ["programme_id", "key"])
        op.drop_column("questions", "origin")
        op.drop_constraint(op.f("ck_questions_questionkind"), "questions")
        op.create_check_constraint(op.f("ck_questions_questionkind"), "questions", f"kind IN ({KINDS})")
    else:
        make_anew("quizzes", (ONE_VERSION, ONE_KEY))
        make_anew(
            "questions",
            (f"kind IN ({MORE_KINDS})", f"kind IN ({KINDS})"),
            ("\n\torigin VARCHAR(16) NOT NULL,", ""),
            ("CONSTRAINT uq_questions_quiz_id_origin UNIQUE (quiz_id, origin), \n\t", ""),
            but=("origin",),
        )
    for table, columns in ADDED.items():
        # A CHECK of two columns stands at the second: it goes first.
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")


def _count_whole_questions():
    if is_postgres():
        op.drop_constraint(op.f("ck_attempts_marks_in_range"), "attempts")
        op.execute(f"UPDATE attempts SET points = points / {WHOLE}")
        op.alter_column("attempts", "points", new_column_name="right_count")
        op.alter_column("attempts", "submitted_on", nullable=False)
        op.create_check_constraint(op.f("ck_attempts_marks_in_range"), "attempts", MARKS)
        op.execute("ALTER TABLE answers ADD COLUMN is_right BOOLEAN")
        op.execute(f"UPDATE answers SET is_right = COALESCE(points, 0) = {WHOLE}")
        op.alter_column("answers", "is_right", nullable=False)
        op.drop_column("answers", "points")
    else:
        make_anew(
            "attempts",
            (POINTS, MARKS),
            ("points INTEGER", "right_count INTEGER"),
            ("submitted_on DATE", "submitted_on DATE NOT NULL"),
            but=("points",),
            values={"right_count": f"points / {WHOLE}"},
        )
        make_anew(
            "answers",
            ("points INTEGER", "is_right BOOLEAN NOT NULL"),
            but=("points",),
            values={"is_right": f"COALESCE(points, 0) = {WHOLE}"},
        )
