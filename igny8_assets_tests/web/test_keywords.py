"""Keywords over HTTP."""

import pytest

from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeywordStatus, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_keyword
from igny8_assets_tests.web.serving import API, Client, problem_of, serving

KEYWORDS = "/sites/shop/keywords/"
EXPORT = "Keyword,Volume,KD\nCoffee Grinder,900,12\nburr grinder,,\n,5,1\n"


def send(client: Client, text: str = EXPORT, name: str = "export.csv", **fields: str) -> dict[str, object]:
    answer = client.ask("POST", f"{API}{KEYWORDS}import/", files={"file": (name, text.encode())}, data=fields)
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def texts(client: Client, **filters: object) -> list[str]:
    return [one["text"] for one in client.get(KEYWORDS, **filters)["items"]]


def test_an_export_is_imported_with_what_was_rejected(editor: Client) -> None:
    done = send(editor, name="../../etc/export.csv")
    assert (done["name"], done["rows"], done["new"], done["rejected"]) == ("export.csv", 3, 2, 1)
    assert done["rejects"] == [{"line": 4, "reason": "the keyword is empty"}]
    assert texts(editor) == ["Coffee Grinder", "burr grinder"]


def test_a_file_counts_once_and_nothing_of_it_is_left_behind(editor: Client) -> None:
    send(editor)
    done = send(editor, name="other.csv")
    assert (done["again"], done["new"], done["merged"]) == (True, 0, 2)
    assert list((load_settings().folder / "uploads").iterdir()) == []


def test_an_unknown_sector_is_refused(editor: Client) -> None:
    options = {"files": {"file": ("a.csv", EXPORT)}, "data": {"sector": "Tea"}}
    problem_of(editor.ask("POST", f"{API}{KEYWORDS}import/", **options), 404, "not_found")
    assert texts(editor) == []


@pytest.mark.parametrize(
    "options",
    [
        {"json": {}},
        {"data": {"file": "text"}},
        {"files": {"other": ("a.csv", EXPORT)}},
        {"files": [("file", ("a.csv", EXPORT)), ("file", ("b.csv", EXPORT))]},
        {"data": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
        {"data": b"", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
    ],
)
def test_what_is_no_form_with_a_file_is_refused(editor: Client, options: dict[str, object]) -> None:
    problem_of(editor.ask("POST", f"{API}{KEYWORDS}import/", **options), 422, "invalid")


def test_a_file_without_a_readable_row_is_refused(editor: Client) -> None:
    for text in ("", "Keyword\n"):
        refused = editor.ask("POST", f"{API}{KEYWORDS}import/", files={"file": ("a.csv", text)})
        problem_of(refused, 400, "invalid")


def test_too_large_an_upload_is_refused(editor: Client, store: Store) -> None:
    settings = load_settings().model_copy(update={"web_upload_megabytes": 0.001})
    with serving(store, settings) as anyone:
        client = Client(anyone.address, editor.key)
        refused = client.ask("POST", f"{API}{KEYWORDS}import/", files={"file": ("a.csv", "word\n" * 300)})
        assert "IGNY8_WEB_UPLOAD_MEGABYTES" in problem_of(refused, 413, "too_large")["detail"]
        send(client)


def test_keywords_come_page_by_page_whatever_is_added_meanwhile(viewer: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        for volume in (30, None, 20, 20, 10):
            make_keyword(session, site, volume=volume)
    seen, after = [], None
    while True:
        page = viewer.get(KEYWORDS, limit=2, **({} if after is None else {"after": after}))
        seen += [one["volume"] for one in page["items"]]
        with store.write() as session:
            make_keyword(session, site, volume=1000)
        after = page["next"]
        if after is None:
            break
    assert seen == [30, 20, 20, 10, None]


def test_keywords_are_found_by_what_is_known_of_them(viewer: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        cluster = make_cluster(session, site, name="Grinders")
        make_keyword(session, site, "ÄHRE 100%", volume=5, difficulty=50, status=KeywordStatus.ORPHANED)
        inside = make_keyword(session, site, "ähre 1000", volume=7, difficulty=10, cluster=cluster)
        inside.reason = Reason.PERSON
    assert texts(viewer, status="orphaned") == ["ÄHRE 100%"]
    assert texts(viewer, text="ähre 100") == ["ähre 1000", "ÄHRE 100%"]
    assert texts(viewer, text="100%") == ["ÄHRE 100%"]
    assert texts(viewer, min_volume=6) == texts(viewer, max_difficulty=10) == ["ähre 1000"]
    (found,) = viewer.get(KEYWORDS, cluster=cluster.id)["items"]
    assert (found["text"], found["cluster"], found["why"]) == ("ähre 1000", "Grinders", "placed by a person")


def test_keywords_are_ignored_and_taken_up_again(editor: Client) -> None:
    send(editor)
    named = {"keywords": ["coffee  grinder"]}
    assert editor.post(f"{KEYWORDS}ignore/", named) == {"changed": 1}
    assert texts(editor, status="ignored") == ["Coffee Grinder"]
    assert editor.post(f"{KEYWORDS}unignore/", named) == {"changed": 1}
    refused = editor.ask("POST", f"{API}{KEYWORDS}ignore/", json={"keywords": ["tea"]})
    problem_of(refused, 404, "not_found")
