"""Benchmarks that draw pictures with the shapes model: `bench accuracy`, `binding`, `lora` and `parts`."""
