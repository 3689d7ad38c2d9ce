"""Layouts: the ratio grammar, cells and boxes, and rasterising them to any token grid."""
