"""What both ways of planning know of English and of prompts: words, inflection, counted nouns, tokens."""
