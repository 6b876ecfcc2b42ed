"""Developer tools of the add-on: start, test, lint. Never imported by Odoo."""
