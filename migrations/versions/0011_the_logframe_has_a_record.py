"""the logframe has a record: judged assumptions, changes, adjustments, evidence, narratives, replaced targets"""

import json
import secrets

import sqlalchemy as sa
from alembic import op

from core.db import never_again_in
from migrations.remaking import is_postgres, make_anew

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("assumption_judgements", "logframe_changes", "narratives")
FINAL = "indicator_id, title, on_day, kind, digest, size, user_id, added_at, removed_at, removed_by_id"
CHANGED = (
    "OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.indicator_id <> OLD.indicator_id"
    " OR NEW.title <> OLD.title OR NEW.on_day <> OLD.on_day OR NEW.kind <> OLD.kind OR NEW.digest <> OLD.digest"
    " OR NEW.size <> OLD.size OR NEW.added_at <> OLD.added_at"
)
ONE_OF_TWO = "(value IS NULL) <> (text IS NULL)"
ONE_OF_THREE = (
    "CASE WHEN value IS NULL THEN 0 ELSE 1 END + CASE WHEN text IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN absence IS NULL THEN 0 ELSE 1 END = 1"
)
INDICATOR_CHECKS = {
    "source_fits_its_metric": "(value_source = 'entered') = (metric IS NULL)",
    "only_counts_are_adjusted": (
        "value_source <> 'computed_adjusted' OR (measure = 'unit' AND accumulation IN ('sum', 'distinct'))"
    ),
    "retired_for_a_reason": "(retired_at IS NULL) = (retired_because IS NULL)",
    "valuesource": "value_source IN ('computed', 'entered', 'computed_adjusted')",
}
FIRST_OF_A_PERIOD = "replaces_id IS NULL AND period_id IS NOT NULL"
FIRST_OF_ALL = "replaces_id IS NULL AND period_id IS NULL"
EARLIER = (
    "(SELECT max(o.id) FROM targets o WHERE o.indicator_id = targets.indicator_id"
    " AND o.period_id = targets.period_id AND o.id < targets.id)"
)
WHY = f"CASE WHEN {EARLIER} IS NOT NULL AND reason IS NULL THEN 'not written down' ELSE reason END"
TARGET_CHECKS = {
    "replaced_for_a_reason": "replaces_id IS NULL OR reason IS NOT NULL",
    "a_number_or_a_text": ONE_OF_TWO,
}


def upgrade():
    _make_tables()
    for table in APPEND_ONLY:
        _let_be_append_only(table)
    for statement in never_again_in("postgresql" if is_postgres() else "sqlite", "evidence_files", FINAL, CHANGED):
        op.execute(statement)
    if is_postgres():
        _extend_on_postgres()
    else:
        _extend_on_sqlite()
    # The adjustments refer to what the indicators have only now.
    _make_adjustments()
    _let_be_append_only("adjustments")
    _move_assumptions()


def downgrade():
    _move_assumptions_back()
    op.drop_table("adjustments")
    if is_postgres():
        _shrink_on_postgres()
    else:
        _shrink_on_sqlite()
    for table in ("narratives", "logframe_changes", "evidence_files", "assumption_judgements", "assumptions"):
        op.drop_table(table)
    if is_postgres():
        op.execute("DROP FUNCTION evidence_files_are_final")


