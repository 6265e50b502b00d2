"""Administrators' commands, menu paths and messages, compared with the documents to the character.

The documents are not part of the product, so their words stand here as they were read. Where the
two seeds lie beside the project, the words are also looked up in them; white space aside.
"""

import re

import pytest

from dialogs.library import load
from dialogs.steps import Article, Do
from tests.dialogs.talks import ROOT

LIBRARY = load(ROOT / "knowledge")
SEEDS = ROOT.parent / "shared" / "seeds"
GUIDE = "000_0a7a28e57b02eaeb.txt"
FIELD_REPORT = "004_02da51e82b276259.txt"
SFB_SERVER = "Deploy Skype Connectivity in Skype for Business Server"

COMMANDS = {
    (GUIDE, "configure-skype-provider", "remove messenger"): (
        "Remove-CsPublicProvider -Identity Messenger"
    ),
    (GUIDE, "configure-skype-provider", "as in the guide"): (
        "New-CsPublicProvider -Identity Skype -ProxyFqdn federation.messenger.msn.com "
        '-IconUrl "https://images.edge.messenger.live.com/Messenger_16x16.png" '
        "-VerificationLevel 2 -Enabled 1"
    ),
    ("Dn440170", "configure-skype-provider", "remove the other"): (
        "Remove-CsPublicProvider -Identity <identity-name>"
    ),
    ("Dn440170", "configure-skype-provider", "with name decoration"): (
        "New-CsPublicProvider -ProxyFqdn federation.messenger.msn.com -Enabled 1 -Identity Skype "
        "-VerificationLevel 2 -NameDecorationRoutingDomain msn.com "
        '-NameDecorationExcludedDomainList "msn.com,outlook.com,live.com,hotmail.com" '
        '-IconUrl "https://images.edge.messenger.live.com/Messenger_16x16.png"'
    ),
    (SFB_SERVER, "configure-skype-provider", "with search"): (
        "New-CsPublicProvider -Identity Skype -ProxyFqdn federation.messenger.msn.com "
        "-IconUrl https://images.edge.messenger.live.com/Messenger_16x16.png "
        "-NameDecorationRoutingDomain msn.com "
        '-NameDecorationExcludedDomainList "msn.com,outlook.com,live.com,hotmail.com" '
        "-Enabled $true -EnableSkypeIdRouting $true -EnableSkypeDirectorySearch $true"
    ),
    ("Gg182549", "enable-federation-and-pic", "run the command"): (
        "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $True"
    ),
    ("JJ205149", "configure-external-access-policy", "use the shell"): (
        "Set-CsExternalAccessPolicy Global -EnablePublicCloudAccess $true "
        "-EnablePublicCloudAudioVideoAccess $true"
    ),
}
"""What is typed at a step of a topic, by the document that it was read in."""

