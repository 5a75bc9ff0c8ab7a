"""The API is as its description says: Schemathesis asks every operation for what is allowed, and for what is not."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeyRole, Launcher, Site, Trigger
from igny8_assets_tests.ai.samples import BRIEF
from igny8_assets_tests.factories import make_cluster, make_content, make_idea, make_keyword, make_task
from igny8_assets_tests.web.serving import API, Client, with_key

# Rows that exist are asked for, so that more than 404 is seen. What a description can't say (that a keyword is the
# site's, that a text is a draft) is refused by 400, 402, 404, 409 and 412, which is as it should be; so is 422 for a
# cursor, which only the list itself gives, and for a file that is no form.
SETTINGS = """\
continue-on-failure = true
headers = {{ Authorization = "Bearer {key}" }}
phases.examples.enabled = true
generation.max-examples = 15
generation.mode = "all"

[parameters]
"path.site" = "shop"
"path.cluster" = {cluster}
"path.idea" = {idea}
"path.task" = {task}
"path.text" = {text}
"path.image" = {image}
"query.site_id" = "shop"
"query.run_id" = "{run}"
"header.If-Match" = "*"

[checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 402, 404, 409, 412, 422]
"""


def test_operations_are_called_what_they_do(anyone: Client) -> None:
    paths = anyone.get("/openapi.json")["paths"]
    names = Counter(operation["operationId"] for path in paths.values() for operation in path.values())
    assert set(names.values()) == {1}
    assert "approve_content" in names


@pytest.mark.slow
def test_every_operation_answers_as_it_is_described(anyone: Client, store: Store, site: Site, tmp_path: Path) -> None:
    with store.write() as session:
        row = session.get_one(Site, site.id)
        clusters = [make_cluster(session, row) for _ in range(3)]
        make_keyword(session, row, "coffee grinder", cluster=clusters[0])
        make_keyword(session, row, "burr grinder", cluster=clusters[0])
        task = make_task(session, row, brief=BRIEF.model_dump(mode="json"))
        text = make_content(session, row)
        image = text.images[0]
        assert image.name is not None
        ImageLibrary(load_settings().images).put(image.name, b"RIFF")
        run = request_run(session, row, load_settings(), RunRequest(Trigger.MANUAL, Launcher.DAEMON))
        facts = {
            "cluster": clusters[0].id,
            "idea": make_idea(session, row).id,
            "task": task.id,
            "text": text.id,
            "image": image.id,
            "run": run.id,
        }
    key = with_key(anyone, store, site, KeyRole.ADMIN, is_limited=False).key
    config = tmp_path / "schemathesis.toml"
    config.write_text(SETTINGS.format(key=key, **facts), encoding="utf-8")
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run"]
    done = subprocess.run(
        [*command, f"{anyone.address}{API}/openapi.json", "--checks", "all", "--seed", "1", "--no-color"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
