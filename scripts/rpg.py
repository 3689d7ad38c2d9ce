"""Entry of the extension: the script class that the WebUI looks for, and its callbacks."""

from lib_rpg.webui import registration
from lib_rpg.webui.script import TITLE, RpgScript

registration.register(TITLE, RpgScript.status)
