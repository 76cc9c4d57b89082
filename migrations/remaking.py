"""Making a table of SQLite anew, for what ALTER TABLE cannot change there: constraints and kinds of columns."""

from alembic import op


def is_postgres():
    return op.get_bind().dialect.name == "postgresql"


def make_anew(table, *changes, but=(), values=None):
    """SQLite changes no constraint: the table is made again from its own text with changes, and its rows are moved.

    Its indexes and triggers come along. `but` are columns that are left behind; `values` are expressions over the old
    row for columns that are new.
    """
    bind = op.get_bind()
    query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'table' DESC"
    (_table, create), *others = bind.exec_driver_sql(query, (table,)).all()
    for before, after in changes:
        assert before in create, before
        create = create.replace(before, after)
    columns = {row[1]: row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})") if row[1] not in but}
    columns |= values or {}
    names = ", ".join(f'"{name}"' for name in columns)
    found = ", ".join(f'"{value}"' if value == name else value for name, value in columns.items())
    body = create[create.index("(") :]
    bind.exec_driver_sql(f"CREATE TABLE new_{table} {body}")
    bind.exec_driver_sql(f"INSERT INTO new_{table} ({names}) SELECT {found} FROM {table}")  # noqa: S608
    bind.exec_driver_sql(f"DROP TABLE {table}")
    # Triggers of other tables may ask this one, which for a moment is not there.
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for _kind, text in others:
        bind.exec_driver_sql(text)


def let_be(table, column, name, before, after):
    """Change the closed list of words of a column; `name` is the one of its CHECK, the lists are as in SQL."""
    if is_postgres():
        op.drop_constraint(op.f(name), table)
        op.create_check_constraint(op.f(name), table, f"{column} IN ({after})")
    else:
        make_anew(table, (f"{column} IN ({before})", f"{column} IN ({after})"))
