"""Arranging things in the cells of a grid, so that all facts hold."""
