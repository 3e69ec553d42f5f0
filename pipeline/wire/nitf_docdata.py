"""When a NITF document was made, and whether it may be published: what its `docdata` says, and of which document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pipeline import identity
from pipeline.article import PubStatus
from pipeline.errors import Code, Poison
from pipeline.wire import fields
from pipeline.wire.context import Context
from pipeline.wire.moments import embargo, moment
from pipeline.wire.xml import Element, attribute, path, value

_HIDDEN: Final = ("withheld", "canceled")


def norm(element: Element | None) -> str | None:
    """The date of an element: its `norm`, or its text."""
    return attribute(element, "norm") or value(element)


def created(head: Element | None, context: Context, status: PubStatus) -> str:
    """When the version was made: its issue; its release, unless that lies ahead; its publication."""
    issued = norm(path(head, "docdata/date.issue"))
    if issued:
        return moment(issued, field="date.issue")
    released = norm(path(head, "docdata/date.release"))
    ahead = released is not None and _until(None, released, context.now) is not None
    if released and not ahead:
        return moment(released, field="date.release")
    published = attribute(path(head, "pubdata"), "date.publication")
    if published:
        return moment(published, field="date.publication")
    if context.default_date:
        return moment(context.default_date, field="date")
    if ahead or status != "usable":  # an order to hide must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "date.issue: missing, date.release too", hint="use --date")


def status(docdata: Element | None, context: Context) -> tuple[PubStatus, str | None]:
    """Publication status and embargo: a release later than the issue, or than now, is one."""
    written = attribute(docdata, "management-status")
    found = fields.pub_status(written, "management-status") if written else "usable"
    issued, released = norm(path(docdata, "date.issue")), norm(path(docdata, "date.release"))
    until = _until(issued, released, context.now) if released else None
    held = written is not None and written.lower() == "embargoed"
    if held and until is None:
        return "withheld", None  # under embargo until we are told otherwise
    return found, until


def managed(docdata: Element | None, own: str) -> tuple[str, PubStatus] | None:
    """Another document that this one kills or withholds, and which of it; None where it does neither."""
    other = attribute(docdata, "management-doc-idref")
    written = attribute(docdata, "management-idref-status") or attribute(docdata, "management-status")
    if other is None or other == own or written is None:
        return None
    found = fields.pub_status(written, "management-idref-status")
    return (other, found) if found in _HIDDEN else None


def _until(issued: str | None, released: str, now: datetime) -> str | None:
    """When the embargo of a release ends; None where the release was over when the document was issued."""
    issue = moment(issued, field="date.issue") if issued else moment(now.isoformat(), field="now")
    # one agency writes both in one clock: a release without a zone is compared in that of the issue
    release = moment(released, field="date.release", zone=datetime.fromisoformat(issue).tzinfo or UTC)
    over = release <= issue[:10] if len(release) == 10 else identity.instant(release) <= identity.instant(issue)
    return None if over else embargo(released, field="date.release")
