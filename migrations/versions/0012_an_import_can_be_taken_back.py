"""an import can be taken back: how far a list is, what its rows changed, which columns lists have"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres, make_anew

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATUSES = ("invited", "registered", "waitlisted", "cancelled")
CHECKS = {
    "ck_roster_imports_knownpeople": "known IN ('skip', 'fill', 'update')",
    "ck_roster_imports_done_of_total": "done BETWEEN 0 AND total",
    "ck_roster_imports_undone_was_applied": "undone_at IS NULL OR applied_at IS NOT NULL",
    "ck_roster_imports_undone_by_somebody": "(undone_at IS NULL) = (undone_by_id IS NULL)",
}
FOREIGN = "fk_roster_imports_undone_by_id_users"
NEW = (
    sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
    sa.Column("plan_sealed", sa.LargeBinary(), nullable=True),
    sa.Column("sheet", sa.Integer(), nullable=True),
    sa.Column("arrangement", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("known", sa.String(length=32), nullable=False, server_default="fill"),
    sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"),
    sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("problem", sa.String(length=40), nullable=True),
    sa.Column("counts", sa.JSON(), nullable=False, server_default="{}"),
    sa.Column("new_organisations", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("undone_by_id", sa.Integer(), nullable=True),
    sa.Column("kept", sa.Integer(), nullable=False, server_default="0"),
)


def upgrade():
    for column in NEW:
        op.add_column("roster_imports", column._copy())
    # A list that waits as the server is updated has no plan: it is uploaded again.
    op.execute("UPDATE roster_imports SET rows_sealed = NULL")
    if is_postgres():
        for name, rule in CHECKS.items():
            op.create_check_constraint(op.f(name), "roster_imports", rule)
        op.create_foreign_key(op.f(FOREIGN), "roster_imports", "users", ["undone_by_id"], ["id"])
    else:
        primary = "CONSTRAINT pk_roster_imports PRIMARY KEY (id)"
        rules = "".join(f", CONSTRAINT {name} CHECK ({rule})" for name, rule in CHECKS.items())
        foreign = f", CONSTRAINT {FOREIGN} FOREIGN KEY(undone_by_id) REFERENCES users (id)"
        make_anew("roster_imports", (primary, primary + rules + foreign))
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("made_person", sa.Boolean(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("made_place", sa.Boolean(), nullable=False),
        sa.Column(
            "status_before",
            sa.Enum(*STATUSES, name="registrationstatus", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_imports.id"], name=op.f("fk_import_changes_import_id_roster_imports")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_import_changes_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_import_changes_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
        sa.UniqueConstraint("import_id", "row_number", name=op.f("uq_import_changes_import_id_row_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_changes_uid")),
    )
    for column in ("participant_id", "registration_id"):
        op.create_index(op.f(f"ix_import_changes_{column}"), "import_changes", [column])
    op.create_table(
        "list_layouts",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_list_layouts_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_layouts")),
        sa.UniqueConstraint("programme_id", "signature", name=op.f("uq_list_layouts_programme_id_signature")),
        sa.UniqueConstraint("uid", name=op.f("uq_list_layouts_uid")),
    )


def downgrade():
    op.drop_table("list_layouts")
    op.drop_table("import_changes")
    if is_postgres():
        op.drop_constraint(op.f(FOREIGN), "roster_imports", type_="foreignkey")
        for name in CHECKS:
            op.drop_constraint(op.f(name), "roster_imports", type_="check")
    else:
        rules = "".join(f", CONSTRAINT {name} CHECK ({rule})" for name, rule in CHECKS.items())
        foreign = f", CONSTRAINT {FOREIGN} FOREIGN KEY(undone_by_id) REFERENCES users (id)"
        make_anew("roster_imports", (rules + foreign, ""))
    for column in reversed(NEW):
        op.drop_column("roster_imports", column.name)
