"""Repainting: a part of a finished picture is drawn anew, and the rest stays as it is."""
