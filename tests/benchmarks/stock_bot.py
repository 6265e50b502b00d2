"""The stock guided conversation: a WaterfallDialog of five steps on botbuilder 4.17.1.

It runs alone in `.venv-bench`, by its path, with the port as its argument. The app id is empty, so
CloudAdapter works anonymously and asks nobody for a token. Wherever the SDK leaves a choice the
cheaper one is taken: no user state, no dialog state manager, no access log.
"""

# mypy: disable-error-code="misc,no-any-unimported"
# Why: botbuilder is not installed where mypy runs, so its classes are Any here.

import sys

from aiohttp import web
from botbuilder.core import (
    ActivityHandler,
    ConversationState,
    MemoryStorage,
    MessageFactory,
    StatePropertyAccessor,
    TurnContext,
)
from botbuilder.dialogs import (
    ComponentDialog,
    DialogSet,
    DialogTurnResult,
    DialogTurnStatus,
    WaterfallDialog,
    WaterfallStepContext,
)
from botbuilder.dialogs.choices import Choice
from botbuilder.dialogs.prompts import ChoicePrompt, PromptOptions, TextPrompt
from botbuilder.integration.aiohttp import (
    CloudAdapter,
    ConfigurationBotFrameworkAuthentication,
    aiohttp_error_middleware,
)

PLACES = ("Add a Contact icon", "Find someone box")
YES_NO = ("It worked", "It did not work")


class Anonymous:
    """The configuration of a bot without credentials, as on a developer's machine."""

    APP_ID = ""
    APP_PASSWORD = ""
    APP_TYPE = "MultiTenant"


class AddContact(ComponentDialog):
    """Four questions, two of them with buttons, and a summary."""

    def __init__(self) -> None:
        super().__init__("add contact")
        steps = [self.address, self.place, self.group, self.outcome, self.summary]
        self.add_dialog(WaterfallDialog("steps", steps))
        self.add_dialog(TextPrompt("text"))
        self.add_dialog(ChoicePrompt("choice"))
        self.initial_dialog_id = "steps"

    async def address(self, step: WaterfallStepContext) -> DialogTurnResult:
        return await step.prompt(
            "text", _question("Which e-mail address does your contact sign in to Skype with?")
        )

    async def place(self, step: WaterfallStepContext) -> DialogTurnResult:
        step.values["address"] = step.result
        return await step.prompt(
            "choice", _question("Where would you like to add the contact?", PLACES)
        )

    async def group(self, step: WaterfallStepContext) -> DialogTurnResult:
        step.values["place"] = step.result.value
        return await step.prompt("text", _question("Which group should the contact be in?"))

    async def outcome(self, step: WaterfallStepContext) -> DialogTurnResult:
        step.values["group"] = step.result
        return await step.prompt(
            "choice", _question("Click **OK** to add the contact. Did it work?", YES_NO)
        )

    async def summary(self, step: WaterfallStepContext) -> DialogTurnResult:
        said = step.values
        text = f"Added {said['address']} to {said['group']} with the {said['place']}."
        await step.context.send_activity(MessageFactory.text(text))
        return await step.end_dialog()


def _question(text: str, choices: tuple[str, ...] = ()) -> PromptOptions:
    return PromptOptions(
        prompt=MessageFactory.text(text), choices=[Choice(choice) for choice in choices]
    )


class GuidedBot(ActivityHandler):
    """Goes on with the dialog, or begins it anew, and saves its state after every turn."""

    def __init__(self, state: ConversationState) -> None:
        self.state = state
        self.dialog = AddContact()
        self.progress: StatePropertyAccessor = state.create_property("dialog state")

    async def on_turn(self, turn_context: TurnContext) -> None:
        await super().on_turn(turn_context)
        await self.state.save_changes(turn_context)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        dialogs = DialogSet(self.progress)
        dialogs.add(self.dialog)
        context = await dialogs.create_context(turn_context)
        result = await context.continue_dialog()
        if result.status == DialogTurnStatus.Empty:
            await context.begin_dialog(self.dialog.id)


def application() -> web.Application:
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Anonymous()))
    bot = GuidedBot(ConversationState(MemoryStorage()))

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await adapter.process(request, bot)
        return answer

    app = web.Application(middlewares=[aiohttp_error_middleware])
    app.router.add_post("/api/messages", messages)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
