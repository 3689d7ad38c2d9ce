"""Region attention: torch only, knows nothing of the WebUI."""
