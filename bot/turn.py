"""One turn, from a message to replies that are committed and then sent. Read this first."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, cast
from weakref import WeakValueDictionary

from bot.storage.records import (
    CaseChange,
    CaseState,
    Conflict,
    Conversation,
    Entry,
    Incoming,
    Loaded,
    Missed,
    NewCase,
    News,
    Order,
    Outgoing,
    Reference,
    Stale,
    Turn,
)
from bot.storage.store import Store
from dialogs.memory import Progress
from dialogs.model import (
    Done,
    Event,
    Finding,
    Found,
    Message,
    Outcome,
    Person,
    PicStatus,
    Recorded,
    Want,
)
from dialogs.reply import Reply

log = logging.getLogger(__name__)

FOLLOW_UP = timedelta(days=1)
"""When people are asked again: at the time of day at which they said so."""
LOST_RACES = 10
"""How often one message is decided again because another turn was faster, before we give up."""
LONGEST_WAIT = timedelta(minutes=15)
RESENT_AT_ONCE = 8
"""Conversations whose overdue replies are sent at once: one that hangs holds up no other."""
STALE = timedelta(hours=24)
"""A reply that could not be sent for this long is kept in the transcript and not tried again."""


class Refused(Exception):
    """A channel will never take this reply: the conversation is gone, or the user has left."""


class Channel(Protocol):
    """A way to reach people. `shape` is pure; whatever `send` raises is tried again later,
    except `Refused`. What `busy` shows is not kept, and it may show nothing."""

    def shape(self, reply: Reply, to: Reference) -> Outgoing:
        """A reply as this channel shows it."""

    async def send(self, entry: Entry, to: Reference) -> None:
        """Brings a stored reply to the person."""

    async def busy(self, text: str, to: Reference) -> None:
        """Shows that work is under way, and a sentence on what it is."""


class Decides(Protocol):
    """What `Assistant` does; see there."""

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        """Decides one message."""

    def trouble(self, progress: Progress) -> Outcome:
        """What to say where a defect kept a message from being decided."""

    def meanwhile(self, person: Person, want: Want) -> str:
        """What to say while something takes long to be found out."""


class Recording(Protocol):
    """What becomes of the cases that people hand over."""

    def new_id(self) -> str:
        """An id that no case has, short enough to be said on the telephone."""

    def case(self, recorded: Recorded, to: Reference) -> NewCase:
        """A case as it is kept, with all that a desk is sent."""


Find = Callable[
    [Want, Callable[[], Awaitable[None]], Callable[[Finding], Awaitable[None]]], Awaitable[Finding]
]
"""Answers what a decision wants to know; see `bot.inquiries`. It never fails: not to know is a
Finding, too. The first function shows that it takes time, the second takes a late answer."""


@dataclass(frozen=True)
class Arrival:
    """A message on its way in: whose conversation, what to decide on, what to keep of it, and
    where the replies go."""

    key: str
    message: Message
    incoming: Incoming
    reference: Reference


@dataclass(frozen=True)
class Turns:
    """Takes messages: one at a time in each conversation, many conversations at once.

    `who` is the person of a stored conversation; `clock` gives the time in UTC; `observe` is told
    what each message was taken for and how many seconds its turn took, `refused` what somebody
    asked for and may not know.
    """

    assistant: Decides
    store: Store
    find: Find
    channel_of: Callable[[Reference], Channel]
    who: Callable[[Reference], Person]
    clock: Callable[[], datetime]
    observe: Callable[[str, float], None]
    recording: Recording
    refused: Callable[[PicStatus], None]
    locks: WeakValueDictionary[str, asyncio.Lock]

    async def take(self, arrival: Arrival) -> None:
        """Decides one message, commits all that follows from it, and sends the replies.

        The same activity again decides nothing again; it only sends what is not marked as sent.
        """
        async with self._lock(arrival.key):
            replies = await self._settle(arrival)
            await self._send(replies, arrival.reference)

    async def tell(self, key: str, event_id: str, event: Event) -> bool:
        """Says something of our own accord in a stored conversation, once for each `event_id`.

        Returns whether there is such a conversation. Where it cannot be decided, nothing is said,
        and whatever hinders it is raised.
        """
        conversation = await self.store.conversation(key)
        if conversation is None:
            return False
        to = conversation.reference
        message = Message(self.who(to), event=event)
        await self.take(Arrival(key, message, Incoming(event_id), to))
        return True

    async def send_overdue(self) -> int:
        """Tries again what could not be sent at its time, also after a restart.

        Returns in how many conversations something was overdue.
        """
        overdue = await self.store.overdue(self.clock(), limit=100)
        slots = asyncio.Semaphore(RESENT_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for conversation in overdue:
                group.create_task(self._send_again(conversation.key, slots))
        return len(overdue)

    async def _send_again(self, key: str, slots: asyncio.Semaphore) -> None:
        """What a conversation has to send, read under its lock: a turn may have been faster."""
        async with slots, self._lock(key):
            if conversation := await self.store.conversation(key):
                await self._send(await self.store.unsent(key), conversation.reference)

    def _lock(self, key: str) -> asyncio.Lock:
        return self.locks.setdefault(key, asyncio.Lock())

    async def _settle(self, arrival: Arrival) -> Sequence[Entry]:
        """Decides and commits; returns what the conversation has to send now."""
        found: dict[Want, Finding] = {}
        for _ in range(LOST_RACES):
            loaded = await self.store.load(arrival.key, arrival.incoming.id)
            if loaded.seen:
                return await self.store.unsent(arrival.key)
            started = time.perf_counter()
            outcome = await self._decide(arrival, loaded.conversation, found)
            try:
                replies = await self.store.commit(self._turn(arrival, loaded, outcome))
            except Conflict:
                continue
            except Stale:
                found.clear()  # somebody was faster: what was found out of the case is old
                continue
            seconds = time.perf_counter() - started
            self.observe(outcome.understood, seconds)
            if outcome.refused:
                self.refused(outcome.refused)
            log.info("turn", extra=_figures(arrival, outcome, seconds))
            return replies
        raise Conflict(f"lost the race {LOST_RACES} times")

    async def _decide(
        self, arrival: Arrival, conversation: Conversation | None, found: dict[Want, Finding]
    ) -> Outcome:
        """Asks the pure core, finds out what it wants, and asks again until it wants nothing."""
        today = self.clock().date().isoformat()
        message = replace(
            arrival.message,
            day=today,
            fresh=self.recording.new_id(),
            conversation=arrival.key,
        )
        progress = Progress.read(conversation.progress) if conversation else Progress()
        try:
            while (outcome := self.assistant.answer(message, progress, found)).wants:
                for want in outcome.wants:
                    found[want] = await self._find(want, arrival)
        except Exception:
            if arrival.message.event:
                raise  # nobody has asked for it just now: it is kept, and told once it can be
            # A defect of ours must not cost the person their place: say so, and change nothing.
            log.exception("a message could not be decided")
            return self.assistant.trouble(progress)
        return outcome

    async def _find(self, want: Want, arrival: Arrival) -> Finding:
        """Finds out; what comes too late for this turn becomes a message of its own."""
        to, person = arrival.reference, arrival.message.person

        async def busy() -> None:
            await self.channel_of(to).busy(self.assistant.meanwhile(person, want), to)

        async def late(finding: Finding) -> None:
            incoming = Incoming(f"{arrival.incoming.id}/late")
            message = Message(person, late={want: finding})
            await self.take(Arrival(arrival.key, message, incoming, to))

        return await self.find(want, busy, late)

    def _turn(self, arrival: Arrival, loaded: Loaded, outcome: Outcome) -> Turn:
        channel, recorded = self.channel_of(arrival.reference), outcome.recorded
        at = self.clock()
        return Turn(
            key=arrival.key,
            version=loaded.conversation.version if loaded.conversation else 0,
            progress=outcome.progress.write(),
            reference=arrival.reference,
            incoming=arrival.incoming,
            replies=tuple(channel.shape(reply, arrival.reference) for reply in outcome.replies),
            at=at,
            missed=Missed(missed.text, missed.place, at) if (missed := outcome.missed) else None,
            case=self.recording.case(recorded, arrival.reference) if recorded else None,
            orders=(_order(done),) if (done := outcome.done) else (),
            changes=(_change(done),) if done else (),
            news=(_tomorrow(outcome.follow_up, arrival.key, at),) if outcome.follow_up else (),
            joined=_joined(arrival),
        )

    async def _send(self, replies: Sequence[Entry], to: Reference) -> None:
        """Sends in order and marks; stops at the first that fails, so that none overtakes it."""
        channel = self.channel_of(to)
        sent = []
        try:
            for entry in replies:
                try:
                    await channel.send(entry, to)
                except Refused as refusal:
                    log.warning("a reply was refused", extra={"why": str(refusal)})
                    await self.store.give_up(entry.seq, str(refusal))
                except Exception as failure:  # noqa: BLE001 - a channel can fail in any way
                    # Whatever went wrong on the way, the reply is stored and due again later.
                    log.warning("a reply could not be sent", extra={"why": type(failure).__name__})
                    await self._later(entry)
                    break
                else:
                    sent.append(entry.seq)
        finally:  # the end of the service cancels a turn: what the person has seen is marked
            if sent:
                await self.store.mark_sent(sent, self.clock())

    async def _later(self, entry: Entry) -> None:
        now = self.clock()
        if now - entry.at > STALE:
            await self.store.give_up(entry.seq, "not accepted within a day")
        else:
            wait = min(timedelta(seconds=2 ** min(entry.attempts, 10)), LONGEST_WAIT)
            await self.store.put_off(entry.seq, now + wait)


def _order(done: Done) -> Order:
    """What the desk is to do. Every change has a version of its own, and so has its order an id."""
    return Order(f"{done.case}/{done.version + 1}", done.case, done.kind, done.text)


def _change(done: Done) -> CaseChange:
    title, text = (done.reads.title, done.reads.text) if done.reads else (None, None)
    return CaseChange(done.case, done.version, cast(CaseState, done.state), title, text)


def _joined(arrival: Arrival) -> str:
    """Whose cases are told of here from now on: who begins anew on our own page cannot look at the
    conversation before any more. Of another channel we do not know who else reads along."""
    to, message = arrival.reference, arrival.message
    is_ours = to.channel == "directline" and not to.service_url
    return message.person.owner if is_ours and message.joined else ""


def _tomorrow(follow_up: str, key: str, at: datetime) -> News:
    return News(f"follow-up/{follow_up}", key, "follow up", follow_up, at + FOLLOW_UP)


def _figures(arrival: Arrival, outcome: Outcome, seconds: float) -> dict[str, object]:
    """What a log may hold of a turn: no text, and nothing that tells who it was."""
    return {
        "channel": arrival.reference.channel,
        "understood": outcome.understood,
        "replies": len(outcome.replies),
        "ms": round(1000 * seconds, 2),
    }
