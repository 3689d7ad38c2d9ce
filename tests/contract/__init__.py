"""One suite over HTTP for two hosts: the sandbox and a real WebUI."""
