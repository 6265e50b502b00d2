"""The environment: every wrong variable is named at once, and no secret is shown."""

import re
from pathlib import Path

import pytest

from bot.desk_settings import DeskSettings
from bot.directory_settings import DirectorySettings
from bot.environment import PREFIX, SettingsError
from bot.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "env.example"
SETTING = re.compile(r"(?P<comment>(?:^# .+\n)+)^#(?P<name>\w+)=(?P<value>.*)$", re.MULTILINE)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which nothing is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    return monkeypatch


def refusal(environment: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """What is said, line by line, where these variables are set."""
    for name, value in variables.items():
        environment.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return str(refused.value).splitlines()


def test_without_any_variable_it_is_the_demo(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()

    assert settings.database_url == "sqlite+aiosqlite:///var/assistant.db"
    assert settings.sip_domains == {"fabrikam.com"}
    assert settings.directline_secret is None


def test_values_come_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://assistant@localhost/assistant",
        "DATA_DIR": "/srv/assistant",
        "SIP_DOMAINS": " Contoso.com, ,fabrikam.com ",
        "ADDRESS_SUFFIX": "hotmail.com",
        "DIRECTLINE_SECRET": "a secret",
        "TRANSCRIPT_DAYS": "7",
        "LOG_TEXT": "true",
    }.items():
        environment.setenv(PREFIX + name, value)

    settings = read_settings()

    assert settings.database_url == "postgresql://assistant@localhost/assistant"
    assert settings.data_dir == Path("/srv/assistant")
    assert settings.address_rules.own_domains == {"contoso.com", "fabrikam.com"}
    assert settings.address_rules.suffix == "hotmail.com"
    assert settings.directline_secret
    assert settings.directline_secret.get_secret_value() == "a secret"
    assert (settings.transcript_days, settings.log_text) == (7, True)


def test_every_wrong_variable_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    lines = refusal(
        environment,
        LANGUAGE="english",
        TRANSCRIPT_DAYS="0",
        LOG_LEVEL="debug",
        LOG_FORMAT="xml",
        LOGTEXT="true",
    )

    named = [line.split()[0].removeprefix(PREFIX) for line in lines]
    assert named == ["LOGTEXT", "LANGUAGE", "TRANSCRIPT_DAYS", "LOG_FORMAT", "LOG_LEVEL"]
    assert "ASSISTANT_LANGUAGE is wrong ('english'): String should match" in lines[1]


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASEURL", "DATABASE_URL"),
        ("SIP_DOMAIN", "SIP_DOMAINS"),
        ("LANG", "LANGUAGE"),
        ("LOGLEVEL", "LOG_LEVEL"),
    ],
)
def test_a_misspelt_variable_is_refused_and_the_right_one_named(
    environment: pytest.MonkeyPatch, misspelt: str, meant: str
) -> None:
    [line] = refusal(environment, **{misspelt: "secret"})

    assert line == f"{PREFIX}{misspelt} is not a setting. Did you mean {PREFIX}{meant}?"


def test_a_variable_like_none_of_ours_is_refused(environment: pytest.MonkeyPatch) -> None:
    [line] = refusal(environment, XYZ="secret")

    assert line == "ASSISTANT_XYZ is not a setting. See deploy/env.example for those there are."


def test_variables_of_others_are_left_alone(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASSISTANTS_LANGUAGE", "english")
    environment.setenv("LANGUAGE", "de:en")

    assert read_settings().language == "en"


@pytest.mark.parametrize("issuer", ["https://login.example.com/v2.0/", "http://127.0.0.1:8080"])
def test_an_issuer_is_kept_as_its_tokens_name_it(
    environment: pytest.MonkeyPatch, issuer: str
) -> None:
    environment.setenv(f"{PREFIX}ADMIN_API_ISSUER", issuer)
    environment.setenv(f"{PREFIX}ADMIN_API_AUDIENCE", "api://pic-directory")

    settings = read_settings()

    assert (settings.admin_api_issuer, settings.knows_callers) == (issuer, True)


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({"ISSUER": "https://login.example.com"}, ["AUDIENCE"]),
        ({"ISSUER": "https://login.example.com", "AUDIENCE": " "}, ["AUDIENCE"]),
        ({"AUDIENCE": "api"}, ["AUDIENCE"]),
        ({"ISSUER": "http://login.example.com", "AUDIENCE": "api"}, ["ISSUER"]),
        ({"ISSUER": "login.example.com", "AUDIENCE": "api"}, ["ISSUER"]),
        ({"ISSUER": "https://a:b@login.example.com", "AUDIENCE": "api"}, ["ISSUER"]),
        ({"ISSUER": "https://login.example.com/?a", "AUDIENCE": "api"}, ["ISSUER"]),
        ({"ISSUER": "http://10.0.0.1"}, ["ISSUER"]),
    ],
)
def test_an_issuer_needs_an_audience_and_an_address_that_is_believed(
    environment: pytest.MonkeyPatch, variables: dict[str, str], wrong: list[str]
) -> None:
    lines = refusal(environment, **{f"ADMIN_API_{name}": v for name, v in variables.items()})

    assert [line.split()[0].removeprefix(f"{PREFIX}ADMIN_API_") for line in lines] == wrong


