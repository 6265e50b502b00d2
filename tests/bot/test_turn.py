"""One turn: what is decided once, committed whole, and seen once and in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast
from weakref import WeakValueDictionary

import pytest

from bot.app import Program, knowledge
from bot.desk.recording import shown
from bot.settings import Settings
from bot.storage.database import DatabaseStore, open_store
from bot.storage.inbox import Inbox
from bot.storage.migrate import upgrade
from bot.storage.outbox import Outbox
from bot.storage.records import CaseChange, Conflict, DeskEvent, Incoming, Order, Reference, Turn
from bot.storage.store import Store
from bot.telling import Telling
from bot.turn import LOST_RACES, Arrival, Refused, Turns
from dialogs.converse import Assistant
from dialogs.memory import AccountCheck, Place, Progress, Walk
from dialogs.model import CaseNews, Finding, Message, Person, PicStatus
from dialogs.reply import Reply
from tests.fakes import (
    PATIENCE,
    RECORDER,
    BusyStore,
    Clock,
    Confused,
    Directory,
    Killed,
    Meanwhile,
    Phone,
)

USER = Person("29:1", "A Lync user", "lync.user@fabrikam.com")
KEY = "sms/1"
TO = Reference(channel="sms", conversation="1", user_id=USER.id, user_name=USER.name)
DOMAIN = "add-skype-contact-custom-domain"

UNCHECKED = "I could not check whether your account"
ADDRESS = "Which e-mail address does your contact use"
BRACKETS = "the domain goes in round brackets: bob(contoso.com)@msn.com"
WHERE = "Where would you like to add the contact?"
HELLO = "Hello. I guide you"
TROUBLE = "Something went wrong on my side"


def heard(phone: Phone, *fragments: str) -> bool:
    """Whether a person has heard just this, in this order."""
    together = list(zip(phone.heard, fragments, strict=False))
    assert len(phone.heard) == len(fragments), phone.heard
    return all(fragment in text for text, fragment in together)


@dataclass
class World:
    """One person on the phone, and the program at the other end."""

    assistant: Assistant
    store: Store = field(default_factory=BusyStore)
    phone: Phone = field(default_factory=Phone)
    clock: Clock = field(default_factory=Clock)
    directory: Directory = field(default_factory=Directory)
    observed: list[str] = field(default_factory=list)

    def turns(self, assistant: Assistant | None = None) -> Turns:
        """A process of the program: with others it shares the store and nothing else."""
        self.directory.store = self.store
        return Turns(
            assistant=assistant or self.assistant,
            store=self.store,
            find=self.directory.find,
            channel_of=lambda _: self.phone,
            who=lambda to: Person(to.user_id, to.user_name),
            clock=self.clock,
            observe=lambda understood, _: self.observed.append(understood),
            recording=RECORDER,
            refused=lambda want: self.observed.append(want.address),
            locks=WeakValueDictionary(),
        )

    async def begin(self, progress: str) -> None:
        """A conversation whose progress was saved before."""
        await self.store.commit(Turn(KEY, 0, progress, TO, Incoming("0"), (), self.clock()))

    async def progress(self) -> Progress:
        """What is saved now."""
        conversation = await self.store.conversation(KEY)
        assert conversation is not None
        return Progress.read(conversation.progress)


@pytest.fixture
def world(built: Program) -> World:
    return World(built.assistant)


def says(text: str, activity_id: str = "", key: str = KEY) -> Arrival:
    """A message; each has an id of its own, unless it is told."""
    return Arrival(key, Message(USER, text), Incoming(activity_id or text, text), TO)


def saying(turns: Turns, text: str) -> Meanwhile:
    """Somebody says something while something else goes on."""
    return lambda: turns.take(says(text))


# --- an activity is decided once -------------------------------------------------------------


async def test_the_replies_of_a_turn_come_in_their_order(world: World) -> None:
    await world.turns().take(says("custom domain"))

    assert heard(world.phone, UNCHECKED, ADDRESS)
    assert world.observed == [DOMAIN]


async def test_the_same_activity_again_decides_and_sends_nothing_again(world: World) -> None:
    turns = world.turns()
    for _ in range(3):
        await turns.take(says("custom domain"))

    assert heard(world.phone, UNCHECKED, ADDRESS)
    assert world.observed == [DOMAIN]


@pytest.mark.parametrize("got_through", [0, 1])
async def test_the_same_activity_again_sends_what_did_not_get_through(
    world: World, got_through: int
) -> None:
    world.phone.next.extend([None] * got_through + [OSError("the connector is away")])
    turns = world.turns()

    await turns.take(says("custom domain"))
    assert heard(world.phone, *[UNCHECKED, ADDRESS][:got_through])

    await turns.take(says("custom domain"))
    assert heard(world.phone, UNCHECKED, ADDRESS)
    assert world.observed == [DOMAIN]


async def test_messages_of_one_conversation_are_taken_one_after_the_other(world: World) -> None:
    turns = world.turns()
    world.directory.next.append(lambda: asyncio.sleep(0))

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as together:
        together.create_task(turns.take(says("custom domain")))
        together.create_task(turns.take(says("bob@contoso.com")))

    assert heard(world.phone, UNCHECKED, ADDRESS, BRACKETS, "Some Lync clients", WHERE)


async def test_a_conversation_does_not_wait_for_another_one(world: World) -> None:
    turns, other = world.turns(), says("hello", key="sms/2")
    world.directory.next.append(lambda: turns.take(other))

    async with asyncio.timeout(PATIENCE):
        await turns.take(says("custom domain"))

    assert heard(world.phone, HELLO, UNCHECKED, ADDRESS)


# --- between the commit and the person -------------------------------------------------------


async def test_after_a_kill_before_sending_all_is_sent_once_and_in_order(world: World) -> None:
    world.phone.next.append(Killed())
    with pytest.raises(Killed):
        await world.turns().take(says("custom domain"))
    restarted = world.turns()

    assert await restarted.send_overdue() == 0, "it may be another process that is still at it"
    world.clock.advance(seconds=10)
    assert await restarted.send_overdue() == 1
    assert heard(world.phone, UNCHECKED, ADDRESS)

    world.clock.advance(hours=1)
    assert await restarted.send_overdue() == 0
    await restarted.take(says("custom domain"))
    assert heard(world.phone, UNCHECKED, ADDRESS)


async def test_what_was_sent_before_the_service_ends_is_not_sent_again(world: World) -> None:
    world.phone.next.extend([None, asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await world.turns().take(says("custom domain"))
    assert heard(world.phone, UNCHECKED)

    world.clock.advance(seconds=10)
    await world.turns().send_overdue()
    assert heard(world.phone, UNCHECKED, ADDRESS)


async def test_a_kill_before_the_commit_leaves_nothing_behind(world: World) -> None:
    async def kill() -> None:
        raise Killed

    world.directory.next.append(kill)
    with pytest.raises(Killed):
        await world.turns().take(says("custom domain"))
    assert await world.store.conversation(KEY) is None

    await world.turns().take(says("custom domain"))
    assert heard(world.phone, UNCHECKED, ADDRESS)


async def test_a_reply_that_fails_is_not_overtaken_by_the_next_one(world: World) -> None:
    turns = world.turns()
    world.phone.next.extend([OSError(), OSError()])

    await turns.take(says("custom domain"))
    await turns.take(says("repeat"))
    assert heard(world.phone)

    await turns.take(says("help"))
    assert heard(world.phone, UNCHECKED, ADDRESS, ADDRESS, "I guide you", "What would", "Back to")


async def test_a_refused_reply_is_given_up_and_the_next_one_sent(world: World) -> None:
    turns = world.turns()
    world.phone.next.append(Refused("the connector answered 403"))

    await turns.take(says("custom domain"))
    world.clock.advance(hours=1)

    assert heard(world.phone, ADDRESS)
    assert await turns.send_overdue() == 0
    assert heard(world.phone, ADDRESS)


async def test_a_reply_is_tried_again_less_and_less_often(world: World) -> None:
    turns = world.turns()
    failures = 14
    world.phone.next.extend(OSError() for _ in range(failures))
    await turns.take(says("hello"))

    waited = []
    for _ in range(failures - 1):
        began = world.clock.now
        while not await turns.send_overdue():
            world.clock.advance(seconds=1)
        waited.append((world.clock.now - began).total_seconds())

    assert waited == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert heard(world.phone)


async def test_a_reply_that_nobody_takes_for_a_day_holds_up_the_others_no_longer(
    world: World,
) -> None:
    turns = world.turns()
    world.phone.next.extend([OSError(), OSError()])
    await turns.take(says("hello"))
    world.clock.advance(hours=24, seconds=1)

    await turns.take(says("custom domain"))
    assert heard(world.phone)

    world.clock.advance(seconds=10)
    assert await turns.send_overdue() == 1
    assert heard(world.phone, UNCHECKED, ADDRESS)


# --- two processes on one store --------------------------------------------------------------


async def test_who_loses_the_race_decides_again_on_what_the_other_left(world: World) -> None:
    await walk_to(world, "custom domain", "bob@contoso.com", "Find someone box")
    slower, faster = world.turns(), world.turns()
    world.phone.heard.clear()
    busy(world).meanwhile.append(saying(faster, "done"))

    await slower.take(says("ok"))

    assert heard(world.phone, "Add the person who is found to a contact group", "Set the privacy")
    assert len(busy(world).commits) == 5


async def test_one_activity_in_two_processes_is_answered_once(world: World) -> None:
    slower, faster = world.turns(), world.turns()
    busy(world).meanwhile.append(saying(faster, "custom domain"))

    await slower.take(says("custom domain"))

    assert heard(world.phone, UNCHECKED, ADDRESS)
    assert len(busy(world).commits) == 1


async def test_a_message_is_decided_again_ten_times_and_no_more(world: World) -> None:
    slower, faster = world.turns(), world.turns()
    lost = [saying(faster, f"hello{n * '!'}") for n in range(LOST_RACES)]
    busy(world).meanwhile.extend(lost)

    with pytest.raises(Conflict):
        await slower.take(says("custom domain"))

    busy(world).meanwhile.extend(saying(faster, f"hi{n * '!'}") for n in range(LOST_RACES - 1))
    await slower.take(says("custom domain"))
    assert len(world.phone.heard) == 2 * LOST_RACES - 1 + len([UNCHECKED, ADDRESS])


async def walk_to(world: World, *texts: str) -> None:
    turns = world.turns()
    for text in texts:
        await turns.take(says(text))


def busy(world: World) -> BusyStore:
    assert isinstance(world.store, BusyStore)
    return world.store


# --- of our own accord -----------------------------------------------------------------------


@pytest.mark.parametrize(("days_before", "told"), [(0, True), (1000, False)])
async def test_a_notice_is_told_from_its_day_on(
    world: World, days_before: int, *, told: bool
) -> None:
    world.clock.advance(hours=-24 * days_before)
    assistant = replace(world.assistant, library=knowledge(Settings()))

    await world.turns(assistant).take(says("custom domain"))

    assert ("Skype for consumers was closed" in world.phone.heard[0]) is told


async def test_news_are_told_once_where_the_person_stands(world: World) -> None:
    await walk_to(world, "custom domain")
    world.phone.heard.clear()
    turns = world.turns()

    assert await turns.tell(KEY, "ticket-7", Reply("Your request is **solved**."))
    assert await turns.tell(KEY, "ticket-7", Reply("Your request is **solved**."))

    assert heard(world.phone, "Your request is solved.", "Back to")


async def test_news_for_nobody_are_not_kept(world: World) -> None:
    assert not await world.turns().tell("sms/unknown", "ticket-7", Reply("Solved."))
    assert await world.store.conversation("sms/unknown") is None
    assert heard(world.phone)


async def test_news_reach_the_person_later_where_the_channel_fails(world: World) -> None:
    await walk_to(world, "hello")
    world.phone.next.append(OSError())
    turns = world.turns()

    assert await turns.tell(KEY, "ticket-7", Reply("Your request is solved."))
    assert heard(world.phone, HELLO)

    world.clock.advance(seconds=1)
    await turns.send_overdue()
    assert heard(world.phone, HELLO, "Your request is solved.")


# --- what goes wrong inside ------------------------------------------------------------------


async def test_a_defect_is_answered_kindly_and_costs_nobody_their_place(world: World) -> None:
    await walk_to(world, "custom domain", "bob@contoso.com")
    before = await world.progress()
    world.phone.heard.clear()
    good = world.assistant
    confused = Confused(good.library, good.understander, good.rules)

    await world.turns(confused).take(says("Find someone box"))

    assert heard(world.phone, TROUBLE)
    assert world.observed[-1] == "trouble"
    assert await world.progress() == before
    await world.turns().take(says("Find someone box", "again"))
    assert heard(world.phone, TROUBLE, "bob(contoso.com)@msn.com")


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_who_wants_it_is_asked_again_a_day_later_once(
    built: Program, kept: DatabaseStore, clock: Clock
) -> None:
    world = World(replace(built.assistant, follow_ups=True), store=kept, clock=clock)
    turns = world.turns()
    telling = Telling(Inbox(kept.transactions), kept.case, turns.tell)
    await turns.take(says("custom domain"))
    await turns.take(says("ask me tomorrow"))
    world.phone.heard.clear()

    clock.advance(days=1, seconds=-1)
    await telling.run_once()
    assert heard(world.phone)

    clock.advance(seconds=1)
    await telling.run_once()
    await telling.run_once()
    assert heard(world.phone, "You asked me to come back to this today.", ADDRESS)


async def test_what_a_defect_keeps_from_being_told_is_told_once_it_is_mended(
    world: World,
) -> None:
    await world.turns().take(says("custom domain"))
    world.phone.heard.clear()
    good = world.assistant
    confused = Confused(good.library, good.understander, good.rules)

    with pytest.raises(LookupError):
        await world.turns(confused).tell(KEY, "ticket-7", Reply("Your request is solved."))
    assert heard(world.phone)

    assert await world.turns().tell(KEY, "ticket-7", Reply("Your request is solved."))
    assert "Your request is solved." in world.phone.heard[0]


async def test_a_directory_that_breaks_its_promise_costs_nothing_but_this_answer(
    world: World,
) -> None:
    world.directory.next.append(ValueError("not a finding"))
    turns = world.turns()

    await turns.take(says("custom domain"))
    await turns.take(says("custom domain", "again"))

    assert heard(world.phone, TROUBLE, UNCHECKED, ADDRESS)


@pytest.mark.parametrize(
    "saved",
    ["", "null", "[]", "{", '{"version": 2}', '{"walk": {"topic": 5}}', "[" * 10_000, "\ufffd"],
)
async def test_progress_that_cannot_be_read_begins_anew(world: World, saved: str) -> None:
    await world.begin(saved)

    await walk_to(world, "hello", "custom domain")

    assert heard(world.phone, HELLO, UNCHECKED, ADDRESS)


async def test_a_saved_step_that_is_no_more_begins_again_and_keeps_the_answers(
    world: World,
) -> None:
    at = Place(procedure=DOMAIN, step="a step of last year")
    walk = Walk(topic=DOMAIN, at=at, path=(at,), answers={"contact address": "bob@contoso.com"})
    await world.begin(Progress(walk=walk, card=7).write())

    await walk_to(world, "continue")
    changed = "This procedure has changed since you were last here"
    assert heard(world.phone, changed, UNCHECKED, BRACKETS, "Some Lync clients", WHERE)

    await walk_to(world, "Find someone box")
    assert "bob(contoso.com)@msn.com" in world.phone.heard[-1]


async def test_a_saved_procedure_that_is_no_more_is_as_if_none_were_under_way(
    world: World,
) -> None:
    walk = Walk(topic="gone", at=Place(procedure="gone", step="first"))
    await world.begin(Progress(walk=walk).write())

    await walk_to(world, "continue")

    assert heard(world.phone, "Nothing is under way")


# --- what is found out -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "answers"),
    [
        ("yes", ["Your account is allowed to reach people on Skype.", ADDRESS]),
        ("unknown", [UNCHECKED, ADDRESS]),
        ("no", ["Your account is not allowed to reach people on Skype.", "Send this to whoever"]),
    ],
)
async def test_what_a_decision_wants_is_found_out(
    world: World, outcome: str, answers: Sequence[str]
) -> None:
    want = PicStatus("lync.user@fabrikam.com")
    world.directory.known[want] = outcome

    await walk_to(world, "custom domain")

    assert world.directory.asked == [want]
    assert heard(world.phone, *answers)


async def test_no_transaction_is_open_while_something_is_found_out(
    world: World, sqlite_url: str
) -> None:
    await upgrade(sqlite_url)
    store, another = open_store(sqlite_url), open_store(sqlite_url)
    there = replace(world, store=another).turns()
    world.directory.next.append(lambda: there.take(says("hello", key="sms/2")))
    try:
        async with asyncio.timeout(PATIENCE):
            await replace(world, store=store).turns().take(says("custom domain"))
    finally:
        await store.close()
        await another.close()

    assert heard(world.phone, HELLO, UNCHECKED, ADDRESS)


# --- what takes long -------------------------------------------------------------------------


async def test_who_waits_is_shown_what_for(world: World) -> None:
    world.directory.next.append(world.directory.show)

    await world.turns().take(says("custom domain"))

    assert heard(world.phone, "One moment, I am checking your account.", UNCHECKED, ADDRESS)


def account(verdict: str) -> AccountCheck:
    noon = "2026-11-03T12:00:00+00:00"
    return AccountCheck(
        address=USER.address, enabled=False, verdict=verdict, at=noon, as_of=noon, who="lync_admin"
    )


async def test_a_late_answer_is_a_message_of_its_own_once(world: World) -> None:
    late = Finding("no", account("user_disabled"))
    await world.turns().take(says("custom domain"))
    await world.directory.late(late)
    await world.directory.late(late)

    missing = "Your account is switched off for Lync."
    assert heard(world.phone, UNCHECKED, ADDRESS, missing, "Back to “")
    assert (await world.progress()).account == late.account


async def test_what_was_found_out_is_not_asked_again_after_a_lost_race(world: World) -> None:
    turns = world.turns()
    store = cast(BusyStore, world.store)
    await turns.take(says("hello"))
    store.meanwhile.append(lambda: world.turns().take(says("thanks")))

    await turns.take(says("custom domain"))

    assert len(world.directory.asked) == 1


# --- cases -----------------------------------------------------------------------------------


@pytest.fixture
def helped(built: Program) -> World:
    """The same with a desk behind it."""
    return World(replace(built.assistant, desk=True))


async def test_a_case_is_recorded_with_the_turn_that_says_so(helped: World) -> None:
    turns = helped.turns()
    for text in ("custom domain", "talk to a person", "hand it over", "hand it over"):
        await turns.take(says(text, activity_id=f"{text} {len(helped.phone.heard)}"))

    (case,) = await helped.store.cases(USER.address, limit=9)
    assert (case.state, case.person, case.key) == ("recorded", USER.address, KEY)
    assert any(f"{case.id}: Add a Skype contact" in text for text in helped.phone.heard)


async def test_a_case_that_is_changed_reads_so_and_its_desk_gets_a_note(helped: World) -> None:
    turns = helped.turns()
    for text in ("talk to a person", "change the description", "It began on Monday", "yes"):
        await turns.take(says(text))
    (handed_over,) = await helped.store.cases(USER.address, limit=9)

    for text in (f"change the title {handed_over.id}", "Bob is offline"):
        await turns.take(says(text))

    (case,) = await helped.store.cases(USER.address, limit=9)
    assert (case.title, case.text, case.version) == ("Bob is offline", "It began on Monday", 2)
    assert case.content == handed_over.content
    assert isinstance(helped.store, BusyStore)
    _, note = helped.store.orders
    assert (note.id, note.kind) == (f"{case.id}/2", "note")
    assert note.body.endswith("Title: Bob is offline")


async def test_who_was_slower_is_told_that_the_case_is_over(helped: World) -> None:
    turns = helped.turns()
    for text in ("custom domain", "talk to a person", "hand it over", "withdraw"):
        await turns.take(says(text))
    (case,) = await helped.store.cases(USER.address, limit=9)
    helped.directory.next.append(lambda: helped.store.commit(elsewhere(case.id)))

    helped.phone.heard.clear()
    await turns.take(says("yes"))

    assert "you were here before" in helped.phone.heard[0]
    assert "is withdrawn" in helped.phone.heard[0]


def joins(key: str, channel: str = "directline", service_url: str = "") -> Arrival:
    """The same person opens another conversation."""
    to = Reference(channel=channel, conversation=key, user_id=USER.id, service_url=service_url)
    return Arrival(key, Message(USER, joined=True), Incoming("joined"), to)


async def case_key(world: World) -> str:
    """Where the only case is told of."""
    (case,) = await world.store.cases(USER.address, limit=9)
    return case.key


async def hand_over(turns: Turns, key: str = "web/1") -> None:
    for text in ("custom domain", "talk to a person", "hand it over"):
        await turns.take(says(text, key=key))


@pytest.mark.parametrize(
    ("channel", "service_url", "moves"),
    [
        ("directline", "", True),
        ("directline", "https://directline.example/", False),
        ("msteams", "https://smba.example/", False),
        ("console", "", False),
    ],
)
async def test_who_begins_anew_on_our_own_page_hears_of_their_cases_there(
    helped: World, channel: str, service_url: str, *, moves: bool
) -> None:
    turns = helped.turns()
    await hand_over(turns)

    await turns.take(joins("web/2", channel, service_url))

    assert await case_key(helped) == ("web/2" if moves else "web/1")


async def test_who_looks_at_our_page_still_hears_in_teams_of_what_began_there(
    helped: World,
) -> None:
    turns = helped.turns()
    await hand_over(turns, "msteams/1")

    await turns.take(joins("web/2"))

    assert await case_key(helped) == "msteams/1"


async def test_who_joins_again_or_says_something_else_moves_nothing(helped: World) -> None:
    turns = helped.turns()
    await turns.take(joins("web/2"))
    await hand_over(turns)

    await turns.take(joins("web/2"))
    await turns.take(says("hello", key="web/2"))

    assert await case_key(helped) == "web/1"


async def test_who_does_something_to_a_case_hears_of_it_where_they_did(helped: World) -> None:
    turns = helped.turns()
    await hand_over(turns)

    await turns.take(says("my cases", key="sms/2"))
    assert await case_key(helped) == "web/1"

    await turns.take(says("add a note", key="sms/2"))
    await turns.take(says("It works on the telephone", key="sms/2"))
    assert await case_key(helped) == "sms/2"


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_what_waits_is_told_where_the_person_is_now_once(
    built: Program, kept: DatabaseStore, clock: Clock
) -> None:
    world = World(replace(built.assistant, desk=True), store=kept, clock=clock)
    turns = world.turns()
    telling = Telling(Inbox(kept.transactions), kept.case, turns.tell)
    await hand_over(turns)
    (case,) = await kept.cases(USER.address, limit=9)
    asked = DeskEvent("1", RECORDER.desk, case.id, "waiting", "Which version?", clock())
    await kept.note_event(asked, clock())

    await turns.take(joins("web/2"))
    world.phone.heard.clear()
    for _ in range(2):
        await telling.run_once()
        clock.advance(hours=1)

    assert heard(world.phone, "The helpdesk writes about case", "waits for your answer")
    said = [line.text for line in await kept.lines("web/2", 9)]
    assert "waits for your answer" in said[-1]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_who_was_killed_while_telling_tells_it_once_wherever_the_person_is(
    built: Program, kept: DatabaseStore, clock: Clock
) -> None:
    world = World(replace(built.assistant, desk=True), store=kept, clock=clock)
    turns, inbox = world.turns(), Inbox(kept.transactions)
    await hand_over(turns)
    (case,) = await kept.cases(USER.address, limit=9)
    await kept.note_event(DeskEvent("1", RECORDER.desk, case.id, "assigned", "", clock()), clock())
    [letter] = await inbox.claim(1, timedelta(minutes=2))
    await turns.tell(letter.news.key, letter.news.id, CaseNews(shown(case), "", moved=True))
    world.phone.heard.clear()

    await turns.take(joins("web/2"))
    clock.advance(minutes=2)
    await Telling(inbox, kept.case, turns.tell).run_once()

    assert heard(world.phone, HELLO)
    assert await inbox.overdue() == 0


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_that_a_desk_took_no_case_is_said_once(
    built: Program, kept: DatabaseStore, clock: Clock, outbox: Outbox
) -> None:
    world = World(replace(built.assistant, desk=True), store=kept, clock=clock)
    turns = world.turns()
    telling = Telling(Inbox(kept.transactions), kept.case, turns.tell)
    await hand_over(turns)
    (case,) = await kept.cases(USER.address, limit=9)
    world.phone.heard.clear()

    for _ in range(2):
        await outbox.claim("ann", case.desk, 1, timedelta(minutes=1))
        await outbox.park(case.id, "ann", "It refused with status 404.")
        await telling.run_once()
        await outbox.resend(case.id, case.desk)

    said = f"Case {case.id} is recorded, and the helpdesk's system did not take it."
    assert heard(world.phone, said)


def elsewhere(case_id: str) -> Turn:
    """The same person withdraws the case in another conversation."""
    change = CaseChange(case_id, 1, "withdrawn")
    order = Order(f"{case_id}/2", case_id, "withdrawn")
    noon = Clock().now
    return Turn("sms/2", 0, "{}", TO, Incoming("1"), (), noon, orders=(order,), changes=(change,))
