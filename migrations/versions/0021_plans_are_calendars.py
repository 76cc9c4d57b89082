"""plans are calendars: an event counts its changes, staff have feeds, and an inner title"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime, refused_when_in
from migrations.remaking import is_postgres

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
NEVER_FALLS = "calendar_sequence_never_falls"


def upgrade():
    op.add_column("events", sa.Column("inner_title", sa.String(length=200), nullable=True))
    op.add_column("events", sa.Column("calendar_sequence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("events", sa.Column("changed_at", UtcDateTime(timezone=True), nullable=True))
    dialect = "postgresql" if is_postgres() else "sqlite"
    for statement in refused_when_in(
        dialect,
        "events",
        NEVER_FALLS,
        "UPDATE OF calendar_sequence",
        "NEW.calendar_sequence < OLD.calendar_sequence",
    ):
        op.execute(statement)
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_read_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feeds_token_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_feeds_uid")),
    )
    op.create_index(
        "uq_calendar_feeds_user_id_in_use",
        "calendar_feeds",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade():
    op.drop_table("calendar_feeds")
    if is_postgres():
        op.execute(f"DROP TRIGGER {NEVER_FALLS} ON events")
        op.execute(f"DROP FUNCTION {NEVER_FALLS}()")
    else:
        op.execute(f"DROP TRIGGER {NEVER_FALLS}")
    for column in ("changed_at", "calendar_sequence", "inner_title"):
        op.drop_column("events", column)
