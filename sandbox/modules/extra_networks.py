"""`<name:argument:…>` tags in prompts, and the kinds of networks that they switch on."""

import re
from collections import defaultdict

from modules import errors

extra_network_registry: dict[str, "ExtraNetwork"] = {}
extra_network_aliases: dict[str, str] = {}
_TAG = re.compile(r"<(\w+):([^>]+)>")


class ExtraNetworkParams:
    """Arguments of one tag: all of them, and split into positional and named (`a=b`) ones."""

    def __init__(self, items=None):
        self.items = items or []
        self.positional = [x for x in self.items if str(x).count("=") != 1]
        self.named = dict(x.split("=") for x in self.items if str(x).count("=") == 1)

    def __eq__(self, other):
        return self.items == other.items


class ExtraNetwork:
    """A kind of network that tags can switch on."""

    def __init__(self, name):
        self.name = name

    def activate(self, p, params_list):
        """Called before every batch, with an empty list where no tag names this kind."""
        raise NotImplementedError

    def deactivate(self, p):
        """Called after generation."""
        raise NotImplementedError


def register_extra_network(extra_network: ExtraNetwork) -> None:
    """Make a kind of network known under its name."""
    extra_network_registry[extra_network.name] = extra_network


def register_extra_network_alias(name: str, alias: str) -> None:
    """Give a kind of network another name for its tags."""
    extra_network_aliases[alias] = name


def parse_prompt(prompt: str):
    """(prompt without tags, {name: [ExtraNetworkParams]})."""
    found = defaultdict(list)
    for name, arguments in _TAG.findall(prompt):
        found[name].append(ExtraNetworkParams(items=arguments.split(":")))
    return _TAG.sub("", prompt), found


def parse_prompts(prompts: list[str]):
    """(prompts without tags, tags of the first prompt): a batch shares its networks."""
    parsed = [parse_prompt(prompt) for prompt in prompts]
    return [text for text, _ in parsed], (parsed[0][1] if parsed else None)


def activate(p, extra_network_data) -> None:
    """Switch on what the tags name, switch all other kinds off, then call the scripts."""
    asked = defaultdict(list)
    for name, params in extra_network_data.items():
        kind = extra_network_aliases.get(name, name)
        if kind in extra_network_registry:
            asked[kind] += params
        else:
            print(f"Skipping unknown extra network: {name}")
    for name, network in extra_network_registry.items():
        try:
            network.activate(p, asked[name])
        except Exception as e:
            errors.display(e, f"activating extra network {name}")
    if p.scripts is not None:
        p.scripts.after_extra_networks_activate(
            p,
            batch_number=p.iteration,
            prompts=p.prompts,
            seeds=p.seeds,
            subseeds=p.subseeds,
            extra_network_data=extra_network_data,
        )


def deactivate(p, extra_network_data) -> None:
    """Switch everything off."""
    for name, network in extra_network_registry.items():
        try:
            network.deactivate(p)
        except Exception as e:
            errors.display(e, f"deactivating extra network {name}")
