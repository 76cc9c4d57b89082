"""the monitoring register is whole: states of a visit, reports over visits, recommendations from outside"""

import sqlalchemy as sa
from alembic import op

from core.db import never_again_in, never_joined_in
from migrations.remaking import is_postgres, make_anew

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = "'draft', 'handed_in', 'returned', 'approved'"
FIRST = "\n\tid INTEGER NOT NULL"
VISIT_COLUMNS = (
    "\n\tstate VARCHAR(32) NOT NULL, \n\tannouncement VARCHAR(32), \n\thanded_in_at DATETIME, \n\treturn_note_sealed BLOB,"
    + FIRST
)
VISIT_RULES = {
    "ck_visits_visitstate": f"CHECK (state IN ({STATES}))",
    "ck_visits_announcement": "CHECK (announcement IN ('announced', 'unannounced'))",
    "ck_visits_approved_at_a_moment": "CHECK ((approved_at IS NULL) = (state <> 'approved'))",
    "ck_visits_approved_by_somebody_else": "CHECK (approved_by_id <> user_id)",
    "ck_visits_handed_in_whole": "CHECK (state = 'draft' OR (organisation_id IS NOT NULL AND monitor_count IS NOT NULL "
    "AND handed_in_at IS NOT NULL))",
    "uq_visits_id_state": "UNIQUE (id, state)",
}
VISIT_UID = "CONSTRAINT uq_visits_uid UNIQUE (uid)"
STATE_OF_OLD = "CASE WHEN approved_at IS NULL THEN 'handed_in' ELSE 'approved' END"
ASKED_COLUMNS = "\n\tsource_id INTEGER, \n\treference VARCHAR(60), \n\trecommended_by VARCHAR(200)," + FIRST
ASKED_RULES = {
    "ck_recommendations_of_a_report_or_a_source": "CHECK ((report_id IS NULL) <> (source_id IS NULL))",
    "fk_recommendations_source_id_recommendation_sources": "FOREIGN KEY(source_id) REFERENCES recommendation_sources (id)",
    "uq_recommendations_source_id_number": "UNIQUE (source_id, number)",
    "uq_recommendations_source_id_reference": "UNIQUE (source_id, reference)",
}
ASKED_UID = "CONSTRAINT uq_recommendations_uid UNIQUE (uid)"
PUBLISHED = "EXISTS (SELECT 1 FROM reports WHERE reports.id = {}.report_id AND reports.published_on IS NOT NULL)"
FINAL = {
    "visits": (
        "police_unit_id, visited_on, state, announcement, organisation_id, monitor_count, findings, user_id, recorded_at, "
        "handed_in_at, approved_at, approved_on, approved_by_id, is_complete",
        "OLD.approved_at IS NOT NULL",
    ),
    "reports": ("programme_id, title, summary, published_on", "OLD.published_on IS NOT NULL"),
    "recommendations": (
        "report_id, source_id, number, reference, recommended_by, addressee, text, theme, standard, due_on",
        PUBLISHED.format("OLD"),
    ),
}
AXES = ("responses", "assessments")


def upgrade():
    dialect = "postgresql" if is_postgres() else "sqlite"
    op.create_table(
        "recommendation_sources",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=100), nullable=False),
        sa.Column("cycle", sa.String(length=100), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_recommendation_sources_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_sources")),
        sa.UniqueConstraint("programme_id", "body", "cycle", name=op.f("uq_recommendation_sources_programme_id_body_cycle")),
        sa.UniqueConstraint("uid", name=op.f("uq_recommendation_sources_uid")),
    )
    op.add_column("reports", sa.Column("summary", sa.JSON(none_as_null=True), nullable=True))
    for table in AXES:
        op.add_column(table, sa.Column("evidence", sa.String(length=200), nullable=True))
        op.add_column(table, sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
    (_change_in_postgres if is_postgres() else _make_anew_in_sqlite)()
    op.create_table(
        "report_visits",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("visit_state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("visit_state = 'approved'", name=op.f("ck_report_visits_visit_approved")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_report_visits_report_id_reports")),
        sa.ForeignKeyConstraint(["visit_id", "visit_state"], ["visits.id", "visits.state"], name="fk_report_visits_visits"),
        sa.PrimaryKeyConstraint("report_id", "visit_id", name=op.f("pk_report_visits")),
    )
    op.create_index(op.f("ix_report_visits_visit_id"), "report_visits", ["visit_id"])
    for table, (columns, when) in FINAL.items():
        for statement in never_again_in(dialect, table, columns, when):
            op.execute(statement)
    for table in ("recommendations", "report_visits"):
        for statement in never_joined_in(dialect, table, PUBLISHED):
            op.execute(statement)


