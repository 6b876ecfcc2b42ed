"""Everything a command needs: Python packages, Odoo, PostgreSQL, the link."""

from dataclasses import dataclass
from pathlib import Path

from .odoo_source import find_odoo
from .paths import link_addon
from .postgres import Server, start_postgres


@dataclass(frozen=True)
class Environment:
    """Where Odoo is and how to reach PostgreSQL."""

    odoo: Path
    server: Server


def ensure_environment():
    """Return a working environment, made if need be.

    To be called inside the virtual environment, see ``dev.__main__``.
    """
    link_addon()
    return Environment(odoo=find_odoo(), server=start_postgres())
