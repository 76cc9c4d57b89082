"""certificates: the rule, who qualified at the closing, what was issued, papers drawn in the background"""

import sqlalchemy as sa
from alembic import op

from migrations.remaking import is_postgres

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SETTLED = ("certificate_settlements", "qualifications")
FINAL = (
    "code, registration_id, event_id, number, language, second_language, issued_on, is_exception, revoked_at, "
    "revoked_by_id, revocation"
)
REVOKED = "OLD.revoked_at IS NOT NULL"


def upgrade():
    op.create_table(
        "certificate_printings",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint("drawn BETWEEN 0 AND total", name=op.f("ck_certificate_printings_drawn_of_total")),
        sa.CheckConstraint(
            "finished_at IS NULL OR drawn = total", name=op.f("ck_certificate_printings_finished_is_all")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_certificate_printings_asked_by_id_users")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_certificate_printings_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_printings")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_printings_uid")),
    )
    op.create_index(
        "uq_certificate_printings_under_way",
        "certificate_printings",
        ["event_id"],
        unique=True,
        **_where("finished_at IS NULL"),
    )
    op.create_table(
        "certificate_rules",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("needs_post_test", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("second_language", sa.String(length=2), nullable=True),
        sa.Column("names_partners", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("signers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR (title IS NULL AND hours IS NULL)",
            name=op.f("ck_certificate_rules_title_and_hours_of_an_event"),
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_certificate_rules_hours_are_positive")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_certificate_rules_percent_is_a_share")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_certificate_rules_event_id_events")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_certificate_rules_programme_id_programmes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_rules")),
        sa.UniqueConstraint("event_id", name=op.f("uq_certificate_rules_event_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_rules_uid")),
    )
    op.create_index(
        "uq_certificate_rules_of_a_programme",
        "certificate_rules",
        ["programme_id"],
        unique=True,
        **_where("event_id IS NULL"),
    )
    op.create_table(
        "certificate_settlements",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("needs_post_test", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_certificate_settlements_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_certificate_settlements")),
    )
    op.create_table(
        "certificates",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("second_language", sa.String(length=2), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("is_exception", sa.Boolean(), nullable=False),
        sa.Column("exception_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "revocation",
            sa.Enum("reissued", "withdrawn", name="revocation", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("revocation_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revocation IS NULL) AND (revoked_at IS NULL) = (revoked_by_id IS NULL)",
            name=op.f("ck_certificates_revoked_by_somebody"),
        ),
        sa.CheckConstraint(
            "is_exception OR exception_reason_sealed IS NULL", name=op.f("ck_certificates_a_reason_is_of_an_exception")
        ),
        sa.CheckConstraint("language <> second_language", name=op.f("ck_certificates_languages_differ")),
        sa.CheckConstraint("length(code) = 16", name=op.f("ck_certificates_code_has_16_characters")),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificates_numbers_from_one")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_certificates_event_id_events")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_certificates_issued_by_id_users")),
        sa.ForeignKeyConstraint(
            ["registration_id", "event_id"],
            ["registrations.id", "registrations.event_id"],
            name=op.f("fk_certificates_registration_id_event_id_registrations"),
        ),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["users.id"], name=op.f("fk_certificates_revoked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("registration_id", "number", name=op.f("uq_certificates_registration_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificates_uid")),
    )
    op.create_index(op.f("ix_certificates_event_id"), "certificates", ["event_id"], unique=False)
    op.create_index(
        "uq_certificates_registration_id_valid",
        "certificates",
        ["registration_id"],
        unique=True,
        **_where("revoked_at IS NULL"),
    )
    op.create_table(
        "qualifications",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["certificate_settlements.event_id"],
            name=op.f("fk_qualifications_event_id_certificate_settlements"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "event_id"],
            ["registrations.id", "registrations.event_id"],
            name=op.f("fk_qualifications_registration_id_event_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_qualifications")),
    )
    op.create_index(op.f("ix_qualifications_event_id"), "qualifications", ["event_id"], unique=False)
    _guard()


def _where(rule):
    return {"sqlite_where": sa.text(rule), "postgresql_where": sa.text(rule)}


def _guard():
    """What was settled is never rewritten; a certificate that was revoked stays so."""
    for table in SETTLED:
        if is_postgres():
            change = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        else:
            change = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE ON {table} {change}")
    if is_postgres():
        op.execute(
            "CREATE OR REPLACE FUNCTION certificates_are_final() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {REVOKED} THEN RAISE EXCEPTION 'certificates are final'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER certificates_are_final BEFORE UPDATE OF {FINAL} ON certificates "
            "FOR EACH ROW EXECUTE FUNCTION certificates_are_final()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER certificates_are_final BEFORE UPDATE OF {FINAL} ON certificates WHEN {REVOKED} "
            "BEGIN SELECT RAISE(ABORT, 'certificates are final'); END"
        )


def downgrade():
    for table in (
        "qualifications",
        "certificates",
        "certificate_settlements",
        "certificate_rules",
        "certificate_printings",
    ):
        op.drop_table(table)
    if is_postgres():
        op.execute("DROP FUNCTION certificates_are_final")
