"""one person, one record: merges, pairs told apart, names of organisations, their contacts, substitutions, consent"""

import sqlalchemy as sa
from alembic import op

from core.db import never_again_in, refused_when_in
from migrations.remaking import is_postgres, make_anew

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMN = (
    "merged_into_id INTEGER CONSTRAINT ck_participants_merged_into_another CHECK (merged_into_id <> id) "
    "CONSTRAINT fk_participants_merged_into_id_participants REFERENCES participants (id)"
)
NO_PLACE = "EXISTS (SELECT 1 FROM participants WHERE id = NEW.participant_id AND merged_into_id IS NOT NULL)"
NO_PLACE_WHEN = {"no_place_for_merged": "INSERT", "no_place_moves_to_merged": "UPDATE OF participant_id"}
FINAL = {
    "consent_texts": ("programme_id, version, text, published_at", "OLD.id IS NOT NULL"),
    "consents": ("text_id, given_at, withdrawn_at", "OLD.withdrawn_at IS NOT NULL"),
}


def upgrade():
    op.execute(f"ALTER TABLE participants ADD COLUMN {COLUMN}")
    op.create_index(op.f("ix_participants_merged_into_id"), "participants", ["merged_into_id"])
    _table(
        "merges",
        _row("kept_id", "participants"),
        _row("merged_id", "participants"),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        _instant("merged_at"),
        _row("merged_by_id", "users"),
        _instant("undone_at", nullable=True),
        _row("undone_by_id", "users", nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_merges_two_records")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_merges_undone_by_somebody")
        ),
    )
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"])
    _once("uq_merges_merged_id_in_force", "merges", ["merged_id"], "undone_at IS NULL")
    op.create_table(
        "two_people",
        _row("first_id", "participants"),
        _row("second_id", "participants"),
        _row("said_by_id", "users"),
        _instant("said_at"),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_two_people_in_order")),
        *_keys("two_people", {"first_id": "participants", "second_id": "participants", "said_by_id": "users"}),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_two_people")),
    )
    op.create_table(
        "organisation_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        _row("programme_id", "programmes"),
        _row("organisation_id", "organisations"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        *_keys("organisation_aliases", {"programme_id": "programmes", "organisation_id": "organisations"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_aliases")),
        sa.UniqueConstraint("programme_id", "name_key", name=op.f("uq_organisation_aliases_programme_id_name_key")),
    )
    op.create_index(op.f("ix_organisation_aliases_organisation_id"), "organisation_aliases", ["organisation_id"])
    _table(
        "organisation_contacts",
        _row("organisation_id", "organisations"),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        _row("created_by_id", "users"),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        sa.UniqueConstraint("token_digest", name=op.f("uq_organisation_contacts_token_digest")),
    )
    op.create_index(op.f("ix_organisation_contacts_organisation_id"), "organisation_contacts", ["organisation_id"])
    _table(
        "substitutions",
        _row("given_up_id", "registrations"),
        _row("taken_id", "registrations"),
        _row("made_by_id", "users"),
        _instant("made_at"),
        sa.CheckConstraint("given_up_id <> taken_id", name=op.f("ck_substitutions_two_places")),
    )
    for column in ("given_up_id", "taken_id"):
        op.create_index(op.f(f"ix_substitutions_{column}"), "substitutions", [column])
    _table(
        "consent_texts",
        _row("programme_id", "programmes"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        _row("published_by_id", "users", nullable=True),
        _instant("published_at"),
        sa.CheckConstraint("version > 0", name=op.f("ck_consent_texts_from_one")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_consent_texts_programme_id_version")),
    )
    _table(
        "consents",
        _row("participant_id", "participants"),
        _row("text_id", "consent_texts"),
        _instant("given_at"),
        _instant("withdrawn_at", nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_consents_given_first")
        ),
    )
    op.create_index(op.f("ix_consents_participant_id"), "consents", ["participant_id"])
    _once("uq_consents_in_force", "consents", ["participant_id", "text_id"], "withdrawn_at IS NULL")
    dialect = "postgresql" if is_postgres() else "sqlite"
    for table, (columns, when) in FINAL.items():
        for statement in never_again_in(dialect, table, columns, when):
            op.execute(statement)
    for name, moment in NO_PLACE_WHEN.items():
        for statement in refused_when_in(dialect, "registrations", name, moment, NO_PLACE):
            op.execute(statement)


def downgrade():
    for name in NO_PLACE_WHEN:
        op.execute(f"DROP TRIGGER {name}" + (" ON registrations" if is_postgres() else ""))
        if is_postgres():
            op.execute(f"DROP FUNCTION {name}()")
    for table in (
        "consents",
        "consent_texts",
        "substitutions",
        "organisation_contacts",
        "organisation_aliases",
        "two_people",
        "merges",
    ):
        op.drop_table(table)
        if is_postgres() and table in FINAL:
            op.execute(f"DROP FUNCTION {table}_are_final()")
    op.drop_index(op.f("ix_participants_merged_into_id"), "participants")
    if is_postgres():
        op.drop_column("participants", "merged_into_id")
    else:
        make_anew("participants", (f", {COLUMN}", ""), but=("merged_into_id",))


def _row(name, table, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable, info={"of": table})


def _instant(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _keys(table, columns):
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _table(name, *parts):
    """A table with an id and a uid, and a foreign key for each _row()."""
    columns = {part.name: part.info["of"] for part in parts if isinstance(part, sa.Column) and "of" in part.info}
    op.create_table(
        name,
        *parts,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        *_keys(name, columns),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{name}_uid")),
    )


def _once(name, table, columns, when):
    where = {"sqlite_where": sa.text(when), "postgresql_where": sa.text(when)}
    op.create_index(name, table, columns, unique=True, **where)
