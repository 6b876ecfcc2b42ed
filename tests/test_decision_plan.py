import re
from unittest import SkipTest

from odoo.tests import tagged
from odoo.tools import SQL

from ..hooks import OPEN_ITEM_INDEX
from .common import FollowupCommon

# Enough for PostgreSQL to prefer an index; one in twenty is open.
LINES = 20_000
CUSTOMERS = 500


@tagged("post_install", "-at_install")
class TestDecisionPlan(FollowupCommon):
    """How PostgreSQL finds the open items: by the index made for them, at any size."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = cls.get_claim(cls.create_invoice(1000, "2026-01-31"))
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                INSERT INTO res_partner (id, name, active, commercial_partner_id,
                                         autopost_bills)
                     SELECT -number, 'Customer', TRUE, -number, 'ask'
                       FROM GENERATE_SERIES(1, %s) AS number
                """,
                CUSTOMERS,
            )
        )
        cls.copy_line(line)
        cls.env.cr.execute("ANALYZE account_move_line, res_partner")
        cls.pretend_vacuumed()

    @classmethod
    def pretend_vacuumed(cls):
        """Let the planner think that all pages were vacuumed: a test cannot do it."""
        cls.env.cr.execute("SELECT TO_REGPROC('pg_restore_relation_stats') IS NOT NULL")
        if not cls.env.cr.fetchone()[0]:
            raise SkipTest("Needs PostgreSQL 18: older ones cannot be told")
        cls.env.cr.execute(
            """
            SELECT PG_RESTORE_RELATION_STATS(
                       'schemaname', CURRENT_SCHEMA()::text,
                       'relname', 'account_move_line',
                       'relallvisible', relpages)
              FROM pg_class
             WHERE oid = 'account_move_line'::regclass
            """
        )

    @classmethod
    def copy_line(cls, line):
        """Copy an open item, most of the copies as reconciled ones."""
        changed = {
            "id": SQL("NEXTVAL('account_move_line_id_seq')"),
            "partner_id": SQL("-1 - number %% %s", CUSTOMERS),
            "reconciled": SQL("number %% 20 <> 0"),
        }
        stored = [
            field.name
            for field in line._fields.values()
            if field.store and field.column_type
        ]
        cls.env.cr.execute(
            SQL(
                """
                INSERT INTO account_move_line (%(columns)s)
                     SELECT %(values)s
                       FROM account_move_line line
                 CROSS JOIN GENERATE_SERIES(1, %(count)s) AS number
                      WHERE line.id = %(id)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, stored)),
                count=LINES,
                id=line.id,
                values=SQL(", ").join(
                    changed.get(name, SQL.identifier("line", name)) for name in stored
                ),
            )
        )

    def explain(self, query):
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        return "\n".join(row for (row,) in self.env.cr.fetchall())

    def get_company_query(self):
        statement = self.env["payment.followup.statement"]
        return statement._query_statement({self.company: "2026-02-15"})

    def get_customer_query(self):
        statement = self.env["payment.followup.statement"]
        id_ = statement._get_statement_id(self.company, self.customer)
        return statement._search([("id", "=", id_)]).select("id")

    def test_whole_company_is_decided_in_the_index_alone(self):
        plan = self.explain(self.get_company_query())

        self.assertIn(f"Index Only Scan using {OPEN_ITEM_INDEX}", plan)
        self.assertEqual(len(re.findall("on account_move_line ", plan)), 1, plan)

    def test_one_customer_is_looked_up_in_the_index(self):
        plan = self.explain(self.get_customer_query())

        self.assertRegex(
            plan,
            rf"Index Only Scan using {OPEN_ITEM_INDEX} on [^\n]*\n\s+Index Cond: "
            r"\(\(company_id = [^)]+\) AND \(partner_id = partner(_\d)?\.id\)",
        )
        self.assertEqual(len(re.findall("on account_move_line ", plan)), 1, plan)

    def test_without_the_index_the_table_itself_is_read(self):
        self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(OPEN_ITEM_INDEX)))

        plan = self.explain(self.get_company_query())

        self.assertIn("Heap Scan on account_move_line", plan)
