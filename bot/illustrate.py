"""The command `knowledge pictures`. It alone needs what draws, so nothing else imports it."""

from bot.app import KNOWLEDGE
from bot.commands import say
from bot.drawing.sheet import DoesNotFit
from bot.drawing.window import png
from bot.pictures import FOLDER, Pictures
from bot.settings import Settings
from dialogs.library import load


def knowledge_pictures(settings: Settings) -> int:
    """Draws the pictures that are missing and removes those that are no longer shown."""
    library = load(KNOWLEDGE, settings.language)
    folder = settings.data_dir / FOLDER
    try:
        drawn, removed = Pictures(library, folder).complete(png)
    except DoesNotFit as error:
        where = f"knowledge/{settings.language}/pictures"
        say(f"“{error}” does not fit into a dialog. Make it shorter in {where}.")
        return 1
    except OSError as error:
        say(f"Nothing can be written to {folder}: {error.strerror}.")
        return 1
    say(f"{len(library.pictures)} pictures in {folder}: {drawn} drawn anew, {removed} removed.")
    return 0
