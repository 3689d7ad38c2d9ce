"""Entry of the extension: the script class that the WebUI looks for, and its callbacks."""

from lib_rpg.webui import callbacks
from lib_rpg.webui.script import RpgScript

callbacks.register(RpgScript.status)
