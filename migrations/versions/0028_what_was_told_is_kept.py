"""what people outside were told of a locked period is kept as it was told"""

import sqlalchemy as sa
from alembic import op

from core.db import kept_for_good_in
from migrations.remaking import is_postgres

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "told_snapshots",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("k > 1", name=op.f("ck_told_snapshots_withholds_something")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_told_snapshots_snapshot_id_snapshots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_snapshots")),
        sa.UniqueConstraint("snapshot_id", "k", name=op.f("uq_told_snapshots_snapshot_id_k")),
        sa.UniqueConstraint("uid", name=op.f("uq_told_snapshots_uid")),
    )
    trigger = "CREATE TRIGGER told_snapshots_are_append_only BEFORE UPDATE ON told_snapshots"
    if is_postgres():
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'told_snapshots is append-only'); END")
    op.execute(kept_for_good_in("postgresql" if is_postgres() else "sqlite", "told_snapshots"))


def downgrade():
    op.execute("DROP TRIGGER told_snapshots_are_kept" + (" ON told_snapshots" if is_postgres() else ""))
    op.drop_table("told_snapshots")
