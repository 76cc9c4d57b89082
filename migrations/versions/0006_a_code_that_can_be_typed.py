"""a code that can be typed: the digest of a second, shorter secret for a person's own page

No key ring here, so nobody's is filled: a person of old times gets theirs when it is shown or printed first, and before
that nobody has seen it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("participants", sa.Column("typed_digest", sa.LargeBinary(length=32), nullable=True))
    op.create_index("uq_participants_typed_digest", "participants", ["typed_digest"], unique=True)


def downgrade():
    op.drop_index("uq_participants_typed_digest", "participants")
    op.drop_column("participants", "typed_digest")
