"""Translations: terms as the code has them now, and the files in i18n/."""

import re
import tempfile
from collections import Counter
from pathlib import Path

from .console import Failure
from .odoo_process import call_odoo, odoo_conf
from .paths import ADDON, ROOT

I18N = ROOT / "i18n"
TEMPLATE = I18N / f"{ADDON}.pot"
LANGUAGES = ("es", "ar")
SHOWN = 60

# What a translation has to keep as it is.
KEPT = re.compile(
    r"%\(\w+\)[sdif]|%[sd]|\{\{.*?\}\}|\bt-[a-z-]+=\"[^\"]*\"|</?[a-zA-Z][\w-]*", re.S
)


def export_terms(environment, name):
    """Return the terms of the add-on as it is installed in a database."""
    import polib

    conf = odoo_conf(environment, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{ADDON}.pot")
        result = call_odoo(
            environment, conf, ["i18n", "export"], "-d", name, "-o", path, ADDON
        )
        if not path.exists():
            lines = (result.stderr or result.stdout).strip().splitlines() or ["no word"]
            raise Failure(f"Odoo exports no terms: {lines[-1]}")
        return polib.pofile(str(path), wrapwidth=78)


def language_files():
    """Return the .po files: the two promised, and any other."""
    promised = {I18N / f"{language}.po" for language in LANGUAGES}
    return sorted(promised | set(I18N.glob("*.po")))


def problems_of_template(fresh):
    """Return what is wrong with the .pot file, as sentences."""
    import polib

    if not TEMPLATE.exists():
        return [f"{TEMPLATE.name} is missing: bin/i18n writes it"]
    return _differences(TEMPLATE.name, polib.pofile(str(TEMPLATE)), fresh)


def problems_of_language(path, fresh):
    """Return what is wrong with a .po file, as sentences."""
    import polib

    if not path.exists():
        return [f"{path.name} is missing: bin/i18n writes it"]
    catalog = polib.pofile(str(path))
    found = _differences(path.name, catalog, fresh)
    for entry in catalog:
        if not entry.obsolete:
            found += _problems_of_entry(path.name, entry)
    return found


def _differences(name, catalog, fresh):
    """Compare a file's terms with those of the code."""
    have = {entry.msgid for entry in catalog if not entry.obsolete}
    want = {entry.msgid for entry in fresh}
    missing = [f"{name}: not in it: {_short(term)}" for term in sorted(want - have)]
    stale = [f"{name}: not in the code: {_short(term)}" for term in sorted(have - want)]
    return missing + stale


def _problems_of_entry(name, entry):
    if entry.fuzzy:
        return [f"{name}: fuzzy: {_short(entry.msgid)}"]
    if not entry.msgstr.strip():
        return [f"{name}: untranslated: {_short(entry.msgid)}"]
    lost = Counter(KEPT.findall(entry.msgid)) - Counter(KEPT.findall(entry.msgstr))
    added = Counter(KEPT.findall(entry.msgstr)) - Counter(KEPT.findall(entry.msgid))
    if lost or added:
        parts = [f"lacks {part}" for part in lost] + [f"adds {part}" for part in added]
        return [f"{name}: {', '.join(parts)}: {_short(entry.msgid)}"]
    return []


def _short(term):
    """Return a term on one line, cut."""
    line = " ".join(term.split())
    return f"“{line[:SHOWN]}{'…' if len(line) > SHOWN else ''}”"


def write_template(fresh):
    """Write the .pot file, unless only its date would change."""
    import polib

    if TEMPLATE.exists() and _same_entries(polib.pofile(str(TEMPLATE)), fresh):
        return
    I18N.mkdir(exist_ok=True)
    fresh.save(str(TEMPLATE))


def _same_entries(one, other):
    def facts(catalog):
        return [(entry.msgid, entry.comment, entry.occurrences) for entry in catalog]

    return facts(one) == facts(other)


def merge_language(path, fresh):
    """Bring a .po file in step with the terms; return the untranslated ones.

    Translations are kept for each term that is the same; stale ones are dropped.
    """
    import polib

    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=78)
    merged.header = fresh.header
    merged.metadata = {**fresh.metadata, **old.metadata, "Language": path.stem}
    for entry in fresh:
        merged.append(_translated(entry, known.get(entry.msgid)))
    if not (path.exists() and _same_text(old, merged)):
        merged.save(str(path))
    return [entry.msgid for entry in merged if entry.fuzzy or not entry.msgstr.strip()]


def _translated(entry, known):
    """Return a copy of a term with the translation known for it."""
    import polib

    return polib.POEntry(
        msgid=entry.msgid,
        msgstr=known.msgstr if known else "",
        comment=entry.comment,
        occurrences=entry.occurrences,
        flags=list(dict.fromkeys(entry.flags + (["fuzzy"] if _fuzzy(known) else []))),
    )


def _fuzzy(known):
    return bool(known and known.fuzzy)


def _same_text(one, other):
    return str(one) == str(other)


def show(terms):
    """Return terms as an indented list."""
    return "\n".join(f"    {_short(term)}" for term in terms)
