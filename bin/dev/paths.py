"""Where things live: the add-on in the repository, all else in the cache folder."""

import hashlib
import os
import sys
from pathlib import Path

ADDON = "account_payment_followup"
ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"

CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / "payment-followup"
)
DATA = CACHE / "data"
ODOO = CACHE / "odoo"
POSTGRES = CACHE / "postgres"

# Not part of what Odoo loads: a change there needs no module update.
NOT_THE_MODULE = {"bin", "benchmarks", "doc", "tests", "__pycache__", "node_modules"}


def digest(*parts):
    """Return a short fingerprint of texts and bytes."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part if isinstance(part, bytes) else str(part).encode())
        sha.update(b"\0")
    return sha.hexdigest()[:12]


# Two checkouts on one machine do not see each other's add-on, databases or mail.
CHECKOUT = digest(ROOT)
ADDONS = CACHE / "addons" / CHECKOUT
LOGS = CACHE / "logs" / CHECKOUT
MAIL = CACHE / "mail" / CHECKOUT


def venv_folder():
    """Return the folder of the virtual environment for this lock and Python."""
    name = f"venv-{sys.version_info.major}.{sys.version_info.minor}"
    return CACHE / f"{name}-{digest(LOCK.read_bytes())}"


def module_files(root=ROOT):
    """Yield the files that Odoo loads from the add-on, in a fixed order."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(
            name
            for name in names
            if name not in NOT_THE_MODULE and not name.startswith(".")
        )
        paths = (Path(folder, name) for name in sorted(files))
        # At the top, what is not Python is for developers.
        yield from (
            path for path in paths if folder != str(root) or path.suffix == ".py"
        )


def tree_hash(root=ROOT):
    """Return a fingerprint of the add-on as Odoo loads it."""
    parts = []
    for path in module_files(root):
        parts += (path.relative_to(root), path.read_bytes())
    return digest(*parts)


def link_addon():
    """Make the add-on reachable under its name, from outside the repository."""
    link = ADDONS / ADDON
    if link.is_symlink() and link.resolve() == ROOT:
        return
    ADDONS.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(ROOT, target_is_directory=True)
