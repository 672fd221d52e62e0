"""What a PDF says of itself to the validator of PDF/UA-1."""

from __future__ import annotations

import page


def broken_rules(content: bytes) -> list[str]:
    """The rules of PDF/UA-1 that a document breaks, with what is wrong; none where it conforms."""
    report = page.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant == (not report.failures)
    return sorted({f"{each.rule_id}: {each.message}" for each in report.failures})
