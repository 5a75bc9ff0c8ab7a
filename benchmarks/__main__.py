"""Run every benchmark, or those that are named, and write benchmarks/README.md; `clustering` runs by its name alone."""

import sys

from benchmarks.backfill import measure_backfill
from benchmarks.clustering import report_clustering
from benchmarks.faults import measure_faults
from benchmarks.measuring import Figure, write_report
from benchmarks.runs import measure_empty_run, measure_loading, measure_offline_run, measure_real_exports
from benchmarks.service import measure_service
from benchmarks.store import measure_due, measure_import, measure_reading
from benchmarks.web_load import measure_web
from igny8_assets_tests.servers.databases import start_servers

BENCHMARKS = {
    "import": measure_import,
    "reading": measure_reading,
    "due": measure_due,
    "loading": measure_loading,
    "empty": measure_empty_run,
    "offline": measure_offline_run,
    "service": measure_service,
    "faults": measure_faults,
    "backfill": measure_backfill,
    "real": measure_real_exports,
    "web": measure_web,
}


def main() -> None:
    """Measure and report."""
    # Its figures are tables of their own, and it needs packages and lists that the others don't.
    if sys.argv[1:2] == ["clustering"]:
        sys.exit(report_clustering(sys.argv[2:]))
    start_servers()
    wanted = sys.argv[1:] or list(BENCHMARKS)
    figures: list[Figure] = []
    for name in wanted:
        for figure in BENCHMARKS[name]():
            sys.stdout.write(f"{figure.what}: {figure.value} (bound: {figure.bound})\n")
            sys.stdout.flush()
            figures.append(figure)
    if not sys.argv[1:]:
        write_report(figures)


if __name__ == "__main__":
    main()
