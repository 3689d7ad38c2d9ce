"""The WebUI's HTTP API under /sdapi/v1."""
