import os
from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets_tests.pipeline.real_exports import EXPORTS, TASKS_WRITTEN, run_export

FOLDER = os.environ.get("IGNY8_REAL_EXPORTS", "")


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="IGNY8_REAL_EXPORTS does not name the folder of the real exports")
@pytest.mark.parametrize(
    ("export", "database_url"),
    [(EXPORTS[0], "sqlite"), (EXPORTS[1], "postgresql")],
    indirect=["database_url"],
)
def test_a_real_export_goes_through_all_stages_with_every_row_accounted_for(
    export: str, store: Store, tmp_path: Path
) -> None:
    outcome = run_export(store, Path(FOLDER) / export, tmp_path)
    accounted = outcome.mapped + outcome.orphaned + outcome.new + outcome.rejected + outcome.merged
    assert outcome.rows == accounted
    assert outcome.rows > 2000
    assert outcome.new == 0
    assert outcome.drafts == TASKS_WRITTEN
    assert outcome.blocked == 0
    assert outcome.ready == TASKS_WRITTEN
