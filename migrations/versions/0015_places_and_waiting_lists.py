"""places and waiting lists: turns, answers, quotas, registration pages, spent proofs of work"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import let_be

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ORIGINS = "'import', 'by_hand', 'walk_in'"
MORE_ORIGINS = "'import', 'by_hand', 'walk_in', 'self'"


def upgrade():
    let_be("registrations", "origin", "ck_registrations_origin", ORIGINS, MORE_ORIGINS)
    op.create_table(
        "programme_places",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("allows_registration_pages", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_places_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme_places")),
    )
    op.create_table(
        "event_places",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fills_by_itself", sa.Boolean(), nullable=False),
        sa.Column("page_token", sa.String(length=22), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_places_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_places")),
        sa.UniqueConstraint("page_token", name=op.f("uq_event_places_page_token")),
    )
    op.create_table(
        "waiting_turns",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _of_a_place("waiting_turns"),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_waiting_turns")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_waiting_turns_event_id_number")),
    )
    op.create_table(
        "replies",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "said",
            sa.Enum("coming", "not_coming", name="said", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _of_a_place("replies"),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_event_id"), "replies", ["event_id"], unique=False)
    op.create_table(
        "quotas",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_quotas_places_are_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_quotas_event_id_events")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_quotas_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        sa.UniqueConstraint("event_id", "organisation_id", name=op.f("uq_quotas_event_id_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_quotas_uid")),
    )
    op.create_table(
        "spent_proofs",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_proofs")),
    )
    op.create_index(op.f("ix_spent_proofs_expires_at"), "spent_proofs", ["expires_at"], unique=False)


def _of_a_place(table):
    return sa.ForeignKeyConstraint(
        ["registration_id", "event_id"],
        ["registrations.id", "registrations.event_id"],
        name=op.f(f"fk_{table}_registration_id_event_id_registrations"),
        ondelete="CASCADE",
    )


def downgrade():
    for table in ("spent_proofs", "quotas", "replies", "waiting_turns", "event_places", "programme_places"):
        op.drop_table(table)
    # Who registered by themselves stays on the list, as somebody the office wrote down.
    op.execute("UPDATE registrations SET origin = 'by_hand' WHERE origin = 'self'")
    let_be("registrations", "origin", "ck_registrations_origin", MORE_ORIGINS, ORIGINS)
