"""Benchmarks that draw pictures with the shapes model: `python -m lib_rpg bench accuracy`, `binding`, `lora`, `parts`."""
