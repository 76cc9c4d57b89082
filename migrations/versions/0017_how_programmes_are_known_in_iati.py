"""how programmes are known in IATI"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "iati_entries",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("reporting", sa.String(length=60), nullable=False),
        sa.Column("reporting_type", sa.String(length=2), nullable=False),
        sa.Column("sector", sa.String(length=5), nullable=False),
        sa.CheckConstraint("identifier <> reporting", name=op.f("ck_iati_entries_activity_is_not_its_organisation")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_iati_entries_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_iati_entries")),
        sa.UniqueConstraint("identifier", name=op.f("uq_iati_entries_identifier")),
    )


def downgrade():
    op.drop_table("iati_entries")
