"""Log files that stay small and lose no line that is kept."""

import multiprocessing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.rotation import PARTS, append, cut, parts_of

LINE = "a line of some length, numbered {}"


def lines(path: Path) -> list[str]:
    return [line for part in parts_of(path) for line in part.read_text(encoding="utf-8").splitlines()]


def write(path: Path, writer: int) -> None:
    for number in range(200):
        append(path, LINE.format(f"{writer}-{number}"), 4_000)


def test_a_file_that_grows_large_is_continued_in_another(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    for number in range(10):
        append(path, LINE.format(number), 120)
    assert lines(path) == [LINE.format(number) for number in range(10)][-len(lines(path)) :]
    assert len(parts_of(path)) == PARTS + 1
    assert all(part.stat().st_size <= 120 for part in parts_of(path))


def test_a_line_that_is_larger_than_a_file_may_be_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    for text in ("first", "x" * 500, "last"):
        append(path, text, 100)
    assert lines(path) == ["first", "x" * 500, "last"]


def test_four_processes_that_write_and_rotate_at_once_tear_no_line(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    writers = [multiprocessing.Process(target=write, args=(path, writer)) for writer in range(4)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    kept = lines(path)
    assert len(set(kept)) == len(kept)
    for writer in range(4):
        numbers = [int(line.rpartition("-")[2]) for line in kept if f" {writer}-" in line]
        # The oldest parts have gone; of what is left none is missing.
        assert numbers == list(range(200))[-len(numbers) :] or not numbers
    assert set(kept) <= {LINE.format(f"{writer}-{number}") for writer in range(4) for number in range(200)}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"))))
def test_below_the_limit_all_lines_are_kept_in_order(texts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.jsonl"
        for text in texts:
            append(path, text, 10**9)
        assert lines(path) == texts


def test_a_file_that_another_process_keeps_open_is_emptied_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    with path.open("a", buffering=1, encoding="utf-8") as server:
        for number in range(4):
            server.write(LINE.format(number) + "\n")
            cut(path, 50)
        server.write("after\n")
    assert lines(path) == [*(LINE.format(number) for number in range(4)), "after"]
    assert path.stat().st_size < 50
