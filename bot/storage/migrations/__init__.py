"""The history of the tables. `bot.storage.migrate` applies it; `versions` holds one file a step."""
