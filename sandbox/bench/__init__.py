"""Benchmarks that draw pictures with the shapes model: `python -m lib_rpg bench accuracy`, `bench lora`."""
