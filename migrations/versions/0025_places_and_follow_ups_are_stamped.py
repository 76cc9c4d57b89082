"""a place at a held event and the opening of its follow-up change what the indicators say of whoever was not counted"""

from alembic import op

from indicators.stamp_models import stamping, unstamping
from migrations.remaking import is_postgres

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("UPDATE OF participant_id, event_id", "DELETE")


def upgrade():
    for table in ("registrations", "pairings"):
        # An installation that began after this has them already.
        for statement in (*unstamping(_dialect(), table), *stamping(_dialect(), table)):
            op.execute(statement)


def downgrade():
    for statement in (
        *unstamping(_dialect(), "pairings"),
        *unstamping(_dialect(), "registrations"),
        *stamping(_dialect(), "registrations", BEFORE),
    ):
        op.execute(statement)


def _dialect():
    return "postgresql" if is_postgres() else "sqlite"
