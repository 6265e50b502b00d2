"""What the assistant needs of a Roundup tracker beyond the classic template."""

KEYED = {"issue": "title", "msg": "summary", "file": "name"}
"""The classes that the assistant adds to, and by which property people know their items."""
MADE_UP = "roundup-"
"""What begins the external id of what is no case of the assistant's."""


def extend(db, string):
    """Adds external ids, what was told, the assistant's role, and keeps out the public.

    `string` is Roundup's class of text properties, which only schema.py is given.
    """
    for name, label in KEYED.items():
        items = db.getclass(name)
        items.addprop(external_id=string())
        items.setkey("external_id")
        items.setlabelprop(label)  # else every list showed the key
        items.setorderprop("creation")  # ids are sorted as texts: 10 stood before 9
    # The plain class of this database, which schema.py keeps to itself. `told` is the event's JSON.
    type(db.getclass("priority"))(db, "caseevent", event=string(), told=string())
    _let_in_the_assistant(db.security)
    _keep_out_the_public(db.security)


def _let_in_the_assistant(security):
    security.addRole(name="Assistant", description="Opens tickets and adds to them")
    for right in ("Rest Access", "Web Access"):
        security.addPermissionToRole("Assistant", right)
    for name in KEYED:
        for right in ("View", "Create", "Edit"):
            security.addPermissionToRole("Assistant", right, name)
    for name in ("priority", "status", "keyword", "caseevent"):
        security.addPermissionToRole("Assistant", "View", name)


def _keep_out_the_public(security):
    """In the classic template whoever reaches the tracker reads all of it, and may register."""
    security.addRole(name="Anonymous", description="Sees the form to log in")
    security.addPermissionToRole("Anonymous", "Web Access")
