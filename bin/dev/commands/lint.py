"""bin/lint: style, XML and translations; one line for each check that fails."""

import argparse
import os
import subprocess
from pathlib import Path

from .. import catalog, database
from ..console import say
from ..environment import ensure_environment
from ..paths import ADDON, ADDONS, CACHE, ROOT, link_addon
from ..venv import python
from .test import prepare_database

CACHES = {
    "PYTHONPATH": "",
    "RUFF_CACHE_DIR": str(CACHE / "ruff"),
    "PYLINTHOME": str(CACHE / "pylint"),
}
CONCISE = "--output-format=concise"
SKIPPED = {"node_modules", "__pycache__"}


def main(arguments):
    """Run every check and return 1 if one failed."""
    parser = argparse.ArgumentParser(prog="bin/lint", description=__doc__)
    parser.add_argument(
        "--fast", action="store_true", help="leave out what needs a database"
    )
    options = parser.parse_args(arguments)
    checks = [_ruff_check, _ruff_format, _pylint_odoo, _xml]
    checks += [] if options.fast else [_translations]
    failed = [check for check in checks if not _passes(check)]
    say(f"{len(checks) - len(failed)} of {len(checks)} checks passed.")
    return 1 if failed else 0


def _passes(check):
    """Run a check, which returns its findings as lines, and tell whether it passed."""
    findings = check()
    title = check.__doc__.rstrip(".")
    for line in findings:
        say(f"  {line}")
    say(f"FAILED: {title} ({len(findings)})" if findings else f"ok: {title}")
    return not findings


def _ruff_check():
    """ruff check."""
    return _lines_of("-m", "ruff", "check", "--quiet", CONCISE, ".")


def _ruff_format():
    """ruff format."""
    return _lines_of("-m", "ruff", "format", "--quiet", "--check", CONCISE, ".")


def _pylint_odoo():
    """pylint-odoo."""
    link_addon()
    lines = _lines_of(
        "-m",
        "pylint",
        f"--rcfile={ROOT / 'pyproject.toml'}",
        "--score=n",
        "--msg-template={path}:{line}: {msg_id} {msg} ({symbol})",
        str(ADDONS / ADDON),
    )
    link = f"{ADDONS / ADDON}/"
    return [line.replace(link, "") for line in lines if not line.startswith("*****")]


def _lines_of(*arguments):
    """Return what a checker of the virtual environment prints."""
    result = subprocess.run(
        [str(python()), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | CACHES,
    )
    lines = (result.stdout + result.stderr).splitlines()
    if result.returncode and not lines:
        return [f"{arguments[1]} ended with {result.returncode}"]
    return [line for line in lines if line.strip()] if result.returncode else []


def _xml():
    """XML is well-formed."""
    from lxml import etree

    findings = []
    for path in _files_with((".xml", ".svg")):
        try:
            etree.parse(str(path))
        except etree.XMLSyntaxError as error:
            findings.append(f"{path.relative_to(ROOT)}: {error}")
    return findings


def _files_with(suffixes):
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n not in SKIPPED and not n.startswith(".")]
        yield from (Path(folder, name) for name in files if name.endswith(suffixes))


def _translations():
    """Translations are complete and in step with the code."""
    environment = ensure_environment()
    prepare_database(environment, is_fresh=False)
    fresh = catalog.export_terms(environment, database.TEST)
    findings = catalog.problems_of_template(fresh)
    for path in catalog.language_files():
        findings += catalog.problems_of_language(path, fresh)
    return findings
