"""The panel of the txt2img and img2img tabs: its sections, their wiring, and what its handlers answer."""
