"""roles belong to programmes, and an installation always has an administrator"""

import sqlalchemy as sa
from alembic import op

from core.db import refused_when_in
from migrations.remaking import is_postgres

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STAYS = "an_administrator_stays"
WHEN = (
    "OLD.role = 'administrator' AND OLD.is_working AND NOT (NEW.role = 'administrator' AND NEW.is_working) "
    "AND NOT EXISTS (SELECT 1 FROM users other WHERE other.id <> OLD.id AND other.role = 'administrator' "
    "AND other.is_working)"
)


def upgrade():
    op.add_column("programme_staff", sa.Column("role", sa.String(32), nullable=True))
    op.execute(
        "UPDATE programme_staff SET role = (SELECT CASE users.role WHEN 'administrator' THEN 'manager' "
        "ELSE users.role END FROM users WHERE users.id = programme_staff.user_id)"
    )
    with op.batch_alter_table("programme_staff") as batch:
        batch.alter_column("role", nullable=False)
        batch.create_check_constraint(
            op.f("ck_programme_staff_role"), "role IN ('administrator', 'manager', 'trainer', 'monitor')"
        )
        batch.create_check_constraint(
            op.f("ck_programme_staff_role_is_of_a_programme"), "role <> 'administrator'"
        )
    dialect = "postgresql" if is_postgres() else "sqlite"
    for statement in refused_when_in(dialect, "users", STAYS, "UPDATE OF role, is_working", WHEN):
        op.execute(statement)


def downgrade():
    op.execute(f"DROP TRIGGER {STAYS}" + (" ON users" if is_postgres() else ""))
    if is_postgres():
        op.execute(f"DROP FUNCTION {STAYS}()")
    with op.batch_alter_table("programme_staff") as batch:
        batch.drop_constraint(op.f("ck_programme_staff_role"), type_="check")
        batch.drop_constraint(op.f("ck_programme_staff_role_is_of_a_programme"), type_="check")
        batch.drop_column("role")
