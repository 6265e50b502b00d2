"""Tells the assistant what agents do to a ticket, signed as Standard Webhooks has it.

detectors/config.ini names the address, the secret (`whsec_` and base64) and the assistant's own
user, whose doings are no news to it. Every event is kept in the transaction of what it tells, as an
item of `caseevent`, where the assistant reads what did not reach it. So nobody waits long for it,
and nobody tries again.
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

from assistant_schema import MADE_UP

log = logging.getLogger("roundup.assistant")

PATIENCE = 3
"""Seconds that an agent's click may wait for the assistant."""
LONGEST = 10_000
"""Characters of an event's messages that are told, all in all."""
KEPT = 5_000
"""Events that are kept; an assistant that was away for more of them does not hear the oldest."""


def signature(secret, event, stamp, body):
    """`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(url, secret, number, told):
    """Sends one event; raises OSError or HTTPException where it did not arrive."""
    where = urlsplit(url)
    connection = {"http": HTTPConnection, "https": HTTPSConnection}[where.scheme]
    body, stamp = told.encode(), str(int(time.time()))
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
    case = cl.get(nodeid, "external_id") or MADE_UP
    now = cl.get(nodeid, "status")
    changed = "status" in oldvalues and oldvalues["status"] != now
    before = oldvalues.get("messages", cl.get(nodeid, "messages"))  # left out: they are the same
    added = [number for number in cl.get(nodeid, "messages") if number not in before]
    if case.startswith(MADE_UP) or not (changed or added):
        return None
    return {
        "type": "ticket.changed",
        # To the microsecond: what a person does is compared with it.
        "timestamp": datetime.now(UTC).isoformat(),
        "data": {
            "ticket": nodeid,
            "case": case,
            "by": db.user.get(db.getuid(), "username"),
            "status": db.status.get(now, "name") if now else "",
            "status_changed": changed,
            "messages": list(_messages(db, added)),
        },
    }


def _messages(db, numbers):
    left = LONGEST
    for number in numbers:
        writer = db.msg.get(number, "author")
        text = (db.msg.get(number, "content") or "")[:left]
        left -= len(text)
        author = db.user.get(writer, "username") if writer else ""
        yield {"id": number, "author": author, "text": text}


def keep(db, event):
    """Keeps an event beside the change that it tells, and forgets the oldest; its id and JSON.

    The id is chance and no number: a tracker that is made anew counts from one again.
    """
    number, told = f"msg_{uuid4().hex}", json.dumps(event, ensure_ascii=False)
    kept = db.getclass("caseevent")
    last = int(kept.create(event=number, told=told))
    if last > KEPT and kept.hasnode(str(last - KEPT)):
        kept.destroy(str(last - KEPT))
    return number, told


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
        event = None if own else event_of(db, cl, nodeid, oldvalues)
        if event:
            number, told = keep(db, event)
            if url:
                after_commit(db, lambda: _send(url, secret, number, told, nodeid))
    except Exception:  # Roundup must not fail because of us
        log.exception("could not tell the assistant about issue%s", nodeid)


def _send(url, secret, number, told, nodeid):
    try:
        post(url, secret, number, told)
    except Exception as error:  # as above; and the text of an error could hold the secret
        log.warning("the assistant was not told of issue%s: %s", nodeid, type(error).__name__)


def init(db):
    """Called by Roundup when it opens the tracker."""
    db.issue.react("set", tell)
