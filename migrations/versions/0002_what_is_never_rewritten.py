"""what is never rewritten: the database refuses to change rows that are only added to"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "scans",
    "copies_entries",
    "responses",
    "assessments",
    "audit_entries",
    "targets",
    "entered_values",
)


def upgrade():
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for name in APPEND_ONLY:
        if is_postgres:
            op.execute(
                f"CREATE TRIGGER {name}_are_append_only BEFORE UPDATE ON {name} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name}_are_append_only BEFORE UPDATE ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )


def downgrade():
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {name}_are_append_only" + (f" ON {name}" if is_postgres else ""))
    if is_postgres:
        op.execute("DROP FUNCTION refuse_change()")
