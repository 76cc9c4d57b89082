"""feedback has questionnaires: a form for each kind of event, answers to it, free texts that are reviewed"""

import secrets

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres, make_anew
from privacy.crypto import key_ring

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST = "\n\tid INTEGER NOT NULL"
COLUMN = f"\n\tquestionnaire_id INTEGER,{FIRST}"
FIXED = "CONSTRAINT uq_evaluations_uid UNIQUE (uid)"
UNIQUE = "CONSTRAINT uq_evaluations_id_questionnaire_id UNIQUE (id, questionnaire_id)"
OF_EVENT = (
    "CONSTRAINT fk_evaluations_event_questionnaires FOREIGN KEY(event_id, purpose, questionnaire_id) "
    "REFERENCES event_questionnaires (event_id, purpose, questionnaire_id)"
)
KINDS = ("workshop", "cso_training", "forum", "discussion", "seminar", "study_visit")
PURPOSES = ("knowledge", "evaluation", "follow_up", "knowledge_follow_up")
QUESTIONS = ("scale", "yes_no", "choice", "several", "text")
STATES = ("unread", "shareable", "redacted", "inside")


def one_of(name, words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table(
        "questionnaires",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("eventkind", KINDS), nullable=False),
        sa.Column("purpose", one_of("pairingpurpose", PURPOSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("purpose IN ('evaluation', 'follow_up')", name=op.f("ck_questionnaires_is_feedback")),
        sa.CheckConstraint("version > 0", name=op.f("ck_questionnaires_versions_from_one")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_questionnaires_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaires")),
        sa.UniqueConstraint("programme_id", "kind", "purpose", "version", name=op.f("uq_questionnaires_programme_id_kind_purpose_version")),
        sa.UniqueConstraint("id", "purpose", name=op.f("uq_questionnaires_id_purpose")),
        sa.UniqueConstraint("uid", name=op.f("uq_questionnaires_uid")),
    )
    op.create_table(
        "feedback_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", one_of("questionkind", QUESTIONS), nullable=False),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_feedback_questions_questionnaire_id_questionnaires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_questions")),
        sa.UniqueConstraint("questionnaire_id", "position", name=op.f("uq_feedback_questions_questionnaire_id_position")),
        sa.UniqueConstraint("questionnaire_id", "key", name=op.f("uq_feedback_questions_questionnaire_id_key")),
        sa.UniqueConstraint("id", "questionnaire_id", "kind", name=op.f("uq_feedback_questions_id_questionnaire_id_kind")),
        sa.UniqueConstraint("id", "questionnaire_id", name=op.f("uq_feedback_questions_id_questionnaire_id")),
    )
    op.create_table(
        "event_questionnaires",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("purpose", one_of("pairingpurpose", PURPOSES), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_questionnaires_event_id_events")),
        sa.ForeignKeyConstraint(["questionnaire_id", "purpose"], ["questionnaires.id", "questionnaires.purpose"], name=op.f("fk_event_questionnaires_questionnaire_id_purpose_questionnaires")),
        sa.PrimaryKeyConstraint("event_id", "purpose", name=op.f("pk_event_questionnaires")),
        sa.UniqueConstraint("event_id", "purpose", "questionnaire_id", name=op.f("uq_event_questionnaires_event_id_purpose_questionnaire_id")),
    )
    _point_to_questionnaires()
    op.create_table(
        "feedback_answers",
        sa.Column("evaluation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("questionkind", QUESTIONS), nullable=False),
        sa.CheckConstraint(
            "(kind = 'scale' AND value BETWEEN 1 AND 5) OR (kind = 'yes_no' AND value BETWEEN 0 AND 1) OR "
            "(kind IN ('choice', 'several') AND value > 0)",
            name=op.f("ck_feedback_answers_value_of_its_kind"),
        ),
        sa.ForeignKeyConstraint(["evaluation_id", "questionnaire_id"], ["evaluations.id", "evaluations.questionnaire_id"], name="fk_feedback_answers_evaluations"),
        sa.ForeignKeyConstraint(
            ["question_id", "questionnaire_id", "kind"],
            ["feedback_questions.id", "feedback_questions.questionnaire_id", "feedback_questions.kind"],
            name="fk_feedback_answers_feedback_questions",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "question_id", "value", name=op.f("pk_feedback_answers")),
    )
    rule = sa.text("kind <> 'several'")
    op.create_index("uq_feedback_answers_one", "feedback_answers", ["evaluation_id", "question_id"], unique=True, sqlite_where=rule, postgresql_where=rule)
    op.create_index(op.f("ix_feedback_answers_question_id"), "feedback_answers", ["question_id"])
    op.create_table(
        "free_texts",
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("redacted_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", one_of("reviewstate", STATES), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("(question_id IS NULL) = (questionnaire_id IS NULL)", name=op.f("ck_free_texts_of_its_questionnaire")),
        sa.CheckConstraint("(state = 'unread') = (reviewed_at IS NULL)", name=op.f("ck_free_texts_reviewed_has_a_moment")),
        sa.CheckConstraint("(state = 'unread') = (reviewed_by_id IS NULL)", name=op.f("ck_free_texts_reviewed_by_somebody")),
        sa.CheckConstraint("(state = 'redacted') = (redacted_sealed IS NOT NULL)", name=op.f("ck_free_texts_redacted_has_a_text")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluations.id"], name=op.f("fk_free_texts_evaluation_id_evaluations")),
        sa.ForeignKeyConstraint(["evaluation_id", "questionnaire_id"], ["evaluations.id", "evaluations.questionnaire_id"], name="fk_free_texts_evaluations_questionnaire_id"),
        sa.ForeignKeyConstraint(["question_id", "questionnaire_id"], ["feedback_questions.id", "feedback_questions.questionnaire_id"], name="fk_free_texts_feedback_questions"),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_free_texts_reviewed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_texts")),
        sa.UniqueConstraint("evaluation_id", "question_id", name=op.f("uq_free_texts_evaluation_id_question_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_free_texts_uid")),
    )
    op.create_index("ix_free_texts_state", "free_texts", ["state"])
    _move_remarks()
    op.execute("ALTER TABLE evaluations DROP COLUMN remark_sealed")


def _point_to_questionnaires():
    if is_postgres():
        op.execute("ALTER TABLE evaluations ADD COLUMN questionnaire_id INTEGER")
        op.execute(f"ALTER TABLE evaluations ADD {UNIQUE}")
        op.execute(f"ALTER TABLE evaluations ADD {OF_EVENT}")
    else:
        more = f"{UNIQUE}, \n\t{OF_EVENT}, \n\t{FIXED}"
        make_anew("evaluations", (FIRST, COLUMN), (FIXED, more), values={"questionnaire_id": "NULL"})


def _move_remarks():
    """Remarks become free texts that nobody has reviewed. What is encrypted is bound to its row: it is sealed anew."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, uid, remark_sealed FROM evaluations WHERE remark_sealed IS NOT NULL")).all()
    for evaluation_id, uid, sealed in rows:
        new = secrets.token_urlsafe(12)
        text = key_ring().unseal(bytes(sealed), f"evaluations.remark_sealed:{uid}")
        values = {"e": evaluation_id, "u": new, "t": key_ring().seal(text, f"free_texts.text_sealed:{new}")}
        bind.execute(sa.text("INSERT INTO free_texts (evaluation_id, uid, text_sealed, state) VALUES (:e, :u, :t, 'unread')"), values)


def downgrade():
    # A voice has one remark then: all its texts, one below the other. Answers to further questions go.
    op.execute("ALTER TABLE evaluations ADD COLUMN remark_sealed " + ("BYTEA" if is_postgres() else "BLOB"))
    _gather_remarks()
    op.drop_table("free_texts")
    op.drop_table("feedback_answers")
    if is_postgres():
        op.drop_constraint("fk_evaluations_event_questionnaires", "evaluations")
        op.drop_constraint("uq_evaluations_id_questionnaire_id", "evaluations")
        op.drop_column("evaluations", "questionnaire_id")
    else:
        make_anew("evaluations", (COLUMN, FIRST), (f"{UNIQUE}, \n\t{OF_EVENT}, \n\t{FIXED}", FIXED), but=("questionnaire_id",))
    op.drop_table("event_questionnaires")
    op.drop_table("feedback_questions")
    op.drop_table("questionnaires")


def _gather_remarks():
    bind = op.get_bind()
    query = (
        "SELECT evaluations.id, evaluations.uid, free_texts.uid, free_texts.text_sealed FROM free_texts "
        "JOIN evaluations ON evaluations.id = free_texts.evaluation_id "
        "WHERE free_texts.text_sealed IS NOT NULL ORDER BY free_texts.id"
    )
    texts = {}
    for evaluation_id, uid, text_uid, sealed in bind.execute(sa.text(query)):
        text = key_ring().unseal(bytes(sealed), f"free_texts.text_sealed:{text_uid}")
        texts.setdefault((evaluation_id, uid), []).append(text)
    for (evaluation_id, uid), found in texts.items():
        sealed = key_ring().seal("\n".join(found), f"evaluations.remark_sealed:{uid}")
        bind.execute(sa.text("UPDATE evaluations SET remark_sealed = :s WHERE id = :e"), {"s": sealed, "e": evaluation_id})
