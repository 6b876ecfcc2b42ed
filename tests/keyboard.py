import json
from unittest.mock import patch

from odoo.tests.common import ChromeBrowser

# The name under which the page asks for keys.
BINDING = "followupPressKeys"
MODIFIERS = {"Alt": 1, "Control": 2, "Shift": 8}
# What a key is called by the browser: its code, its number, and the text it makes.
KEYS = {
    "Backspace": ("Backspace", 8, ""),
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Space": ("Space", 32, " "),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
}


class KeyboardBrowser(ChromeBrowser):
    """The browser of the tours with a keyboard: keys come from outside the page.

    An event made in the page moves no focus, presses no button and types no letter.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._handlers["Runtime.bindingCalled"] = self._handle_binding
        self._websocket_request("Runtime.addBinding", params={"name": BINDING})

    def _handle_binding(self, name, payload, **_context):
        for stroke in json.loads(payload):
            self._press(stroke)

    def _press(self, stroke):
        event = get_key_event(stroke)
        for kind in ("keyDown", "keyUp"):
            self._websocket_send(
                "Input.dispatchKeyEvent", params={**event, "type": kind}
            )


def get_key_event(stroke):
    """Return the event of a key, alone ("Tab", "a") or with others ("Alt+n")."""
    *modifiers, name = stroke.split("+") if len(stroke) > 1 else [stroke]
    code, number, text = KEYS.get(name) or (get_code(name), ord(name.upper()), name)
    event = {
        "modifiers": sum(MODIFIERS[modifier] for modifier in modifiers),
        "key": " " if name == "Space" else name,
        "code": code,
        "windowsVirtualKeyCode": number,
    }
    is_typed = text and not set(modifiers) - {"Shift"}
    return event | ({"text": text} if is_typed else {})


def get_code(character):
    """Return the code of the key of a letter; of others nobody asks."""
    return f"Key{character.upper()}" if character.isalpha() else ""


def use_keyboard():
    """Give the tours of a test a keyboard."""
    return patch("odoo.tests.common.ChromeBrowser", KeyboardBrowser)
