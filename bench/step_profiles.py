"""Figures of hardware_profiles/ as bench/fit_step.py moves them: read, replaced in place, and on the scale on which they are fitted."""
import json
import re

import numpy as np

OVERLAPS = {"tensor_overlap", "gradient_overlap", "parameter_overlap", "pipeline_overlap", "context_overlap",
            "expert_overlap", "fused_tensor_overlap", "batch_overlap"}
SHARES = {"sustained", "expert_efficiency", "attention_efficiency", "shard_rate", "collective_rate", "network_rate", "efficiency", "grouped_gemm",
          "attention_forward", "attention_backward", "memory"}


def number_and_unit(text):
    if isinstance(text, (int, float)):
        return float(text), ""
    number, unit = text.split()
    return float(number), unit


class Profiles:
    """The texts of hardware_profiles/, with figures that can be read and replaced in place."""

    def __init__(self, folder):
        self.folder = folder
        self.texts = {}

    def text(self, profile):
        if profile not in self.texts:
            self.texts[profile] = (self.folder / f"{profile}.json").read_text(encoding="utf-8")
        return self.texts[profile]

    @staticmethod
    def figure(name):
        indent = r"\n    " if name == "memory" else ""   # the share reached, not the capacity
        return re.compile(r'(%s"%s": \{)([^{}]*)(\})' % (indent, re.escape(name)))

    def value(self, profile, name):
        match = self.figure(name).search(self.text(profile))
        return number_and_unit(json.loads("{" + match[2] + "}")["value"]) if match else None

    def replace(self, profile, name, value, unit, interval=None, source=None, grade=None):
        def written(number):
            shown = f"{number:.4g}"
            return f'"{shown} {unit}"' if unit else shown

        def rewrite(match):
            figure = json.loads("{" + match[2] + "}")
            parts = [f'"value": {written(value)}']
            if interval:
                parts += [f'"low": {written(min(interval[0], value))}', f'"high": {written(max(interval[1], value))}']
            figure["source"] = source or figure.get("source")
            figure["grade"] = grade or figure["grade"]
            parts += [f'"{k}": {json.dumps(figure[k], ensure_ascii=False)}' for k in ("grade", "source", "note") if k in figure]
            return match[1] + ", ".join(parts) + match[3]
        self.texts[profile] = self.figure(name).sub(rewrite, self.text(profile), count=1)


class Parameter:
    """One number, of one profile or of all devices of a die."""

    def __init__(self, profiles, name, start, unit, width, scale=None):
        self.profiles, self.name, self.unit, self.width = profiles, name, unit, width
        self.scale = scale or {}   # of a profile's value over the die's
        self.kind = (profiles[0].split("/")[0], name)
        self.start = self.inward(start)

    @property
    def profile(self):
        return self.profiles[0]

    def felt_by(self, used):
        return any(profile in used for profile in self.profiles)

    def inward(self, value):
        if self.name in OVERLAPS:
            value = min(max(value, 0.02), 0.98)
            return np.log(value / (1 - value))
        return np.log(value)

    def outward(self, theta, profile=None):
        if self.name in OVERLAPS:
            return 1 / (1 + np.exp(-theta))
        value = np.exp(theta) * self.scale.get(profile, 1)
        return min(value, 1.0) if self.name in SHARES else value
