"""who moves up from a waiting list is remembered, and can get a letter by itself"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres, let_be, make_anew

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = "'invitation', 'reminder', 'change', 'materials', 'post_quiz', 'follow_up', 'certificate'"
MORE_KINDS = f"{KINDS}, 'moved_up'"
TABLES = ("messages", "message_texts")
RULE = "ck_messages_written_by_somebody"
WRITTEN = "written_by_id IS NOT NULL OR kind = 'moved_up'"
SPREAD = "CONSTRAINT ck_messages_withdrawn_is_not_spread_again"


def upgrade():
    for table in TABLES:
        let_be(table, "kind", f"ck_{table}_messagekind", KINDS, MORE_KINDS)
    if is_postgres():
        op.alter_column("messages", "written_by_id", nullable=True)
        op.create_check_constraint(op.f(RULE), "messages", WRITTEN)
    else:
        rule = f"CONSTRAINT {RULE} CHECK ({WRITTEN}), \n\t{SPREAD}"
        make_anew("messages", ("written_by_id INTEGER NOT NULL", "written_by_id INTEGER"), (SPREAD, rule))
    told = sa.Column("tells_who_moves_up", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("programme_mail", told)
    op.create_table(
        "moves_up",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id", "event_id"],
            ["registrations.id", "registrations.event_id"],
            name=op.f("fk_moves_up_registration_id_event_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_moves_up")),
    )
    for column in ("event_id", "told_at"):
        op.create_index(op.f(f"ix_moves_up_{column}"), "moves_up", [column])


def downgrade():
    op.drop_table("moves_up")
    op.drop_column("programme_mail", "tells_who_moves_up")
    # Letters of this kind went out already or wait; an older version knows nothing of them.
    op.execute("DELETE FROM letters WHERE message_id IN (SELECT id FROM messages WHERE kind = 'moved_up')")
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE kind = 'moved_up'")  # noqa: S608
    if is_postgres():
        op.drop_constraint(op.f(RULE), "messages", type_="check")
        op.alter_column("messages", "written_by_id", nullable=False)
    else:
        rule = f"CONSTRAINT {RULE} CHECK ({WRITTEN}), \n\t{SPREAD}"
        make_anew("messages", ("written_by_id INTEGER", "written_by_id INTEGER NOT NULL"), (rule, SPREAD))
    for table in TABLES:
        let_be(table, "kind", f"ck_{table}_messagekind", MORE_KINDS, KINDS)
