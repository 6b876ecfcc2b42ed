"""bin/i18n: write the terms of the code into i18n/, keeping what is translated."""

import argparse

from .. import catalog, database
from ..console import say
from ..environment import ensure_environment
from .test import prepare_database


def main(arguments):
    """Renew the template and the languages; list what wants translation."""
    argparse.ArgumentParser(prog="bin/i18n", description=__doc__).parse_args(arguments)
    environment = ensure_environment()
    prepare_database(environment, is_fresh=False)
    fresh = catalog.export_terms(environment, database.TEST)
    catalog.write_template(fresh)
    say(f"{catalog.TEMPLATE.name}: {len(fresh)} terms")
    for path in catalog.language_files():
        missing = catalog.merge_language(path, fresh)
        say(f"{path.name}: {len(missing)} to translate")
        if missing:
            say(catalog.show(missing))
    return 0
