"""Presets: plans and layouts under names, one file each; read from and written as other tools' forms as well."""

from __future__ import annotations

from lib_rpg.presets.as_rag import RagText, to_rag
from lib_rpg.presets.as_text import ForgeCoupleText, RegionalPrompterText, to_forge_couple, to_regional_prompter
from lib_rpg.presets.foreign import Found, read_presets
from lib_rpg.presets.lmd import LMD_PRESETS, SettingsPreset, find_settings
from lib_rpg.presets.preset import NO_WORDS, PLAN_LAYOUT, REGION_LAYOUT, Preset, layout_of, with_words_of
from lib_rpg.presets.store import Added, Entry, Listing, PresetStore, Unreadable

__all__ = [
    "LMD_PRESETS",
    "NO_WORDS",
    "PLAN_LAYOUT",
    "REGION_LAYOUT",
    "Added",
    "Entry",
    "ForgeCoupleText",
    "Found",
    "Listing",
    "Preset",
    "PresetStore",
    "RagText",
    "RegionalPrompterText",
    "SettingsPreset",
    "Unreadable",
    "find_settings",
    "layout_of",
    "read_presets",
    "to_forge_couple",
    "to_rag",
    "to_regional_prompter",
    "with_words_of",
]
