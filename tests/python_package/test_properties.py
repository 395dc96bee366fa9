"""Does what must hold for every input hold? Searched by hypothesis."""

import pickle

from hypothesis import given, settings
from hypothesis import strategies as some

import chipmix
from conftest import fixed

few = settings(max_examples=20, deadline=None, database=None)
BASE = chipmix.Scenario(fixed())
prices = some.floats(0.01, 1000, allow_nan=False).map(lambda price: round(price, 4))


@few
@given(prices, prices)
def test_is_rent_proportional_to_its_price(one, other):
    cost = [chipmix.estimate(BASE.with_({"options.a.rent.value": f"{price} USD/h"}), intervals=False).cost.total / price
            for price in (one, other)]
    assert abs(cost[0] / cost[1] - 1) < 1e-12


@few
@given(some.integers(2 * 10**6, 10**13), some.text(max_size=20), some.sampled_from([8, 16, 64, 256]))
def test_is_a_change_read_back_and_pickled(tokens, words, devices):
    changes = {"job.tokens": tokens, "description": words, "options.a.cluster.devices": devices}
    scenario = BASE.with_(changes)
    content = scenario.to_dict()
    assert (content["job"]["tokens"], content["description"]) == (tokens, words)
    assert content["options"][0]["cluster"]["devices"] == devices
    assert pickle.loads(pickle.dumps(scenario)) == scenario == chipmix.Scenario(content)


@few
@given(some.recursive(some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
                      lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner), max_leaves=8),
       some.sampled_from(["job.tokens", "options.a.rent", "options.a.plan", "options", "job", "name", "currency"]))
def test_is_any_value_taken_or_refused_as_input(value, path):
    try:
        BASE.with_({path: value})
    except chipmix.InputError as error:
        assert error.diagnostics
    except (ValueError, TypeError) as error:
        assert path in str(error)


@few
@given(some.dictionaries(some.text(), some.none() | some.integers() | some.text(), max_size=4))
def test_is_any_dictionary_read_or_refused(content):
    try:
        chipmix.Scenario(content)
    except chipmix.InputError as error:
        assert error.diagnostics
