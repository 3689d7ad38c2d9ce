"""What an extension imports of the WebUI, written afresh: see sandbox/__init__.py."""