def _let_be_append_only(table):
    if is_postgres():
        op.execute(
            f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _words(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _texts():
    return sa.JSON(none_as_null=True)


def _moment():
    return sa.DateTime(timezone=True)


def _of(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _make(table, *parts, uid=True):
    identity = [sa.Column("id", sa.Integer(), nullable=False)]
    keys = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    if uid:
        identity.append(sa.Column("uid", sa.String(length=16), nullable=False))
        keys.append(sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")))
    op.create_table(table, *parts, *identity, *keys)


def _make_tables():
    _make(
        "assumptions",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", _texts(), nullable=False),
        sa.Column("dropped_at", _moment(), nullable=True),
        _of("assumptions", "result_id", "results"),
        sa.UniqueConstraint("result_id", "position", name=op.f("uq_assumptions_result_id_position")),
    )
    _make(
        "assumption_judgements",
        sa.Column("assumption_id", sa.Integer(), nullable=False),
        sa.Column("state", _words("assumptionstate", "holds", "at_risk", "broken"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", _moment(), nullable=False),
        _of("assumption_judgements", "assumption_id", "assumptions"),
        _of("assumption_judgements", "user_id", "users"),
        uid=False,
    )
    op.create_index(op.f("ix_assumption_judgements_assumption_id"), "assumption_judgements", ["assumption_id"])
    _make(
        "evidence_files",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("kind", _words("filekind", "pdf", "jpeg", "png"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("added_at", _moment(), nullable=False),
        sa.Column("removed_at", _moment(), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_files_not_empty")),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_evidence_files_removed_by_somebody")
        ),
        _of("evidence_files", "indicator_id", "indicators"),
        _of("evidence_files", "removed_by_id", "users"),
        _of("evidence_files", "user_id", "users"),
    )
    op.create_index(op.f("ix_evidence_files_indicator_id"), "evidence_files", ["indicator_id"])
    _make(
        "logframe_changes",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=True),
        sa.Column("subject", _words("subject", "result", "assumption", "indicator", "target"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", _texts(), nullable=True),
        sa.Column("after", _texts(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", _moment(), nullable=False),
        _of("logframe_changes", "indicator_id", "indicators"),
        _of("logframe_changes", "programme_id", "programmes"),
        _of("logframe_changes", "user_id", "users"),
        uid=False,
    )
    op.create_index(op.f("ix_logframe_changes_indicator_id"), "logframe_changes", ["indicator_id"])
    op.create_index("ix_logframe_changes_programme_id_id", "logframe_changes", ["programme_id", "id"])
    _make(
        "narratives",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("text", _texts(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("written_at", _moment(), nullable=False),
        _of("narratives", "indicator_id", "indicators"),
        _of("narratives", "period_id", "periods"),
        _of("narratives", "user_id", "users"),
    )
    op.create_index("ix_narratives_indicator_id_period_id", "narratives", ["indicator_id", "period_id"])


def _make_adjustments():
    _make(
        "adjustments",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("value_source", sa.String(length=32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", _moment(), nullable=False),
        sa.CheckConstraint("value_source = 'computed_adjusted'", name=op.f("ck_adjustments_where_it_is_allowed")),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_adjustments_changes_something")),
        sa.ForeignKeyConstraint(
            ["indicator_id", "value_source"],
            ["indicators.id", "indicators.value_source"],
            name="fk_adjustments_of_an_adjusted_indicator",
        ),
        _of("adjustments", "user_id", "users"),
    )
    op.create_index(op.f("ix_adjustments_indicator_id"), "adjustments", ["indicator_id"])


def _extend_on_postgres():
    op.add_column("entered_values", sa.Column("absence", sa.String(length=32), nullable=True))
    op.drop_constraint(op.f("ck_entered_values_a_number_or_a_text"), "entered_values")
    op.create_check_constraint(op.f("ck_entered_values_a_number_a_text_or_none"), "entered_values", ONE_OF_THREE)
    absences = "absence IN ('not_recorded', 'not_applicable')"
    op.create_check_constraint(op.f("ck_entered_values_absence"), "entered_values", absences)
    op.add_column("indicators", sa.Column("value_source", sa.String(length=32), nullable=True))
    op.add_column("indicators", sa.Column("frequency", _texts(), nullable=True))
    op.add_column("indicators", sa.Column("retired_at", _moment(), nullable=True))
    op.add_column("indicators", sa.Column("retired_because", sa.String(length=500), nullable=True))
    op.execute("UPDATE indicators SET value_source = CASE WHEN metric IS NULL THEN 'entered' ELSE 'computed' END")
    op.alter_column("indicators", "value_source", nullable=False)
    op.create_unique_constraint(op.f("uq_indicators_id_value_source"), "indicators", ["id", "value_source"])
    for name, rule in INDICATOR_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_indicators_{name}"), "indicators", rule)
    op.alter_column("targets", "period_id", nullable=True)
    op.add_column("targets", sa.Column("replaces_id", sa.Integer(), nullable=True))
    op.add_column("targets", sa.Column("user_id", sa.Integer(), nullable=True))
    op.execute("ALTER TABLE targets DISABLE TRIGGER targets_are_append_only")
    op.execute(f"UPDATE targets SET replaces_id = {EARLIER}, reason = {WHY}")
    op.execute("ALTER TABLE targets ENABLE TRIGGER targets_are_append_only")
    own_kind = ["id", "indicator_id", "period_id"]
    op.create_unique_constraint(op.f("uq_targets_id_indicator_id_period_id"), "targets", own_kind)
    op.create_unique_constraint(op.f("uq_targets_replaces_id"), "targets", ["replaces_id"])
    op.create_foreign_key(op.f("fk_targets_user_id_users"), "targets", "users", ["user_id"], ["id"])
    op.create_foreign_key(op.f("fk_targets_replaces_id_targets"), "targets", "targets", ["replaces_id"], ["id"])
    replaced = ["replaces_id", "indicator_id", "period_id"]
    op.create_foreign_key("fk_targets_replaces_its_own_kind", "targets", "targets", replaced, own_kind)
    for name, rule in TARGET_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_targets_{name}"), "targets", rule)
    _index_targets()


def _extend_on_sqlite():
    make_anew(
        "entered_values",
        (
            "CONSTRAINT pk_entered_values",
            "absence VARCHAR(32), CONSTRAINT ck_entered_values_absence"
            " CHECK (absence IN ('not_recorded', 'not_applicable')), CONSTRAINT pk_entered_values",
        ),
        (
            f"ck_entered_values_a_number_or_a_text CHECK ({ONE_OF_TWO})",
            f"ck_entered_values_a_number_a_text_or_none CHECK ({ONE_OF_THREE})",
        ),
    )
    checks = ", ".join(f"CONSTRAINT ck_indicators_{name} CHECK ({rule})" for name, rule in INDICATOR_CHECKS.items())
    make_anew(
        "indicators",
        (
            "CONSTRAINT pk_indicators",
            "value_source VARCHAR(32) NOT NULL, frequency JSON, retired_at DATETIME, retired_because VARCHAR(500), "
            f"{checks}, CONSTRAINT uq_indicators_id_value_source UNIQUE (id, value_source), CONSTRAINT pk_indicators",
        ),
        values={"value_source": "CASE WHEN metric IS NULL THEN 'entered' ELSE 'computed' END"},
    )
    checks = ", ".join(f"CONSTRAINT ck_targets_{name} CHECK ({rule})" for name, rule in TARGET_CHECKS.items())
    make_anew(
        "targets",
        ("period_id INTEGER NOT NULL", "period_id INTEGER"),
        (
            "CONSTRAINT pk_targets",
            f"replaces_id INTEGER, user_id INTEGER, {checks}, "
            "CONSTRAINT uq_targets_id_indicator_id_period_id UNIQUE (id, indicator_id, period_id), "
            "CONSTRAINT uq_targets_replaces_id UNIQUE (replaces_id), "
            "CONSTRAINT fk_targets_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), "
            "CONSTRAINT fk_targets_replaces_id_targets FOREIGN KEY(replaces_id) REFERENCES targets (id), "
            "CONSTRAINT fk_targets_replaces_its_own_kind FOREIGN KEY(replaces_id, indicator_id, period_id)"
            " REFERENCES targets (id, indicator_id, period_id), CONSTRAINT pk_targets",
        ),
        values={"replaces_id": EARLIER, "reason": WHY},
    )
    _index_targets()


def _index_targets():
    for name, columns, where in (
        ("uq_targets_first_of_a_period", ["indicator_id", "period_id"], FIRST_OF_A_PERIOD),
        ("uq_targets_first_of_all", ["indicator_id"], FIRST_OF_ALL),
    ):
        op.create_index(
            name, "targets", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def _move_assumptions():
    """The one text of a result becomes its first assumption."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, assumptions FROM results WHERE assumptions IS NOT NULL")).all()
    insert = sa.text("INSERT INTO assumptions (uid, result_id, position, statement) VALUES (:uid, :result, 1, :words)")
    for result, words in rows:
        words = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)
        bind.execute(insert, {"uid": secrets.token_urlsafe(12), "result": result, "words": words})
    op.drop_column("results", "assumptions")


def _move_assumptions_back():
    """A result keeps the first of its assumptions; what was judged is left behind."""
    op.add_column("results", sa.Column("assumptions", _texts(), nullable=True))
    op.execute(
        "UPDATE results SET assumptions = (SELECT a.statement FROM assumptions a WHERE a.result_id = results.id"
        " AND a.dropped_at IS NULL ORDER BY a.position LIMIT 1)"
    )


def _shrink_on_postgres():
    # What has no place in the older shape goes: promises of the whole programme, and days without a value.
    op.execute("DELETE FROM entered_values WHERE absence IS NOT NULL")
    op.drop_column("entered_values", "absence")
    op.create_check_constraint(op.f("ck_entered_values_a_number_or_a_text"), "entered_values", ONE_OF_TWO)
    op.drop_constraint(op.f("uq_indicators_id_value_source"), "indicators")
    for column in ("value_source", "frequency", "retired_at", "retired_because"):
        op.drop_column("indicators", column)
    op.drop_column("targets", "replaces_id")
    op.drop_column("targets", "user_id")
    op.drop_constraint(op.f("uq_targets_id_indicator_id_period_id"), "targets")
    op.drop_constraint(op.f("ck_targets_a_number_or_a_text"), "targets")
    op.execute("DELETE FROM targets WHERE period_id IS NULL")
    op.alter_column("targets", "period_id", nullable=False)


def _shrink_on_sqlite():
    op.drop_index("uq_targets_first_of_a_period", "targets")
    op.drop_index("uq_targets_first_of_all", "targets")
    op.execute("DELETE FROM entered_values WHERE absence IS NOT NULL")
    op.execute("DELETE FROM targets WHERE period_id IS NULL")
    make_anew(
        "entered_values",
        (
            "absence VARCHAR(32), CONSTRAINT ck_entered_values_absence"
            " CHECK (absence IN ('not_recorded', 'not_applicable')), ",
            "",
        ),
        (
            f"ck_entered_values_a_number_a_text_or_none CHECK ({ONE_OF_THREE})",
            f"ck_entered_values_a_number_or_a_text CHECK ({ONE_OF_TWO})",
        ),
        but=("absence",),
    )
    checks = ", ".join(f"CONSTRAINT ck_indicators_{name} CHECK ({rule})" for name, rule in INDICATOR_CHECKS.items())
    make_anew(
        "indicators",
        (
            "value_source VARCHAR(32) NOT NULL, frequency JSON, retired_at DATETIME, retired_because VARCHAR(500), "
            f"{checks}, CONSTRAINT uq_indicators_id_value_source UNIQUE (id, value_source), ",
            "",
        ),
        but=("value_source", "frequency", "retired_at", "retired_because"),
    )
    checks = ", ".join(f"CONSTRAINT ck_targets_{name} CHECK ({rule})" for name, rule in TARGET_CHECKS.items())
    make_anew(
        "targets",
        ("period_id INTEGER", "period_id INTEGER NOT NULL"),
        (
            f"replaces_id INTEGER, user_id INTEGER, {checks}, "
            "CONSTRAINT uq_targets_id_indicator_id_period_id UNIQUE (id, indicator_id, period_id), "
            "CONSTRAINT uq_targets_replaces_id UNIQUE (replaces_id), "
            "CONSTRAINT fk_targets_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), "
            "CONSTRAINT fk_targets_replaces_id_targets FOREIGN KEY(replaces_id) REFERENCES targets (id), "
            "CONSTRAINT fk_targets_replaces_its_own_kind FOREIGN KEY(replaces_id, indicator_id, period_id)"
            " REFERENCES targets (id, indicator_id, period_id), ",
            "",
        ),
        but=("replaces_id", "user_id"),
    )
