"""what background jobs did: one row a run"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("subject_uid", sa.String(length=16), nullable=True),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "done", "failed", "broken_off", name="runoutcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("problem", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_job_runs_over_with_an_outcome")),
        sa.CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name=op.f("ck_job_runs_over_was_begun")),
        sa.CheckConstraint(
            "(problem IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'failed')",
            name=op.f("ck_job_runs_failed_by_something"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("uid", name=op.f("uq_job_runs_uid")),
    )
    op.create_index("ix_job_runs_name_id", "job_runs", ["name", "id"])


def downgrade():
    op.drop_index("ix_job_runs_name_id", table_name="job_runs")
    op.drop_table("job_runs")
