"""Region geometry: ratio grammar, boxes and rasterising to token grids."""
