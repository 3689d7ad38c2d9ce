"""Reading a prompt from left to right: its things, and the facts about their positions."""
