"""letters: a programme's settings and texts, messages, the outbox, who gets none"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = ("invitation", "reminder", "change", "materials", "post_quiz", "follow_up", "certificate")
STATES = ("waiting", "sending", "sent", "skipped", "withdrawn", "refused", "given_up", "unsure")


def _one_of(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table(
        "programme_mail",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_mail_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme_mail")),
    )
    op.create_table(
        "message_texts",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("messagekind", *KINDS), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_message_texts_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("programme_id", "kind", name=op.f("pk_message_texts")),
    )
    op.create_table(
        "messages",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("messagekind", *KINDS), nullable=False),
        sa.Column("recipients", _one_of("recipients", "all", "came", "missing"), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("subject", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goes_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_before", sa.Integer(), nullable=False),
        sa.Column("skipped_before", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR spread_at IS NOT NULL", name=op.f("ck_messages_withdrawn_is_not_spread_again")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_messages_event_id_events")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_messages_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("uid", name=op.f("uq_messages_uid")),
    )
    op.create_index(op.f("ix_messages_event_id"), "messages", ["event_id"], unique=False)
    op.create_index(op.f("ix_messages_goes_out_at"), "messages", ["goes_out_at"], unique=False)
    op.create_table(
        "letters",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("letterstate", *STATES), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "step",
            _one_of("step", "connecting", "signing_in", "sender", "recipient", "content"),
            nullable=True,
        ),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending') OR (address_sealed IS NULL AND body_sealed IS NULL)",
            name=op.f("ck_letters_done_is_empty"),
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_letters_sent_has_a_moment")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_letters_message_id_messages")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_letters_participant_id_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", "participant_id", name=op.f("uq_letters_message_id_participant_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_letters_uid")),
    )
    op.create_index(op.f("ix_letters_participant_id"), "letters", ["participant_id"], unique=False)
    op.create_index(op.f("ix_letters_tried_at"), "letters", ["tried_at"], unique=False)
    op.create_index("ix_letters_state_next_at", "letters", ["state", "next_at"], unique=False)
    op.create_table(
        "letter_stops",
        sa.Column("participant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", _one_of("stopreason", "refused", "came_back", "unwanted"), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_letter_stops_participant_id_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_letter_stops")),
    )


def downgrade():
    for table in ("letter_stops", "letters", "messages", "message_texts", "programme_mail"):
        op.drop_table(table)
