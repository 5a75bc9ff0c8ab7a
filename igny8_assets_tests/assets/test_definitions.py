"""What the design holds Dagster to."""

import ast
import subprocess
import sys
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.instance.config import dagster_instance_config

import igny8_assets
from igny8_assets.definitions import defs
from igny8_assets.jobs import ALL_ASSETS
from igny8_assets.partitions import SITES

PACKAGE = Path(igny8_assets.__file__).parent


def all_assets() -> list[dg.AssetsDefinition]:
    return [asset for asset in defs().assets or () if isinstance(asset, dg.AssetsDefinition)]


def test_the_eight_assets_are_there_in_a_chain_and_partitioned_by_site() -> None:
    graph = defs().resolve_asset_graph()
    for before, name in zip((None, *ALL_ASSETS), ALL_ASSETS, strict=False):
        node = graph.get(dg.AssetKey(name))
        assert node.partitions_def == SITES
        assert node.parent_keys == (set() if before is None else {dg.AssetKey(before)})


def test_no_asset_has_a_retry_or_a_backfill_policy() -> None:
    for asset in all_assets():
        assert asset.backfill_policy is None
        assert asset.op.retry_policy is None


def test_every_asset_may_yield_nothing_and_says_what_it_is() -> None:
    for asset in all_assets():
        assert not any(output.is_required for output in asset.op.output_defs)
        for spec in asset.specs:
            assert spec.description
            assert spec.group_name in {"planning", "writing", "imaging", "review"}
            assert spec.owners == ["team:seo"]
            assert spec.kinds
            assert "dagster/column_schema" in spec.metadata


def test_no_asset_function_returns_a_value() -> None:
    functions = [
        node
        for name in ("planning", "declaring", "writing", "imaging", "review")
        for node in ast.walk(ast.parse((PACKAGE / "assets" / f"{name}.py").read_text()))
        if isinstance(node, ast.FunctionDef) and any("asset" in ast.unparse(mark) for mark in node.decorator_list)
    ]
    assert len(functions) == 2
    for function in functions:
        values = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        assert values in ([], [None])


def test_every_check_is_partitioned_by_site() -> None:
    checks = [spec for check in defs().asset_checks or () for spec in check.check_specs]
    assert len(checks) >= 7
    for spec in checks:
        assert spec.partitions_def == SITES


def test_loading_the_definitions_imports_nothing_heavy() -> None:
    program = (
        "import sys, dagster; before = set(sys.modules); from igny8_assets.definitions import defs; defs();"
        "print(' '.join(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & {"sqlalchemy", "pandas", "numpy", "PIL", "openai", "wordllama", "lxml", "scipy"}


def test_the_command_line_never_loads_dagster_for_help_or_reading() -> None:
    program = "import sys; from igny8_assets.cli.main import assemble; assemble(); print('dagster' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "False"


def configuration() -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load((PACKAGE.parent / "dagster.yaml").read_text())
    return loaded


def test_the_instance_configuration_is_one_that_dagster_reads(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(configuration()))
    read, _ = dagster_instance_config(str(tmp_path))
    assert read["run_retries"] == {"enabled": False}


def test_a_site_has_one_run_at_a_time_and_no_run_a_time_limit() -> None:
    concurrency = configuration()["concurrency"]
    assert concurrency == {
        "runs": {
            "max_concurrent_runs": 4,
            "tag_concurrency_limits": [
                {"key": "dagster/partition", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
            ],
        }
    }
    monitoring = configuration()["run_monitoring"]
    assert isinstance(monitoring, dict)
    assert monitoring["max_runtime_seconds"] == 0
    assert monitoring["max_resume_run_attempts"] == 0


def test_dagster_sends_nothing_home() -> None:
    assert configuration()["telemetry"] == {"enabled": False}
    assert configuration()["nux"] == {"enabled": False}
