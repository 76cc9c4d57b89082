"""results serve what they may: a result of their own programme, an outcome no output"""

from alembic import op

from core.db import refused_when_in

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WHEN = (
    "NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM results above WHERE above.id = NEW.parent_id"
    " AND above.programme_id = NEW.programme_id AND (above.level <> 'output' OR NEW.level = 'output'))"
)
MOMENTS = {
    "results_serve_what_they_may": "INSERT",
    "results_go_on_serving": "UPDATE OF parent_id, programme_id, level",
}


def upgrade():
    for name, moment in MOMENTS.items():
        for statement in refused_when_in(op.get_bind().dialect.name, "results", name, moment, WHEN):
            op.execute(statement)


def downgrade():
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name in MOMENTS:
        op.execute(f"DROP TRIGGER {name}" + (" ON results" if is_postgres else ""))
        if is_postgres:
            op.execute(f"DROP FUNCTION {name}()")
