"""Which claim? One that is open, with its settings, by address."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from landscape.claims import CLAIMS, Claim
from landscape.errors import UnknownName, lookup
from landscape.parameter import Parameter

SEED = Parameter("seed", 0, 0, 100, "chooses every draw", integer=True, minimum=0, maximum=1_000_000)
_SETTING = "p."


@dataclass(frozen=True)
class Chosen:
    """A claim by its key ("" where none is open), the settings that differ from its defaults, and the seed."""

    claim: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", int(SEED.check(self.seed)))
        if self.claim:
            opened = lookup(CLAIMS, self.claim, "claim")
            defaults = {p.name: p.default for p in opened.parameters}
            checked = opened.settings(**self.settings)
            changed = {name: value for name, value in checked.items() if value != defaults[name]}
            object.__setattr__(self, "settings", changed)

    @property
    def opened(self) -> Claim:
        """The claim that is open."""
        return CLAIMS[self.claim]

    @property
    def values(self) -> dict[str, float]:
        """All settings of the open claim."""
        return self.opened.settings(**self.settings)

    def changed(self, name: str, value: float) -> Chosen:
        """Return it with another setting."""
        return dataclasses.replace(self, settings={**self.settings, name: value})


def read(query: Mapping[str, str]) -> tuple[Chosen, tuple[str, ...]]:
    """Return the claim that URL parameters name, with what was refused."""
    problems: list[str] = []
    chosen = Chosen()
    try:
        chosen = Chosen(query.get("claim", "")[:100])
    except UnknownName as error:
        problems.append(f"claim: {error}")
    try:
        chosen = dataclasses.replace(chosen, seed=int(SEED.read(query.get("seed", "0"))))
    except (ValueError, TypeError) as error:
        problems.append(str(error))
    for name, text in query.items():
        if chosen.claim and name.startswith(_SETTING):
            try:
                known = {p.name: p for p in chosen.opened.parameters}
                setting = lookup(known, name.removeprefix(_SETTING)[:40], f"parameter of {chosen.claim}")
                chosen = chosen.changed(setting.name, setting.read(text))
            except (ValueError, TypeError) as error:
                problems.append(str(error))
    return chosen, tuple(problems)


def write(chosen: Chosen) -> dict[str, str]:
    """Return the URL parameters of a claim that is open."""
    made = {"claim": chosen.claim} if chosen.claim else {}
    made |= {f"{_SETTING}{name}": repr(value) for name, value in chosen.settings.items()}
    return made | ({"seed": str(chosen.seed)} if chosen.seed else {})
