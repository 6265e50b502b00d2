"""Gives what is added the values that it cannot be without.

What others than the assistant add needs an external id, since a key must not be empty. What the
assistant adds without a priority needs one, since the page of an issue keeps no change without it.
"""

from uuid import uuid4

from assistant_schema import MADE_UP


def fill(db, cl, nodeid, newvalues):
    """Makes up an id where none is given."""
    if not newvalues.get("external_id"):
        newvalues["external_id"] = f"{MADE_UP}{uuid4().hex}"


def rank(db, cl, nodeid, newvalues):
    """Gives an issue the priority that is most usual, the middle one, where none is given."""
    if not newvalues.get("priority"):
        known = db.priority.filter(None, {}, sort=[("+", "order")])
        newvalues["priority"] = known[len(known) // 2] if known else None


def init(db):
    """Called by Roundup when it opens the tracker."""
    for name in ("issue", "msg", "file"):
        db.getclass(name).audit("create", fill)
    db.issue.audit("create", rank)
