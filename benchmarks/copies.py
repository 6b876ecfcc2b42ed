"""Copy a prototype's row many times, with other values in some of its columns."""

from odoo.tools import SQL


def get_columns(cr, table):
    """Return the names of the stored columns of a table, in their order."""
    cr.execute(
        """
        SELECT attname
          FROM pg_attribute
         WHERE attrelid = %s::regclass
           AND attnum > 0
           AND NOT attisdropped
      ORDER BY attnum
        """,
        (table,),
    )
    return [name for (name,) in cr.fetchall()]


def insert_copies(cr, table, source, values):
    """Insert a row into ``table`` for each row of ``source``.

    :param source: what follows FROM; it names the row to copy ``prototype``
    :param values: a dict {column: SQL text} of what differs from the prototype
    """
    columns = get_columns(cr, table)
    unknown = values.keys() - set(columns)
    if unknown:
        raise KeyError(f"{table} has no columns {', '.join(sorted(unknown))}")
    query = SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
        SQL(", ").join(
            SQL(values[name]) if name in values else SQL.identifier("prototype", name)
            for name in columns
        ),
        SQL(source),
    )
    cr.execute(query)
    return cr.rowcount


class Bare:
    """Tables without their indexes and foreign keys, to be filled at full speed.

    On exit all is made again as it was; foreign keys are checked by then.
    """

    def __init__(self, cr, *tables):
        self.cr = cr
        self.tables = list(tables)

    def __enter__(self):
        self.keys = self._get_keys()
        self.indexes = self._get_indexes()
        for table, name, _definition in self.keys:
            self._run("ALTER TABLE %s DROP CONSTRAINT %s", table, name)
        for name, _definition, _comment in self.indexes:
            self._run("DROP INDEX %s", name)

    def __exit__(self, error_type, *_details):
        if error_type:
            return
        self.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for name, definition, comment in self.indexes:
            self.cr.execute(definition)
            # Odoo compares the comment with its own definition of the index.
            self.cr.execute(
                SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment)
            )
        for table, name, definition in self.keys:
            self._run(f"ALTER TABLE %s ADD CONSTRAINT %s {definition}", table, name)

    def _run(self, query, *names):
        self.cr.execute(SQL(query, *map(SQL.identifier, names)))

    def _get_keys(self):
        self.cr.execute(
            """
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
              FROM pg_constraint
             WHERE contype = 'f'
               AND conrelid::regclass::text = ANY(%s)
          ORDER BY conname
            """,
            (self.tables,),
        )
        return self.cr.fetchall()

    def _get_indexes(self):
        self.cr.execute(
            """
            SELECT class.relname,
                   pg_get_indexdef(indexrelid),
                   obj_description(indexrelid, 'pg_class')
              FROM pg_index
              JOIN pg_class class
                ON class.oid = indexrelid
             WHERE indrelid::regclass::text = ANY(%s)
               AND NOT indisprimary
          ORDER BY class.relname
            """,
            (self.tables,),
        )
        return self.cr.fetchall()
