"""what was taken back: an index of the few annulled attendances, for live boards"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    rule = sa.text("annulled_at IS NOT NULL")
    columns = ["event_session_id", "annulled_at"]
    op.create_index("ix_attendances_annulled", "attendances", columns, sqlite_where=rule, postgresql_where=rule)


def downgrade():
    op.drop_index("ix_attendances_annulled", "attendances")