def _rules(rules, fixed):
    return ", \n\t".join([*(f"CONSTRAINT {name} {rule}" for name, rule in rules.items()), fixed])


def _make_anew_in_sqlite():
    make_anew(
        "visits",
        ("organisation_id INTEGER NOT NULL", "organisation_id INTEGER"),
        ("monitor_count INTEGER NOT NULL", "monitor_count INTEGER"),
        (FIRST, VISIT_COLUMNS),
        (VISIT_UID, _rules(VISIT_RULES, VISIT_UID)),
        # Until now a visit was written down at once, as what is handed in is now.
        values={"state": STATE_OF_OLD, "announcement": "NULL", "handed_in_at": "recorded_at", "return_note_sealed": "NULL"},
    )
    make_anew(
        "recommendations",
        ("report_id INTEGER NOT NULL", "report_id INTEGER"),
        (FIRST, ASKED_COLUMNS),
        (ASKED_UID, _rules(ASKED_RULES, ASKED_UID)),
        values={"source_id": "NULL", "reference": "NULL", "recommended_by": "NULL"},
    )


def _change_in_postgres():
    op.execute(
        "ALTER TABLE visits ALTER organisation_id DROP NOT NULL, ALTER monitor_count DROP NOT NULL, "
        "ADD state VARCHAR(32), ADD announcement VARCHAR(32), ADD handed_in_at TIMESTAMP WITH TIME ZONE, "
        "ADD return_note_sealed BYTEA"
    )
    op.execute(f"UPDATE visits SET state = {STATE_OF_OLD}, handed_in_at = recorded_at")  # noqa: S608
    op.execute("ALTER TABLE visits ALTER state SET NOT NULL")
    op.execute(
        "ALTER TABLE recommendations ALTER report_id DROP NOT NULL, ADD source_id INTEGER, "
        "ADD reference VARCHAR(60), ADD recommended_by VARCHAR(200)"
    )
    for table, rules in (("visits", VISIT_RULES), ("recommendations", ASKED_RULES)):
        for name, rule in rules.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


def downgrade():
    for table in FINAL:
        _drop_trigger(f"{table}_are_final", table)
    for word in ("joined", "left"):
        for table in ("recommendations", "report_visits"):
            _drop_trigger(f"{table}_are_not_{word}", table)
    op.drop_table("report_visits")
    # Drafts that say not yet who went, and what came from outside, have no place in the register as it was.
    op.execute("DELETE FROM visits WHERE organisation_id IS NULL OR monitor_count IS NULL")
    for table in AXES:
        op.execute(
            f"DELETE FROM {table} WHERE recommendation_id IN (SELECT id FROM recommendations WHERE report_id IS NULL)"  # noqa: S608
        )
        op.drop_column(table, "evidence")
        op.drop_column(table, "noted_at")
    op.execute("DELETE FROM recommendations WHERE report_id IS NULL")
    if is_postgres():
        _change_back_in_postgres()
    else:
        _make_back_in_sqlite()
    op.drop_column("reports", "summary")
    op.drop_table("recommendation_sources")


def _drop_trigger(name, table):
    op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres() else ""))
    if is_postgres():
        op.execute(f"DROP FUNCTION {name}")


def _make_back_in_sqlite():
    make_anew(
        "visits",
        ("organisation_id INTEGER,", "organisation_id INTEGER NOT NULL,"),
        ("monitor_count INTEGER,", "monitor_count INTEGER NOT NULL,"),
        (VISIT_COLUMNS, FIRST),
        (_rules(VISIT_RULES, VISIT_UID), VISIT_UID),
        but=("state", "announcement", "handed_in_at", "return_note_sealed"),
    )
    make_anew(
        "recommendations",
        ("report_id INTEGER,", "report_id INTEGER NOT NULL,"),
        (ASKED_COLUMNS, FIRST),
        (_rules(ASKED_RULES, ASKED_UID), ASKED_UID),
        but=("source_id", "reference", "recommended_by"),
    )


def _change_back_in_postgres():
    for table, rules in (("visits", VISIT_RULES), ("recommendations", ASKED_RULES)):
        for name in rules:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(
        "ALTER TABLE visits ALTER organisation_id SET NOT NULL, ALTER monitor_count SET NOT NULL, DROP state, "
        "DROP announcement, DROP handed_in_at, DROP return_note_sealed"
    )
    op.execute(
        "ALTER TABLE recommendations ALTER report_id SET NOT NULL, DROP source_id, DROP reference, DROP recommended_by"
    )
