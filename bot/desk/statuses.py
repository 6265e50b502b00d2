"""What the status of a desk's answer says: the same of every desk that is asked over HTTP.

What follows from it is each one's own, and differs in this: whoever takes a webhook knows an id
again, so that its 409 is as good as 2xx and its failure is never ambiguous; and a webhook that is
redirected is refused, as docs/webhook.md promises.
"""

from typing import Literal

Meaning = Literal["taken", "barred", "busy", "failed", "moved", "refused"]
"""`barred`, `busy` and `failed` can pass or be mended where the desk is. `moved` is for whoever set
its address, and `refused` is what was sent."""


def meaning(status: int) -> Meaning:
    """What a status says, after RFC 9110, section 15."""
    match status:
        case 401 | 403:
            return "barred"
        case 408 | 425 | 429:
            return "busy"
        case failed if failed >= 500:
            return "failed"
        case refused if refused >= 400:
            return "refused"
    return "taken" if 200 <= status < 300 else "moved"
