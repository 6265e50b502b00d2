"""Tells the assistant what agents do to a ticket, signed as Standard Webhooks has it.

detectors/config.ini names the address, the secret (`whsec_` and base64) and the assistant's own
user, whose doings are no news to it. Nobody waits long for it and nobody tries again.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit
from uuid import uuid4

log = logging.getLogger("roundup.assistant")

PATIENCE = 3
"""Seconds that an agent's click may wait for the assistant."""


LONGEST = 10_000
"""Characters of a message that are told."""


def signature(secret, event, stamp, body):
    """`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(url, secret, event):
    """Sends one event; raises OSError or HTTPException where it did not arrive."""
    where = urlsplit(url)
    connection = {"http": HTTPConnection, "https": HTTPSConnection}[where.scheme]
    body, number, stamp = json.dumps(event).encode(), f"msg_{uuid4().hex}", str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, number, stamp, body),
    }
    peer = connection(where.hostname, where.port, timeout=PATIENCE)
    try:
        peer.request("POST", where.path or "/", body, headers)
        status = peer.getresponse().status
    finally:
        peer.close()
    if status >= 300:
        raise HTTPException(f"status {status}")


def event_of(db, cl, nodeid, oldvalues):
    """What happened to an issue, or None where it is nothing to tell."""
    now = cl.get(nodeid, "status")
    changed = "status" in oldvalues and oldvalues["status"] != now
    before = oldvalues.get("messages", cl.get(nodeid, "messages"))  # left out: they are the same
    added = [number for number in cl.get(nodeid, "messages") if number not in before]
    if not (changed or added):
        return None
    return {
        "type": "ticket.changed",
        # To the microsecond: what a person does is compared with it.
        "timestamp": datetime.now(UTC).isoformat(),
        "data": {
            "ticket": nodeid,
            "case": cl.get(nodeid, "external_id"),
            "by": db.user.get(db.getuid(), "username"),
            "status": db.status.get(now, "name") if now else "",
            "status_changed": changed,
            "messages": [_message(db, number) for number in added],
        },
    }


def _message(db, number):
    writer = db.msg.get(number, "author")
    return {
        "id": number,
        "author": db.user.get(writer, "username") if writer else "",
        "text": (db.msg.get(number, "content") or "")[:LONGEST],
    }


def after_commit(db, send):
    """Sends once the change is kept: before, it could be undone, and others wait for the lock."""
    commit = db.commit

    def commit_and_send(*args, **named):
        db.commit = commit
        commit(*args, **named)
        send()

    db.commit = commit_and_send


def tell(db, cl, nodeid, oldvalues):
    """Called by Roundup when an issue has changed; whatever fails here is only logged."""
    try:
        config = db.config.detectors
        url, secret = config["ASSISTANT_URL"], config["ASSISTANT_SECRET"]
        own = db.user.get(db.getuid(), "username") == config["ASSISTANT_USER"]
        event = None if own or not url else event_of(db, cl, nodeid, oldvalues)
        if event:
            after_commit(db, lambda: _send(url, secret, event))
    except Exception:  # Roundup must not fail because of us
        log.exception("could not tell the assistant about issue%s", nodeid)


def _send(url, secret, event):
    try:
        post(url, secret, event)
    except Exception as error:  # as above; and the text of an error could hold the secret
        what = event["data"]["ticket"]
        log.warning("the assistant was not told of issue%s: %s", what, type(error).__name__)


def init(db):
    """Called by Roundup when it opens the tracker."""
    db.issue.react("set", tell)
