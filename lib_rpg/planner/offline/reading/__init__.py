"""Reading a prompt from left to right: the things that it shows, and the facts of how they stand."""
