"""Scenarios of purchases, and their answers, for the tests of procure."""

import json

from program import ANSWER, NO_ANSWER, chipmix, small


def figure(value) -> dict:
    return {"value": value, "grade": "assumed", "source": "test"}


def owned(price: float) -> dict:
    return {
        "device": figure(f"{price} USD"),
        "server": figure(1.5),
        "network": figure(0.2),
        "life": figure(5),
        "residual": figure(0.1),
        "discount": figure(0.08),
        "utilisation": figure(0.8),
        "maintenance": figure(0.02),
    }


def scenario_of(procurement: dict, tokens="2T") -> dict:
    """Options a and b on 8 devices, plan fixed, so that nothing is searched for long."""
    content = small()
    content["job"]["tokens"] = tokens
    plan = {"tensor": 2, "recompute": "full"}
    content["options"] = [
        {
            "name": name,
            "cluster": {"device": device, "devices": 8, "fabric": "rail-optimised-non-blocking"},
            "plan": plan,
            "rent": figure("2 USD/h"),
        }
        for name, device in (("a", "h100-sxm5-80gb"), ("b", "a100-sxm4-80gb"))
    ]
    content["procurement"] = procurement
    return content


def supply(option: str, **other) -> dict:
    return {"option": option, "sizes": [8, 16, 32], **other}


def mixed() -> dict:
    supplies = [
        {**supply("a", rent={"price": figure("4 USD/h"), "cap": 8}), "sizes": [8]},
        {**supply("b", rent={"price": figure("2 USD/h"), "cap": 8}), "sizes": [8]},
    ]
    mixes = [{"option": "both", "supplies": ["a", "b"], "sizes": [[8, 8]]}]
    content = scenario_of({"months": 2, "supplies": supplies, "mixes": mixes}, tokens="100G")
    island = {"devices": 8, "fabric": "rail-optimised-non-blocking", "rent": figure("2 USD/h")}
    content["options"].append(
        {
            "name": "both",
            "mix": {
                "islands": [
                    {"name": "one", "device": "h100-sxm5-80gb", **island},
                    {"name": "other", "device": "a100-sxm4-80gb", **island},
                ],
                "links": [{"between": ["one", "other"], "link": "rdma-mixed-200", "count": 8}],
                "ways": ["data"],
            },
        }
    )
    return content


def answer(path, *words):
    run = chipmix("procure", path, "--format", "json", *words)
    assert run.returncode in (ANSWER, NO_ANSWER) and run.stderr == "", run
    return json.loads(run.stdout)


def worth(buy: dict, age: int) -> float:
    """What a device that was bought at the full price sells for at so many months of age."""
    if buy["worth"] == "straight line":
        left = max(buy["residual"], 1 - (1 - buy["residual"]) * age / buy["life_months"])
    else:
        left = buy["residual"] ** (age / buy["life_months"]) if buy["residual"] > 0 else 0
    return buy["price"] * buy["resale"] * (1 - buy["sale_cost"]) * left
