"""The forms of an answer: JSON, and the texts of RPG, RAG and LMD."""