@pytest.mark.parametrize("value", ["off", "on", "127.0.0.1", "::1"])
def test_dns_is_asked_where_it_is_said(environment: pytest.MonkeyPatch, value: str) -> None:
    environment.setenv(f"{PREFIX}DIRECTORY_DNS", value)

    assert read_settings().directory_dns == value


@pytest.mark.parametrize("value", ["", "true", "dns.example.com", "127.0.0.1:53"])
def test_another_nameserver_than_an_address_is_refused(
    environment: pytest.MonkeyPatch, value: str
) -> None:
    [line] = refusal(environment, DIRECTORY_DNS=value)

    assert line.startswith(
        f"ASSISTANT_DIRECTORY_DNS is wrong ({value!r}): it is neither on nor off"
    )


@pytest.mark.parametrize(
    "url",
    ["", "assistant.db", "sqlite://", "sqlite:///:memory:", "oracle://user:geheim@host/db",
     "postgresql://user:geheim@host:port/db", "postgresql://user:geheim/db"],
)  # fmt: skip
def test_a_wrong_database_is_refused_and_its_password_not_shown(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    [line] = refusal(environment, DATABASE_URL=url)

    assert line.startswith("ASSISTANT_DATABASE_URL is wrong: ")
    assert "geheim" not in line


@pytest.mark.parametrize(
    "url",
    ["http://assistant.example.com", "assistant.example.com", "https://", "https://a:b@c.example",
     "https://a.example/?b", "https://a.example/#b", "https://[::1"],
)  # fmt: skip
def test_an_address_that_others_cannot_reach_by_https_is_refused(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    [line] = refusal(environment, PUBLIC_URL=url)

    assert line.startswith(f"ASSISTANT_PUBLIC_URL is wrong ({url!r}): ")


def test_the_address_of_the_service_ends_without_a_slash(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv(f"{PREFIX}PUBLIC_URL", "https://example.com/assistant/")

    assert read_settings().public_url == "https://example.com/assistant"


@pytest.mark.parametrize(
    "url",
    ["http://lync-admin.example.com", "lync-admin", "https://", "https://a:b@c.example",
     "https://a.example/?b", "http://10.0.0.1:3979"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["DIRECTORY_URL", "LYNC_URL"])
def test_a_directory_that_is_asked_in_the_clear_is_refused(
    environment: pytest.MonkeyPatch, name: str, url: str
) -> None:
    [line] = refusal(environment, **{name: url})

    assert line.startswith(f"ASSISTANT_{name} is wrong ({url!r}): it is no https address")


@pytest.mark.parametrize("url", ["https://lync-admin.example.com/", "http://127.0.0.1:3979"])
def test_a_directory_is_asked_by_https_or_on_this_machine(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("ASSISTANT_DIRECTORY_URL", url)

    assert read_settings().directory_url == url.rstrip("/")


@pytest.mark.parametrize("name", ["ROUNDUP", "RT"])
def test_a_ticketing_system_needs_a_safe_address_and_a_secret(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    secret = {"ROUNDUP": "ROUNDUP_PASSWORD", "RT": "RT_TOKEN"}[name]

    lines = refusal(environment, **{f"{name}_URL": "http://desk.example.com", secret: " "})
    assert [line.split()[0].removeprefix(PREFIX) for line in lines] == [f"{name}_URL", secret]

    environment.delenv(PREFIX + secret)
    [line] = refusal(environment, **{f"{name}_URL": "https://desk.example.com/x/"})
    assert line == f"ASSISTANT_{secret} is wrong: ASSISTANT_{name}_URL needs it."

    environment.setenv(PREFIX + secret, "geheim")
    settings = read_settings()
    assert "https://desk.example.com/x" in {settings.roundup_url, settings.rt_url}
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("ROUNDUP_URL", "https://tickets.example.com/tracker"),
        ("RT_URL", "https://tickets.example.com"),
        ("DIRECTORY_URL", "https://lync-admin.example.com"),
    ],
)
def test_a_wrong_address_is_told_an_example_of_its_own(
    environment: pytest.MonkeyPatch, name: str, example: str
) -> None:
    [line] = refusal(environment, **{name: "desk"})

    assert line.endswith(f"it is no https address, as in {example}.")


@pytest.mark.parametrize(
    ("desk", "says"),
    [
        ("rondup", "did you mean roundup? There are webhook, roundup, rt."),
        ("Webhook", "did you mean webhook? There are webhook, roundup, rt."),
        ("jira", "there are webhook, roundup, rt."),
    ],
)
def test_a_desk_that_is_none_is_told_which_there_are(
    environment: pytest.MonkeyPatch, desk: str, says: str
) -> None:
    assert refusal(environment, DESK=desk) == [f"ASSISTANT_DESK is wrong ({desk!r}): {says}"]


@pytest.mark.parametrize("number", ["0", "101", "many"])
def test_so_many_are_not_on_their_way_at_once(environment: pytest.MonkeyPatch, number: str) -> None:
    [line] = refusal(environment, DESK_PARALLEL=number)

    assert line.startswith("ASSISTANT_DESK_PARALLEL is wrong")


TOKEN = "geheim-geheim-geheim"


@pytest.mark.parametrize(
    ("tokens", "why"),
    [
        ("", "each caller needs a name of its own"),
        (TOKEN, "each caller needs a name of its own"),
        (f"={TOKEN}", "each caller needs a name of its own"),
        ("bot=geheim", "each token needs at least 20 characters"),
        (f"bot={TOKEN}ü", "each token needs at least 20 characters, all ASCII"),
        (f"bot={TOKEN},bot={TOKEN}2", "each caller needs a name of its own"),
        (f"bot={TOKEN},console={TOKEN}", "each caller needs a token of its own"),
    ],
)
def test_tokens_that_do_not_tell_callers_apart_are_refused_and_not_shown(
    environment: pytest.MonkeyPatch, tokens: str, why: str
) -> None:
    [line] = refusal(environment, ADMIN_API_TOKENS=tokens)

    assert line.startswith("ASSISTANT_ADMIN_API_TOKENS is wrong: ")
    assert why in line
    assert "geheim" not in line


def test_each_caller_has_a_token(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASSISTANT_ADMIN_API_TOKENS", f"bot={TOKEN}, console={TOKEN}=2")

    assert read_settings().callers == {"bot": TOKEN, "console": f"{TOKEN}=2"}
    assert TOKEN not in repr(read_settings())


@pytest.mark.parametrize("secret", ["", "  "])
def test_an_empty_secret_is_refused(environment: pytest.MonkeyPatch, secret: str) -> None:
    [line] = refusal(environment, DIRECTLINE_SECRET=secret)

    assert line.startswith("ASSISTANT_DIRECTLINE_SECRET is wrong: it is empty")


def test_a_secret_is_not_shown_with_the_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASSISTANT_DIRECTLINE_SECRET", "a secret")

    assert "a secret" not in repr(read_settings())


def test_the_lync_password_is_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASSISTANT_LYNC_PASSWORD", "geheim")

    assert "geheim" not in repr(read_settings())


def test_an_authority_that_is_not_there_is_refused(environment: pytest.MonkeyPatch) -> None:
    [line] = refusal(environment, LYNC_CA="/nowhere/authority.pem")

    assert line.startswith("ASSISTANT_LYNC_CA is wrong")


# --- webhooks --------------------------------------------------------------------------------

KEY = "whsec_" + "Z2VoZWlt" * 4
"""24 bytes."""


def test_a_webhook_in_order(environment: pytest.MonkeyPatch) -> None:
    url = "https://tickets.example.com/hook?token=geheim"
    for name, value in {"URL": url, "SECRET": f"{KEY}, {KEY}Z2Vo"}.items():
        environment.setenv(f"{PREFIX}WEBHOOK_{name}", value)

    settings = read_settings()

    assert settings.webhook_url == url
    assert settings.read_webhook_secrets() == (KEY, f"{KEY}Z2Vo")
    assert "geheim" not in repr(settings)
    assert "Z2VoZWlt" not in repr(settings)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/hook", "http://tickets.fabrikam.com"])
def test_a_webhook_inside_goes_unencrypted_where_that_is_said(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    allow = {"OUTBOUND_ALLOW": "10.0.0.0/8, 127.0.0.1"}
    for name, value in {**allow, "WEBHOOK_URL": url, "WEBHOOK_SECRET": KEY}.items():
        environment.setenv(PREFIX + name, value)

    settings = read_settings()

    assert [str(network) for network in settings.outbound_allow] == ["10.0.0.0/8", "127.0.0.1/32"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/geheim", "http or not public; use https, or list its network"),
        ("ftp://tickets.example.com/geheim", "no https address, as in https://"),
        ("geheim", "no https address, as in https://"),
        ("https://", "no https address, as in https://"),
        ("https://[::1/geheim", ""),
        ("https://tickets.example.com/#geheim", "no https address, as in https://"),
        ("http://tickets.example.com/geheim", "http or not public"),
        ("http://8.8.8.8/geheim", "http or not public"),
        ("https://10.0.0.1/geheim", "list its network in ASSISTANT_OUTBOUND_ALLOW"),
        ("https://[::1]/geheim", "list its network in ASSISTANT_OUTBOUND_ALLOW"),
        ("https://bot:geheim@tickets.example.com", "leave the user and password out"),
    ],
)
def test_a_webhooks_address_that_is_wrong_is_refused_and_not_shown(
    environment: pytest.MonkeyPatch, url: str, why: str
) -> None:
    [line] = refusal(environment, WEBHOOK_URL=url, WEBHOOK_SECRET=KEY)

    assert line.startswith("ASSISTANT_WEBHOOK_URL is wrong: ")
    assert why in line
    assert "geheim" not in line


def test_a_webhook_needs_a_secret(environment: pytest.MonkeyPatch) -> None:
    [line] = refusal(environment, WEBHOOK_URL="https://tickets.example.com/hook")

    assert "it needs ASSISTANT_WEBHOOK_SECRET or ASSISTANT_WEBHOOK_SECRET_FILE" in line


def test_a_secret_stands_in_one_place(environment: pytest.MonkeyPatch) -> None:
    [line] = refusal(environment, WEBHOOK_SECRET=KEY, WEBHOOK_SECRET_FILE="secret.txt")

    assert line.startswith("ASSISTANT_WEBHOOK_SECRET_FILE is wrong ('secret.txt'): ")


@pytest.mark.parametrize(
    "secret",
    ["", " , ", "geheim", "Z2VoZWlt" * 4, "whsec_", "whsec_Z2VoZWlt", f"{KEY},geheim", f"{KEY}Z",
     f"{KEY}=", f"{KEY}ü", "whsec_" + "Z2VoZWlt" * 11],
)  # fmt: skip
def test_a_signing_secret_that_is_none_is_refused_and_not_shown(
    environment: pytest.MonkeyPatch, secret: str
) -> None:
    [line] = refusal(environment, WEBHOOK_SECRET=secret, WEBHOOK_URL="https://a.example/hook")

    assert line.startswith("ASSISTANT_WEBHOOK_SECRET is wrong: ")
    assert "geheim" not in line
    assert "Z2Vo" not in line


def test_the_secret_of_a_trackers_events_is_one_and_not_shown(
    environment: pytest.MonkeyPatch,
) -> None:
    [line] = refusal(environment, ROUNDUP_EVENTS_SECRET="geheim")
    assert line.startswith("ASSISTANT_ROUNDUP_EVENTS_SECRET is wrong: ")
    assert "geheim" not in line

    environment.setenv("ASSISTANT_ROUNDUP_EVENTS_SECRET", KEY)
    assert read_settings().read_events_secrets() == ()
    environment.setenv("ASSISTANT_DESK", "roundup")
    assert read_settings().read_events_secrets() == (KEY,)
    assert KEY not in repr(read_settings())


def test_secrets_in_a_file_stand_one_a_line(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secrets"
    file.write_text(f"{KEY}Z2Vo\n{KEY}\n")
    environment.setenv(f"{PREFIX}WEBHOOK_SECRET_FILE", str(file))

    assert read_settings().read_webhook_secrets() == (f"{KEY}Z2Vo", KEY)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file"), (b"geheim", "it takes whsec_"), (b"", "it takes"), (b"\xff", "utf-8")],
)
def test_a_file_without_secrets_is_named_and_not_shown(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    file = tmp_path / "secrets"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError, match=why) as refused:
        Settings(webhook_secret_file=file).read_webhook_secrets()

    assert str(refused.value).startswith(f"ASSISTANT_WEBHOOK_SECRET_FILE ({file}): ")
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("networks", ["10.0.0.1/8", "tickets.fabrikam.com", "0.0.0.0/0"])
def test_networks_that_are_none_are_refused(environment: pytest.MonkeyPatch, networks: str) -> None:
    [line] = refusal(environment, OUTBOUND_ALLOW=networks)

    assert line.startswith(f"ASSISTANT_OUTBOUND_ALLOW is wrong ({networks!r}): ")


# --- deploy/env.example ----------------------------------------------------------------------


def test_the_example_lists_each_setting_once_and_says_what_it_does() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    listed = [found["name"] for found in SETTING.finditer(text)]

    parts = [*DirectorySettings.model_fields, *DeskSettings.model_fields]
    first = [name for name in Settings.model_fields if name not in parts]
    assert listed == [PREFIX + name.upper() for name in (*first, *parts)]
    assert text.count("=") == len(listed)


def test_the_example_shows_the_defaults(environment: pytest.MonkeyPatch) -> None:
    defaults = read_settings()

    for found in SETTING.finditer(EXAMPLE.read_text(encoding="utf-8")):
        if found["value"]:
            environment.setenv(found["name"], found["value"])

    assert read_settings() == defaults
