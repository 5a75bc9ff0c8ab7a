"""The result of checking a draft: findings with their evidence, and what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a finding means for the draft: fine, a person should look, or it can't be approved."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Finding:
    """The result of one check: its stable name, the verdict and one line of evidence with figures."""

    check: str
    verdict: Verdict
    evidence: str


@dataclass(frozen=True)
class QualityReport:
    """Every finding about one draft, in the order in which the checks stand."""

    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The findings that keep the draft from being approved."""
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that a person should look at."""
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.WARN)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all findings."""
        if self.blocks:
            return Verdict.BLOCK
        return Verdict.WARN if self.warnings else Verdict.PASS

    def to_json(self) -> dict[str, Any]:
        """The report as plain dicts, lists and strings."""
        return {
            "verdict": self.verdict.value,
            "findings": [
                {"check": finding.check, "verdict": finding.verdict.value, "evidence": finding.evidence}
                for finding in self.findings
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "QualityReport":
        """Read what `to_json` wrote; the overall verdict is worked out anew.

        Raises:
            KeyError, ValueError: the data is not a report.
        """
        return cls(
            tuple(
                Finding(check=row["check"], verdict=Verdict(row["verdict"]), evidence=row["evidence"])
                for row in data["findings"]
            )
        )


def judged(check: str, fine: bool, otherwise: Verdict, evidence: str) -> Finding:
    """A finding that passes if `fine`, else bears the verdict `otherwise`; evidence is made one line."""
    return Finding(check, Verdict.PASS if fine else otherwise, " ".join(evidence.split()))


def quoted(text: str, length: int = 60) -> str:
    """The text on one line in quotes, cut after `length` characters: for evidence."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= length else f'"{line[: length - 1].rstrip()}…"'
