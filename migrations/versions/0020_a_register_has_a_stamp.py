"""a register has a stamp: another word after every change of what the indicators count"""

import sqlalchemy as sa
from alembic import op

from indicators.stamp_models import STAMPED, stamping, unstamping
from migrations.remaking import is_postgres

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "register_stamps",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_register_stamps_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_register_stamps")),
    )
    for table in STAMPED:
        for statement in stamping(_dialect(), table):
            op.execute(statement)
    op.execute(
        "INSERT INTO register_stamps (programme_id, stamp) SELECT id, "
        + ("md5(random()::text)" if is_postgres() else "hex(randomblob(16))")
        + " FROM programmes"
    )


def downgrade():
    for table in STAMPED:
        for statement in unstamping(_dialect(), table):
            op.execute(statement)
    op.drop_table("register_stamps")


def _dialect():
    return "postgresql" if is_postgres() else "sqlite"
