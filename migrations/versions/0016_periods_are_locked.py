"""periods are locked: the steps of their reports, what was frozen, why a figure is another since"""

import sqlalchemy as sa
from alembic import op

from core.db import kept_for_good_in, never_again_in
from migrations.remaking import is_postgres

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WRITTEN = ("snapshots", "period_steps", "restatement_reasons")
STATES = "'open', 'submitted', 'returned', 'accepted', 'locked'"
IS_LOCKED = "EXISTS (SELECT 1 FROM snapshots WHERE snapshots.period_id = OLD.id)"


def upgrade():
    op.create_table(
        "snapshots",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_snapshots_fingerprint_is_a_sha256")),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_snapshots_period_id_periods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("id", "period_id", name=op.f("uq_snapshots_id_period_id")),
        sa.UniqueConstraint("period_id", name=op.f("uq_snapshots_period_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_snapshots_uid")),
    )
    op.create_table(
        "period_steps",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("number_before", sa.Integer(), nullable=True),
        sa.Column("state_before", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("judged_number", sa.Integer(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_period_steps_periodstate")),
        sa.CheckConstraint(
            "(number = 1 AND number_before IS NULL AND state_before = 'open')"
            " OR (number > 1 AND number_before IS NOT NULL AND number_before = number - 1)",
            name=op.f("ck_period_steps_step_by_step"),
        ),
        sa.CheckConstraint(
            "(state = 'submitted' AND state_before IN ('open', 'returned'))"
            " OR (state = 'returned' AND state_before IN ('submitted', 'accepted'))"
            " OR (state = 'accepted' AND state_before = 'submitted')"
            " OR (state = 'locked' AND state_before = 'accepted')",
            name=op.f("ck_period_steps_in_this_order"),
        ),
        sa.CheckConstraint(
            "(state = 'submitted' AND judged_number IS NULL AND submitted_by_id = user_id)"
            " OR (state <> 'submitted' AND judged_number IS NOT NULL AND judged_number = number_before)",
            name=op.f("ck_period_steps_about_what_was_submitted"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('returned', 'accepted') OR user_id <> submitted_by_id",
            name=op.f("ck_period_steps_judged_by_another"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR note IS NOT NULL", name=op.f("ck_period_steps_returned_for_a_reason")
        ),
        sa.CheckConstraint(
            "(state = 'locked') = (snapshot_id IS NOT NULL)", name=op.f("ck_period_steps_locked_with_its_figures")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_period_steps_period_id_periods")),
        sa.ForeignKeyConstraint(
            ["period_id", "number_before", "state_before"],
            ["period_steps.period_id", "period_steps.number", "period_steps.state"],
            name="fk_period_steps_state_before",
        ),
        sa.ForeignKeyConstraint(
            ["period_id", "judged_number", "submitted_by_id"],
            ["period_steps.period_id", "period_steps.number", "period_steps.submitted_by_id"],
            name="fk_period_steps_submitter",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id", "period_id"], ["snapshots.id", "snapshots.period_id"], name="fk_period_steps_snapshot"
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["users.id"], name=op.f("fk_period_steps_submitted_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_period_steps_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_steps")),
        sa.UniqueConstraint("period_id", "number", name=op.f("uq_period_steps_period_id_number")),
        sa.UniqueConstraint("period_id", "number", "state", name="uq_period_steps_state"),
        sa.UniqueConstraint("period_id", "number", "submitted_by_id", name="uq_period_steps_submitter"),
        sa.UniqueConstraint("uid", name=op.f("uq_period_steps_uid")),
    )
    op.create_table(
        "restatement_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_restatement_reasons_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["snapshots.period_id"], name=op.f("fk_restatement_reasons_period_id_snapshots")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_restatement_reasons_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restatement_reasons")),
    )
    op.create_index(
        "ix_restatement_reasons_period_id_indicator_id", "restatement_reasons", ["period_id", "indicator_id"]
    )
    for table in WRITTEN:
        if is_postgres():
            op.execute(
                f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        op.execute(kept_for_good_in("postgresql" if is_postgres() else "sqlite", table))
    columns = "programme_id, key, starts_on, ends_on"
    for statement in never_again_in("postgresql" if is_postgres() else "sqlite", "periods", columns, IS_LOCKED):
        op.execute(statement)


def downgrade():
    op.execute("DROP TRIGGER periods_are_final" + (" ON periods" if is_postgres() else ""))
    if is_postgres():
        op.execute("DROP FUNCTION periods_are_final")
    # Steps refer to each other, so the database asks to drop the rows with the table, which a trigger refuses.
    for table in WRITTEN[::-1]:
        op.execute(f"DROP TRIGGER {table}_are_kept" + (f" ON {table}" if is_postgres() else ""))
        op.drop_table(table)
