"""RPG for the Stable Diffusion WebUI: recaption, plan and generate with regions."""

__version__ = "0.1.0"
