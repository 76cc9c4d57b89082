"""materials have versions, an audience and counts of use; every line of the ledger carries its sums"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres, make_anew

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDIENCE = (
    "audience VARCHAR(32) DEFAULT 'registered' NOT NULL "
    "CONSTRAINT ck_materials_audience CHECK (audience IN ('public', 'registered', 'staff'))"
)
FILES = [
    "number INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_material_files_versions_from_one CHECK (number > 0)",
    "is_current BOOLEAN DEFAULT true NOT NULL",
    "kind VARCHAR(32) DEFAULT 'pdf' NOT NULL "
    "CONSTRAINT ck_material_files_filekind CHECK (kind IN ('pdf', 'jpeg', 'png'))",
    "user_id INTEGER CONSTRAINT fk_material_files_user_id_users REFERENCES users (id)",
]
ONE_FILE = "CONSTRAINT uq_material_files_material_id_language UNIQUE (material_id, language)"
ONE_VERSION = "CONSTRAINT uq_material_files_material_id_language_number UNIQUE (material_id, language, number)"

SUMS = ("printed_before", "handed_out_before", "printed_after", "handed_out_after")
LEDGER = {
    "batch": "VARCHAR(80)",
    "place": "VARCHAR(32)",
    "corrects_id": "INTEGER",
    "line": "INTEGER NOT NULL",
    "line_above": "INTEGER",
    **dict.fromkeys(SUMS, "INTEGER NOT NULL"),
}
PLACES = "'police_unit', 'court', 'lawyers', 'civil_society', 'library', 'by_post', 'elsewhere'"
RULES = {
    "uq_copies_entries_material_id_line": "UNIQUE (material_id, line)",
    "uq_copies_entries_sums": "UNIQUE (material_id, line, printed_after, handed_out_after)",
    "fk_copies_entries_sums": "FOREIGN KEY (material_id, line_above, printed_before, handed_out_before) "
    "REFERENCES copies_entries (material_id, line, printed_after, handed_out_after)",
    "fk_copies_entries_corrects_id_copies_entries": "FOREIGN KEY (corrects_id) REFERENCES copies_entries (id)",
    "ck_copies_entries_line_by_line": "CHECK ((line = 1 AND line_above IS NULL AND printed_before = 0 "
    "AND handed_out_before = 0) OR (line > 1 AND line_above IS NOT NULL AND line_above = line - 1))",
    "ck_copies_entries_sums_add_up": "CHECK (printed_after = printed_before "
    "+ CASE WHEN kind = 'printed' THEN number ELSE 0 END AND handed_out_after = handed_out_before "
    "+ CASE WHEN kind = 'handed_out' THEN number ELSE 0 END)",
    "ck_copies_entries_nothing_below_zero": "CHECK (handed_out_after BETWEEN 0 AND printed_after)",
    "ck_copies_entries_corrected_for_a_reason": "CHECK (number > 0 OR note IS NOT NULL)",
    "ck_copies_entries_corrections_take_away": "CHECK (corrects_id IS NULL OR number < 0)",
    "ck_copies_entries_batches_are_printed": "CHECK ((kind = 'printed') = (batch IS NOT NULL))",
    "ck_copies_entries_handed_out_somewhere": "CHECK ((kind = 'printed' AND event_id IS NULL AND place IS NULL) "
    "OR (kind = 'handed_out' AND (event_id IS NULL) <> (place IS NULL)))",
    "ck_copies_entries_placekind": f"CHECK (place IN ({PLACES}))",
}
# What the lines that are there say in the new words: they stand in the order in which they were written.
OF_MATERIAL = "OVER (PARTITION BY material_id ORDER BY id)"
LINE = f"ROW_NUMBER() {OF_MATERIAL}"


def total(kind):
    return f"SUM(CASE WHEN kind = '{kind}' THEN number ELSE 0 END) {OF_MATERIAL}"


def own(kind):
    return f"CASE WHEN kind = '{kind}' THEN number ELSE 0 END"


BATCH = "CASE WHEN kind = 'printed' THEN COALESCE(SUBSTR(note, 1, 80), CAST(on_day AS VARCHAR(10))) END"
VALUES = {
    "batch": BATCH,
    "place": "CASE WHEN kind = 'handed_out' AND event_id IS NULL THEN 'elsewhere' END",
    "event_id": "CASE WHEN kind = 'handed_out' THEN event_id END",
    "note": "CASE WHEN number < 0 THEN COALESCE(note, '—') ELSE note END",
    "line": LINE,
    "line_above": f"NULLIF({LINE} - 1, 0)",
    "printed_before": f"{total('printed')} - {own('printed')}",
    "handed_out_before": f"{total('handed_out')} - {own('handed_out')}",
    "printed_after": total("printed"),
    "handed_out_after": total("handed_out"),
}
FIRST = "\n\tid INTEGER NOT NULL"
LAST = "CONSTRAINT uq_copies_entries_uid UNIQUE (uid)"
TRIGGER = "copies_entries_are_append_only"


def upgrade():
    op.execute(f"ALTER TABLE materials ADD COLUMN {AUDIENCE}")
    for column in FILES:
        op.execute(f"ALTER TABLE material_files ADD COLUMN {column}")
    if is_postgres():
        op.drop_constraint(op.f("uq_material_files_material_id_language"), "material_files")
        op.execute(f"ALTER TABLE material_files ADD {ONE_VERSION}")
        _write_sums()
    else:
        make_anew("material_files", (ONE_FILE, ONE_VERSION))
        columns = "".join(f"\n\t{name} {kind}," for name, kind in LEDGER.items())
        rules = "".join(f", \n\tCONSTRAINT {name} {rule}" for name, rule in RULES.items())
        make_anew("copies_entries", (FIRST, columns + FIRST), (LAST, LAST + rules), values=VALUES)
    rule = sa.text("is_current")
    op.create_index(
        "uq_material_files_current",
        "material_files",
        ["material_id", "language"],
        unique=True,
        sqlite_where=rule,
        postgresql_where=rule,
    )
    op.create_table(
        "file_uses",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "what",
            sa.Enum("opened", "saved", name="use", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_file_uses_some_uses")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["material_files.id"], name=op.f("fk_file_uses_file_id_material_files")
        ),
        sa.PrimaryKeyConstraint("file_id", "on_day", "what", name=op.f("pk_file_uses")),
    )


def _write_sums():
    op.execute(f"ALTER TABLE copies_entries DISABLE TRIGGER {TRIGGER}")
    for name, kind in LEDGER.items():
        op.execute(f"ALTER TABLE copies_entries ADD COLUMN {name} {kind.removesuffix(' NOT NULL')}")
    found = ", ".join(f"{value} AS {name}" for name, value in VALUES.items())
    changes = ", ".join(f"{name} = found.{name}" for name in VALUES)
    op.execute(
        f"UPDATE copies_entries SET {changes} FROM (SELECT id, {found} FROM copies_entries) AS found "
        "WHERE copies_entries.id = found.id"
    )
    op.execute(f"ALTER TABLE copies_entries ENABLE TRIGGER {TRIGGER}")
    for name, kind in LEDGER.items():
        if kind.endswith("NOT NULL"):
            op.alter_column("copies_entries", name, nullable=False)
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE copies_entries ADD CONSTRAINT {name} {rule}")


def downgrade():
    # What only the newer form can say goes: older versions and what was taken back, counts of use.
    op.drop_table("file_uses")
    op.drop_index("uq_material_files_current", "material_files")
    op.execute("DELETE FROM material_files WHERE NOT is_current")
    if is_postgres():
        op.drop_constraint(op.f("uq_material_files_material_id_language_number"), "material_files")
        op.execute(f"ALTER TABLE material_files ADD {ONE_FILE}")
        for name in reversed(RULES):
            op.execute(f"ALTER TABLE copies_entries DROP CONSTRAINT {name}")
        for name in LEDGER:
            op.execute(f"ALTER TABLE copies_entries DROP COLUMN {name}")
        for column in FILES:
            op.execute(f"ALTER TABLE material_files DROP COLUMN {column.split()[0]}")
    else:
        make_anew(
            "material_files",
            *((f", {column}", "") for column in FILES),
            (ONE_VERSION, ONE_FILE),
            but=[column.split()[0] for column in FILES],
        )
        columns = "".join(f"\n\t{name} {kind}," for name, kind in LEDGER.items())
        rules = "".join(f", \n\tCONSTRAINT {name} {rule}" for name, rule in RULES.items())
        make_anew("copies_entries", (columns, ""), (rules, ""), but=list(LEDGER))
    op.execute("ALTER TABLE materials DROP COLUMN audience")
