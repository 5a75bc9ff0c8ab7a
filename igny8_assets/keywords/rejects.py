"""The file that tells which rows of an export could not be read."""

import csv
from pathlib import Path

from igny8_assets.errors import UserError
from igny8_assets.keywords.neutralising import neutralise
from igny8_assets.keywords.reading import Export


def write_rejects(export: Export, path: Path) -> None:
    """Write the rejected rows of `export` as CSV (line, text, reason) that is safe to open in a spreadsheet.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(export.rejects.columns)
            for line, text, reason in export.rejects.itertuples(index=False):
                writer.writerow((line, neutralise(text), reason))
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); check its folder and permissions") from None
