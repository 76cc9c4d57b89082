"""events have templates: what an event of a kind usually is in a programme"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KINDS = ("workshop", "cso_training", "forum", "discussion", "seminar", "study_visit")


def upgrade():
    op.create_table(
        "event_templates",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="eventkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "privacy",
            sa.Enum("named", "coded", name="privacylevel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sessions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("quiz_key", sa.String(length=60), nullable=True),
        sa.Column("certificate_percent", sa.Integer(), nullable=True),
        sa.Column("certificate_needs_quiz", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_event_templates_capacity_is_positive")),
        sa.CheckConstraint(
            "certificate_percent BETWEEN 1 AND 100", name=op.f("ck_event_templates_certificate_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_event_templates_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_templates")),
        sa.UniqueConstraint("programme_id", "kind", name=op.f("uq_event_templates_programme_id_kind")),
        sa.UniqueConstraint("uid", name=op.f("uq_event_templates_uid")),
    )


def downgrade():
    op.drop_table("event_templates")
