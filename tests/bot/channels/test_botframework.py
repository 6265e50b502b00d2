"""/api/messages from outside: the whole program over HTTP, with a connector that takes replies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from aiohttp import ClientSession

from bot.app import Program
from bot.channels import botframework as adapter
from bot.channels.botframework import BotFramework
from bot.channels.render import NO_GALLERY
from bot.storage.records import Incoming, Outgoing, Reference, Turn
from bot.web import LARGEST_BODY
from dialogs.model import Person
from tests.bot.caller import Caller, Http
from tests.bot.conftest import Serve
from tests.fakes import Answer, Connector, Json

HELLO = "Hello. I guide you"
UNCHECKED = "I could not check whether your account"
CHECKED = "Your account is allowed to reach people on Skype."
ADDRESS = "Which e-mail address does your contact use"
BRACKETS = "the domain goes in round brackets: bob(contoso.com)@msn.com"
WHERE = "Where would you like to add the contact?"
BOX = (
    "type this into the box Find someone or a room, or dial a number.\nPicture: Lync with the field"
)
ACCEPTED = "until each of you has accepted the other"

WALK = [
    ("custom domain", [CHECKED, ADDRESS]),
    ("it is bob@contoso.com", [BRACKETS, "Some Lync clients put the brackets in", WHERE]),
    ("the find someone box", [BOX]),
    ("done", ["Add the person who is found to a contact group."]),
    ("done", ["Set the privacy relationship for the new contact."]),
    ("ok", ["Your contact now stands in your list."]),
    ("next", [ACCEPTED]),
    ("did it", ["open the contact card, click Call, then Lync Call."]),
    ("done", ["Did that work?"]),
    ("yes", ["Good to hear."]),
]
NUMBERS = ["2", "bob@contoso.com", "2", "1", "1", "1.", "1)", "1", "1", "1"]
LABELS = ["Find someone box", "Done", "Done", "Done", "Done", "Done", "Done", "Yes"]


def hears(replies: list[str], expected: list[str]) -> None:
    """Each reply holds its fragment, and there is no other reply."""
    assert len(replies) == len(expected), replies
    for reply, fragment in zip(replies, expected, strict=True):
        assert fragment in reply


# --- talks -----------------------------------------------------------------------------------


async def test_a_contact_is_added_by_typing(caller: Caller) -> None:
    hears(await caller.joins(), [HELLO])
    for text, replies in WALK:
        hears(await caller.says(text), replies)
    hears(await caller.says("done"), ["Nothing is under way"])


async def test_a_contact_is_added_by_typing_numbers(caller: Caller) -> None:
    await caller.joins()
    for number, (_, replies) in zip(NUMBERS, WALK, strict=True):
        hears(await caller.says(number), replies)


async def test_a_contact_is_added_by_pressing_buttons(caller: Caller) -> None:
    caller.channel = "msteams"
    hears(await caller.joins(), [HELLO])
    begin = "Add a Skype contact whose address is on another domain"
    hears(await caller.presses(begin), [CHECKED, ADDRESS])
    hears(await caller.says("bob@contoso.com"), ["", "", WHERE])

    for label, (_, replies) in zip(LABELS, WALK[2:], strict=True):
        hears(await caller.presses(label), replies)


async def test_a_button_of_an_earlier_card_changes_nothing(caller: Caller) -> None:
    caller.channel = "msteams"
    await caller.says("custom domain")
    await caller.says("bob@contoso.com")
    earlier = caller.connector.posts[-1]
    await caller.presses("Find someone box")

    hears(await caller.presses_on(earlier, "Find someone box"), ["That card is behind you", BOX])
    hears(await caller.presses_on(earlier, "Add a Contact icon"), ["That card is behind you", BOX])
    hears(await caller.presses("Done"), ["Add the person who is found"])


@pytest.mark.parametrize(
    "value", [{"says": 5}, {"card": 1}, {"says": "done", "card": -1}, "done", [], 7, False]
)
async def test_data_that_is_no_button_of_ours_is_an_empty_message(
    caller: Caller, value: object
) -> None:
    hears(await caller.sends(type="message", value=value), ["That message was empty"])


async def test_text_and_a_pressed_button_are_the_button(caller: Caller) -> None:
    """As Teams sends `messageBack`: what stands in the text is for the transcript."""
    pressed = {"says": "custom domain", "card": 0}
    hears(await caller.sends(text="Begin", value=pressed), [CHECKED, ADDRESS])


async def test_a_restart_in_the_middle_goes_on_at_the_same_step(
    serve: Serve, program: Program, connector: Connector
) -> None:
    before = Caller(await serve(program), connector)
    await before.joins()
    for text, _ in WALK[:3]:
        await before.says(text)
    await before.http.close()

    after = Caller(await serve(program), connector, ids=before.ids)
    hears(await after.says("continue"), [BOX])
    for text, replies in WALK[3:]:
        hears(await after.says(text), replies)


async def test_what_a_killed_process_left_behind_is_sent_at_the_start(
    serve: Serve, program: Program, connector: Connector
) -> None:
    to = Reference(
        channel="sms", conversation="1", user_id="29:1", bot_id="28:b", service_url=connector.url
    )
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    said = Outgoing('{"type": "message", "text": "Still here."}', "Still here.")
    turn = Turn("bf/sms/1/1/29:1", 0, "{}", to, Incoming("1"), (said, said), hour_ago)
    await program.store.commit(turn)

    await serve(program)

    await connector.received(2)
    assert connector.texts == ["Still here.", "Still here."]


# --- what a connector receives ---------------------------------------------------------------


async def test_a_text_as_a_connector_receives_it(caller: Caller) -> None:
    await caller.says("thanks")

    [post] = caller.connector.posts
    assert (post.conversation, post.reply_to) == ("room/1", "activity-1")
    assert post.activity == {
        "type": "message",
        "text": "You are welcome.",
        "textFormat": "plain",
        "from": {"id": "28:bot", "name": "Assistant"},
        "recipient": {"id": "lync.user@fabrikam.com", "name": "A user"},
        "conversation": {"id": "room/1"},
        "locale": "en-GB",
        "replyToId": "activity-1",
    }


async def test_a_card_as_a_connector_receives_it(caller: Caller) -> None:
    caller.channel = "msteams"
    await caller.joins()
    await caller.says("custom domain")

    card = caller.connector.posts[-1].activity
    assert set(card) == {
        "type", "summary", "attachments", "channelData",
        "from", "recipient", "conversation", "locale", "replyToId",
    }  # fmt: skip
    [attachment] = card["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["type"] == "AdaptiveCard"
    assert caller.connector.posts[-1].buttons[0] == {
        "type": "Action.Submit",
        "title": "I don't know it",
        "data": {"says": "stuck", "card": 1, "label": "I don't know it"},
    }


async def test_who_joined_without_an_activity_id_is_not_replied_to_but_spoken_to(
    caller: Caller,
) -> None:
    await caller.sends(type="conversationUpdate", id=None, membersAdded=[{"id": "29:1"}])

    [post] = caller.connector.posts
    assert post.reply_to == ""
    assert "replyToId" not in post.activity
    assert post.activity["recipient"] == {"id": "29:1", "name": ""}


# --- which activities are answered -----------------------------------------------------------


async def test_the_same_activity_again_is_not_answered_again(caller: Caller) -> None:
    hears(await caller.sends(id="1", text="custom domain"), [CHECKED, ADDRESS])
    hears(await caller.sends(id="1", text="custom domain"), [])
    hears(await caller.sends(id="1", text="cancel"), [])
    hears(await caller.says("repeat"), [ADDRESS])


async def test_activities_without_an_id_are_each_a_message_of_their_own(caller: Caller) -> None:
    hears(await caller.sends(id=None, text="thanks"), ["You are welcome."])
    hears(await caller.sends(id=None, text="thanks"), ["You are welcome."])


@pytest.mark.parametrize(
    "kind",
    ["typing", "event", "endOfConversation", "foo", "messageReaction", "messageUpdate", "trace",
     "messageDelete", "installationUpdate", "contactRelationUpdate", "handoff", "MESSAGE"],
)  # fmt: skip
async def test_an_activity_that_is_no_message_is_taken_without_a_word(
    caller: Caller, kind: str
) -> None:
    hears(await caller.sends(type=kind, text="custom domain"), [])


async def test_an_invoke_is_refused_in_clear_words(caller: Caller) -> None:
    invoke = caller.activity(type="invoke", name="adaptiveCard/action", value={"action": {}})

    assert await caller.posts(invoke) == (
        400,
        {"type": "about:blank", "title": "No invoke is served here", "status": 400},
    )


async def test_everybody_who_joins_is_greeted_once_and_the_assistant_is_not(
    caller: Caller,
) -> None:
    members = [{"id": "28:bot"}, {"id": "29:1"}, {"id": "29:2"}]
    update = {"type": "conversationUpdate", "membersAdded": members}

    hears(await caller.sends(**update), [HELLO, HELLO])
    hears(await caller.sends(**update), [])
    assert [post.activity["recipient"]["id"] for post in caller.connector.posts] == ["29:1", "29:2"]


async def test_who_leaves_is_let_go_in_silence(caller: Caller) -> None:
    hears(await caller.sends(type="conversationUpdate", membersRemoved=[{"id": "29:1"}]), [])


# --- whose conversation it is ----------------------------------------------------------------


async def test_somebody_else_in_the_same_conversation_sees_and_changes_nothing(
    caller: Caller,
) -> None:
    await caller.says("custom domain")
    await caller.says("bob@contoso.com")
    other = Caller(caller.http, caller.connector, user="29:other", ids=caller.ids)

    for text in ("repeat", "continue", "back", "1", "cancel"):
        assert "contoso" not in "".join(await other.says(text))
    hears(await other.says("custom domain"), [ADDRESS])

    hears(await caller.says("repeat"), [WHERE])


async def test_no_slash_in_an_id_leads_into_another_conversation(caller: Caller) -> None:
    caller.room, caller.user = "a/b", "c"
    hears(await caller.says("custom domain"), [UNCHECKED, ADDRESS])

    caller.room, caller.user = "a", "b/c"
    hears(await caller.says("repeat"), ["Nothing is under way"])


async def test_who_somebody_is_says_the_channel_and_not_their_text(caller: Caller) -> None:
    caller.user = "29:stranger"
    [_, summary] = await caller.says("talk to a person")
    assert "From: A user" in summary

    await caller.says("I am lync.user@fabrikam.com")
    [_, summary] = await caller.says("talk to a person")
    assert "fabrikam" not in summary


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("type", "type"),
        ("channelId", "channelId"),
        ("serviceUrl", "serviceUrl"),
        ("from", "from"),
        ("conversation", "conversation"),
        ("recipient", "recipient"),
    ],
)
async def test_a_missing_field_is_named(caller: Caller, missing: str, named: str) -> None:
    status, problem = await caller.posts(caller.activity(text="hello", **{missing: None}))

    assert status == 400
    assert problem["title"] == "Not a Bot Framework activity"
    assert problem["detail"].startswith(f"{named}: ")
    assert not caller.connector.dialled


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"type": ""}, "type"),
        ({"type": 5}, "type"),
        ({"id": ""}, "id"),
        ({"id": 5}, "id"),
        ({"id": "1\n2"}, "id"),
        ({"id": "ü" * 201}, "id"),
        ({"channelId": "a/b"}, "channelId"),
        ({"channelId": "x" * 101}, "channelId"),
        ({"from": "29:1"}, "from"),
        ({"from": {"name": "A user"}}, "from.id"),
        ({"from": {"id": "x" * 401}}, "from.id"),
        ({"from": {"id": "29:1\0"}}, "from.id"),
        ({"from": {"id": "29:1", "name": 5}}, "from.name"),
        ({"conversation": {}}, "conversation.id"),
        ({"conversation": {"id": "🙂" * 101}}, "conversation.id"),
        ({"recipient": []}, "recipient"),
        ({"text": 5}, "text"),
        ({"text": ["hello"]}, "text"),
        ({"locale": "e n"}, "locale"),
        ({"membersAdded": {}}, "membersAdded"),
        ({"membersAdded": [{}]}, "membersAdded.0.id"),
        ({"membersAdded": [{"id": "1"}] * 101}, "membersAdded"),
    ],
)
async def test_a_wrong_field_is_named(caller: Caller, fields: Json, named: str) -> None:
    status, problem = await caller.posts(caller.activity(**{"text": "hello", **fields}))

    assert (status, problem["detail"].partition(": ")[0]) == (400, named)


@pytest.mark.parametrize(
    "fields",
    [
        {"timestamp": "yesterday"},
        {"localTimestamp": 5},
        {"entities": "none"},
        {"attachments": [7]},
        {"conversation": {"id": "1", "isGroup": "perhaps"}},
        {"relatesTo": 5},
    ],
)
async def test_a_field_that_we_do_not_read_may_hold_anything(caller: Caller, fields: Json) -> None:
    hears(await caller.sends(text="hello", **fields), [HELLO])


async def test_the_longest_ids_are_taken(caller: Caller) -> None:
    caller.user, caller.room = "ü" * 200, "🙂" * 100
    hears(await caller.sends(id="x" * 400, text="hello"), [HELLO])


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"", "application/json", 400, id="empty"),
        pytest.param(b"not json", "application/json", 400, id="no-json"),
        pytest.param(b"[]", "application/json", 400, id="list"),
        pytest.param(b"null", "application/json", 400, id="null"),
        pytest.param(b'"text"', "application/json", 400, id="text"),
        pytest.param(b"{}", "application/json", 400, id="nothing"),
        pytest.param(b'{"type": "message"', "application/json", 400, id="cut-off"),
        pytest.param(bytes(range(256)), "application/json", 400, id="binary"),
        pytest.param(b'{"text": "\xff"}', "application/json", 400, id="no-utf-8"),
        pytest.param(b'{"text": "\\ud800"}', "application/json", 400, id="half-a-pair"),
        pytest.param(b"[" * 100_000, "application/json", 400, id="deep"),
        pytest.param(b" " * 5_000_000, "application/json", 413, id="5-MB"),
        pytest.param(b" " * (LARGEST_BODY + 1), "application/json", 413, id="one-byte-more"),
        pytest.param(b" " * LARGEST_BODY, "application/json", 400, id="as-large-as-may-be"),
        pytest.param(b"{}", "text/plain", 415, id="text/plain"),
        pytest.param(b"{}", "application/x-www-form-urlencoded", 415, id="form"),
        pytest.param(b"{}", "nonsense", 415, id="nonsense"),
    ],
)
async def test_a_body_that_is_no_activity_is_refused(
    http: Http, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    async with http.post("/api/messages", data=BytesIO(body), headers=headers) as answer:
        problem = await answer.json(content_type="application/problem+json")

    assert (answer.status, problem["status"]) == (status, status)
    assert problem["title"]


async def test_a_body_may_be_nested_as_deep_as_channels_do_and_no_deeper(caller: Caller) -> None:
    def nested(levels: int) -> object:
        return [nested(levels - 1)] if levels > 1 else []

    assert (await caller.posts(caller.activity(text="hello", value=nested(30))))[0] == 200
    status, problem = await caller.posts(caller.activity(text="hello", value=nested(32)))
    assert (status, problem["title"]) == (400, "The body is nested too deep")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 100_000, id="100-kB"),
        pytest.param("bob@contoso.com " * 6000, id="6000-addresses"),
        pytest.param("\0\0hello\0", id="NUL"),
        pytest.param("\x1b[31m\u202e\u200b\ufeff", id="control"),
        pytest.param("🙂👩‍👩‍👧‍👦" * 100, id="emoji"),
        pytest.param("{lync address} {0} %s ${x} {{7*7}}", id="templates"),
        pytest.param("'; DROP TABLE entries; --", id="sql"),
        pytest.param("<script>alert(1)</script>", id="html"),
        pytest.param("", id="empty"),
        pytest.param(" \n\t ", id="blank"),
    ],
)
async def test_any_text_is_answered_and_costs_nobody_their_place(caller: Caller, text: str) -> None:
    await caller.says("custom domain")
    await caller.says("bob@contoso.com")

    [*_, answer] = await caller.says(text)

    assert "Something went wrong on my side" not in answer
    hears(await caller.says("continue"), [WHERE])


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/",
        "https://smba.example/emea/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://evil.example#@127.0.0.1/",
        "http://evil.example\\@127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://[",
        "http:///v3/",
        "http://127.0.0.1:99999/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "127.0.0.1",
        "localhost",
    ],
)
async def test_a_service_url_of_another_machine_is_refused_and_nothing_kept(
    caller: Caller, program: Program, url: str
) -> None:
    status, problem = await caller.posts(caller.activity(text="hello", serviceUrl=url))

    assert (status, problem["title"]) == (403, "Not a service URL of this machine")
    assert await program.store.overdue(datetime.now(UTC) + timedelta(days=1), 1) == []


async def test_service_urls_of_this_machine_are_used(caller: Caller) -> None:
    port = caller.connector.url.rpartition(":")[2]
    for url in (f"http://localhost:{port}", f"http://127.0.0.1:{port}"):
        hears(await caller.sends(text="thanks", serviceUrl=url), ["You are welcome."])


# --- a connector that fails ------------------------------------------------------------------


@pytest.mark.parametrize("answer", [500, 503, 429, 401, 302, 307, "cut"])
async def test_a_connector_that_fails_costs_the_channel_nothing_and_no_reply(
    caller: Caller, answer: Answer
) -> None:
    caller.connector.answers.append(answer)

    hears(await caller.sends(id="1", text="custom domain"), [])
    assert caller.connector.dialled == 1, "neither redirects nor the next reply are tried"

    hears(await caller.sends(id="1", text="custom domain"), [CHECKED, ADDRESS])


@pytest.mark.parametrize("answer", [400, 403, 404, 410, 413])
async def test_a_reply_that_is_refused_for_good_holds_up_no_other_one(
    caller: Caller, answer: Answer
) -> None:
    caller.connector.answers.append(answer)

    hears(await caller.sends(id="1", text="custom domain"), [ADDRESS])
    hears(await caller.sends(id="1", text="custom domain"), [])


async def test_a_connector_that_is_not_there_costs_the_channel_nothing(caller: Caller) -> None:
    async with Connector.listening() as gone:
        url = gone.url
    hears(await caller.sends(text="custom domain", serviceUrl=url), [])

    hears(await caller.says("repeat"), [CHECKED, ADDRESS, ADDRESS])


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"id": 5}', b"not json"])
async def test_whatever_else_a_connector_says_it_has_taken_the_reply(
    caller: Caller, body: bytes
) -> None:
    caller.connector.says = body

    hears(await caller.sends(id="1", text="thanks"), ["You are welcome."])
    hears(await caller.sends(id="1", text="thanks"), [])


async def test_who_waits_sees_typing_and_a_sentence(connector: Connector) -> None:
    here = Reference(
        channel="msteams",
        conversation="room",
        activity_id="activity-1",
        user_id="29:1",
        bot_id="28:bot",
        service_url=connector.url,
    )
    async with ClientSession() as session:
        framework = BotFramework(adapter.Connector(session), Person, str, NO_GALLERY)
        await framework.busy("One moment.", here)

    assert [post.activity["type"] for post in connector.posts] == ["typing", "message"]
    assert connector.posts[1].text == "One moment."


async def test_an_address_that_the_operator_knows_is_theirs(
    serve: Serve, program: Program, connector: Connector
) -> None:
    known = replace(program, addresses={"0-1-2": "blocked.user@fabrikam.com"})
    caller = Caller(await serve(known), connector, user="29:1x")

    answers = await caller.says("custom domain")
    assert "The external access policy of your account forbids contacts on Skype." in answers[0]
