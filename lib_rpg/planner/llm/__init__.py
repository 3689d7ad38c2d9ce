"""Planning by a language model: the prompt, the chat, and the reading of its answer."""
