"""What people say in the benchmark, and what must come back; change it with the knowledge."""

from dataclasses import replace

from .load import Line, Script

OURS = Script(
    (
        Line("add a skype contact", hears="Which e-mail address", replies=3),
        Line("bob@contoso.com", hears="bob(contoso.com)@", replies=3),
        Line("Add a Contact icon", hears="Add a Contact Not in My Organization"),
        Line("done", hears="contact providers"),
        Line("done", hears="IM Address"),
        Line("done", hears="Add to contact group"),
        Line("done", hears="Set privacy relationship"),
        Line("done", hears="See Contact Card"),
        Line("done", hears="you sent a request"),
        Line("done", hears="Lync Call"),
        Line("done", hears="Did that work?"),
        Line("yes", hears="is done"),
    ),
    anew=True,
)
FLOOR = replace(OURS, lines=tuple(Line(line.says) for line in OURS.lines))
"""The same messages, and one reply to each, the typical one of ours."""
STOCK = Script(
    (
        Line("add a skype contact", hears="Which e-mail address"),
        Line("bob@contoso.com", hears="Add a Contact icon"),
        Line("Find someone box", hears="Which group"),
        Line("Friends", hears="Did it work?"),
        Line("It worked", hears="Added bob@contoso.com to Friends with the Find someone box."),
    )
)
