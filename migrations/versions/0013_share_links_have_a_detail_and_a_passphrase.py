"""share links have a detail and a passphrase: how much they show is settled, how often they are opened is counted"""

import sqlalchemy as sa
from alembic import op

from core.db import never_again_in
from migrations.remaking import is_postgres

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SETTLED = "programme_id, audience, detail, passphrase_hash, token_digest"


def upgrade():
    with op.batch_alter_table("share_links") as batch:
        batch.add_column(sa.Column("detail", sa.String(32), nullable=False, server_default="full"))
        batch.add_column(sa.Column("passphrase_hash", sa.String(200), nullable=True))
        batch.add_column(sa.Column("view_count", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("last_viewed_on", sa.Date(), nullable=True))
        batch.create_check_constraint(op.f("ck_share_links_detail"), "detail IN ('totals', 'breakdowns', 'full')")
        batch.create_check_constraint(op.f("ck_share_links_views_are_counted_up"), "view_count >= 0")
    with op.batch_alter_table("share_links") as batch:
        batch.alter_column("detail", server_default=None)
        batch.alter_column("view_count", server_default=None)
    for statement in never_again_in("postgresql" if is_postgres() else "sqlite", "share_links", SETTLED, "1 = 1"):
        op.execute(statement)


def downgrade():
    op.execute("DROP TRIGGER share_links_are_final" + (" ON share_links" if is_postgres() else ""))
    if is_postgres():
        op.execute("DROP FUNCTION share_links_are_final")
    with op.batch_alter_table("share_links") as batch:
        batch.drop_constraint(op.f("ck_share_links_detail"), type_="check")
        batch.drop_constraint(op.f("ck_share_links_views_are_counted_up"), type_="check")
        for column in ("detail", "passphrase_hash", "view_count", "last_viewed_on"):
            batch.drop_column(column)
