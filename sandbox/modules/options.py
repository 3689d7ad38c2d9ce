"""Settings: what one option is, and the object that holds their values."""

import json
from pathlib import Path

from modules import errors


class OptionInfo:
    """Default, label and widget of one option; the methods add to its text and return it."""

    def __init__(
        self,
        default=None,
        label="",
        component=None,
        component_args=None,
        onchange=None,
        section=None,
        refresh=None,
        comment_before="",
        comment_after="",
        infotext=None,
        restrict_api=False,
        category_id=None,
    ):
        self.default = default
        self.label = label
        self.component = component
        self.component_args = component_args
        self.onchange = onchange
        self.section = section
        self.category_id = category_id
        self.refresh = refresh
        self.do_not_save = False
        self.comment_before = comment_before
        self.comment_after = comment_after
        self.infotext = infotext
        self.restrict_api = restrict_api

    def link(self, label, url):
        self.comment_before += f"[<a href='{url}' target='_blank'>{label}</a>]"
        return self

    def info(self, info):
        self.comment_after += f"<span class='info'>({info})</span>"
        return self

    def html(self, html):
        self.comment_after += html
        return self

    def needs_restart(self):
        return self.html(" <span class='info'>(requires restart)</span>")

    def needs_reload_ui(self):
        return self.html(" <span class='info'>(requires Reload UI)</span>")


def options_section(section_identifier, options_dict):
    """Put every option of `options_dict` into the section (id, title[, category])."""
    for info in options_dict.values():
        info.section = tuple(section_identifier[:2])
        if len(section_identifier) == 3:
            info.category_id = section_identifier[2]
    return options_dict


class Options:
    """Values of the options, read and written as attributes; `data` holds them, `data_labels` describes them."""

    def __init__(self, data_labels: dict[str, OptionInfo], restricted_opts=()):
        own = {"data_labels": data_labels, "restricted_opts": set(restricted_opts)}
        own["data"] = {key: info.default for key, info in data_labels.items()}
        self.__dict__.update(own)

    def __setattr__(self, key, value):
        if key in self.__dict__ or key not in self.data_labels:
            super().__setattr__(key, value)
        else:
            self.data[key] = value

    def __getattr__(self, key):
        # Called only where the object itself has no such attribute.
        own = self.__dict__
        if key in own["data"]:
            return own["data"][key]
        if key in own["data_labels"]:
            return own["data_labels"][key].default
        raise AttributeError(f"there is no option {key!r}")

    def set(self, key, value, is_api=False, run_callbacks=True) -> bool:
        """Change one option; true if it changed. A failing onchange callback undoes the change."""
        info = self.data_labels[key]
        old = self.data.get(key)
        if old == value or info.do_not_save or (is_api and info.restrict_api):
            return False
        self.data[key] = value
        if run_callbacks and info.onchange is not None:
            try:
                info.onchange()
            except Exception as e:
                errors.display(e, f"changing setting {key} to {value}")
                self.data[key] = old
                return False
        return True

    def load(self, filename):
        """Take over what the JSON file holds, whatever it is."""
        self.data.update(json.loads(Path(filename).read_text(encoding="utf-8")))

    def save(self, filename):
        """Write all values to the JSON file; nothing where there is none."""
        if filename:
            Path(filename).write_text(json.dumps(self.data, indent=4, ensure_ascii=False), encoding="utf-8")

    def get_default(self, key):
        """The option's default, None where there is no such option."""
        info = self.data_labels.get(key)
        return None if info is None else info.default

    def onchange(self, key, func, call=True):
        """Call `func` whenever the option changes, and once now if `call`."""
        self.data_labels[key].onchange = func
        if call:
            func()

    def add_option(self, key, info: OptionInfo):
        """Add an option; a value that it already has stays, and a row that is not saved gets none."""
        self.data_labels[key] = info
        if not info.do_not_save:
            self.data.setdefault(key, info.default)

    def cast_value(self, key, value):
        """`value` in the type of the option's default; None where it has none."""
        default = self.data_labels[key].default
        if value is None or default is None:
            return None
        return False if isinstance(default, bool) and value == "False" else type(default)(value)