WORDS = [
    (GUIDE, "enable-office365-enterprise", "**Lync Online Control Panel**"),
    (GUIDE, "enable-office365-enterprise", "Go to **External communications**"),
    (GUIDE, "enable-office365-enterprise", "**Public IM Service Providers**, click **Enable**"),
    (
        GUIDE,
        "enable-office365-small-business",
        "**Admin > Service Settings > Instant messaging, meetings and conferencing**",
    ),
    (GUIDE, "enable-office365-small-business", "**External communications**"),
    (GUIDE, "provision-pic", "`https://pic.lync.com`"),
    (GUIDE, "provision-pic", "Microsoft Windows Live ID"),
    (GUIDE, "provision-pic", "Select the Microsoft licensing agreement type."),
    (GUIDE, "provision-pic", "read and accept the Product Use Rights for Lync Server"),
    (GUIDE, "provision-pic", "**Initiate a Provisioning Request**"),
    (GUIDE, "provision-pic", "**Specify Provisioning Information**"),
    (GUIDE, "provision-pic", "accessedge.contoso.com"),
    (GUIDE, "provision-pic", "click **Add**"),
    (
        GUIDE,
        "provision-pic",
        "In the list of **Public IM Service providers**, select **Skype** and click **Next**",
    ),
    (GUIDE, "enable-federation-and-pic", "Lync Server Control Panel"),
    (GUIDE, "enable-federation-and-pic", "**Edit Access Edge Configuration**"),
    (GUIDE, "enable-federation-and-pic", "**Enable federation and public IM connectivity**"),
    (GUIDE, "configure-skype-provider", "Lync Server Front End Server"),
    (GUIDE, "configure-skype-provider", "open the **Lync Server Management Shell**"),
    (GUIDE, "existing-messenger-pic", "federation.messenger.msn.com"),
    (FIELD_REPORT, "provisioning-site-error", "**Server Error in '/Provision' Application**"),
    (FIELD_REPORT, "provisioning-site-error", "Validation of viewstate MAC failed"),
    (FIELD_REPORT, "provision-pic", "Enterprise Name"),
    (FIELD_REPORT, "provision-pic", "Agreement Number"),
    (FIELD_REPORT, "provision-pic", "Access Proxy"),
    (FIELD_REPORT, "provision-pic", "Public IM Networks"),
    (FIELD_REPORT, "provision-pic", "Main Contact"),
    ("Gg182549", "enable-federation-and-pic", "**RTCUniversalServerAdmins**"),
    ("Gg182549", "enable-federation-and-pic", "**CsAdministrator**"),
    ("Gg182549", "enable-federation-and-pic", "**External User Access**"),
    ("Gg182549", "enable-federation-and-pic", "**Access Edge Configuration**"),
    ("Gg182549", "enable-federation-and-pic", "**Enable communications with federated users**"),
    ("Gg182549", "enable-federation-and-pic", "Click **Global**, click **Edit**, then click"),
    ("Gg398349", "enable-federation-and-pic", "**Federation and External Access**"),
    ("Gg520946", "configure-external-access-policy", "**External Access Policy**"),
    ("Gg520946", "configure-external-access-policy", "Click **New**, then **Site policy**"),
    ("Gg520946", "configure-external-access-policy", "**Select a Site**"),
    ("Gg520946", "configure-external-access-policy", "Click **New**, then **User policy**"),
    ("Gg520946", "configure-external-access-policy", "EnablePublicUsers"),
    (
        "Gg520946",
        "configure-external-access-policy",
        "**Enable communications with public users**",
    ),
    ("Gg398551", "configure-external-access-policy", "**External access policy**"),
]
"""Words that a topic must say as they stand, with the document they were read in."""


@pytest.mark.parametrize(("document", "topic", "step"), COMMANDS)
def test_a_command_is_shown_as_in_its_document(document: str, topic: str, step: str) -> None:
    shown = LIBRARY.procedures[topic].steps[step]
    assert isinstance(shown, Do)
    assert shown.type_this == COMMANDS[document, topic, step]


def test_every_command_that_is_shown_has_been_compared() -> None:
    shown = {
        (topic, step.name)
        for topic, procedure in LIBRARY.procedures.items()
        for step in procedure.steps.values()
        if isinstance(step, Do) and re.match(r"[A-Z][a-z]+-Cs[A-Z]", step.type_this)
    }
    assert shown == {(topic, step) for _, topic, step in COMMANDS}


@pytest.mark.parametrize(("document", "topic", "words"), WORDS)
def test_the_words_are_those_of_the_document(document: str, topic: str, words: str) -> None:
    assert words in told(topic)


@pytest.mark.parametrize("document", [GUIDE, FIELD_REPORT])
def test_the_words_stand_in_the_seeds(document: str) -> None:
    file = SEEDS / document
    if not file.exists():
        pytest.skip(f"the documents do not lie beside the project ({SEEDS})")
    text = " ".join(file.read_text(encoding="utf-8").split())
    commands = [command for (source, *_), command in COMMANDS.items() if source == document]
    words = [re.sub(r"\*\*|`", "", words) for source, _, words in WORDS if source == document]
    assert [each for each in (*commands, *words) if each not in text] == []


def told(topic: str) -> str:
    """All that a topic says and shows, white space aside."""
    known = LIBRARY.topics[topic]
    if isinstance(known, Article):
        return " ".join(known.text.split())
    parts = (
        f"{getattr(step, 'text', '')} {getattr(step, 'type_this', '')}"
        for step in known.steps.values()
    )
    return " ".join(" ".join(parts).split())
