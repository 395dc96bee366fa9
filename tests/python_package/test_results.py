"""Are answers plain data: tables, ledgers that add up, text, HTML that is safe and short, pickles, plots?"""

import math
import pickle

import matplotlib.pyplot
import pandas
import pytest

import chipmix
from chipmix import _html, plots
from conftest import ROOT, fixed, two_kinds
from program import small

@pytest.fixture(scope="module")
def answers(estimate, comparison):
    return [estimate, comparison, chipmix.plan(fixed(), top=3), chipmix.procure(two_kinds()),
            chipmix.validate(ROOT / "published_runs" / "2205-05198.json"), chipmix.devices()]


def test_are_quick_figures_those_of_the_dictionary():
    quick, whole = chipmix.estimate(fixed()), chipmix.estimate(fixed())
    whole.to_dict()
    for name in ("feasible", "step_time_s", "tokens_per_s", "mfu", "days"):
        assert getattr(quick, name) == getattr(whole, name) == whole.to_dict()[name]


def test_do_ledgers_add_up(estimate):
    assert math.isclose(estimate.ledger.only(ledger="time").total(), estimate.step_time_s, rel_tol=1e-12)
    assert math.isclose(estimate.ledger.only(ledger="money").total(), estimate.cost.total, rel_tol=1e-12)
    for stage in estimate.memory:
        used = estimate.ledger.only(ledger="memory", where=f"stage {stage['stage']}")
        assert math.isclose(used.total(), stage["peak_gib"], rel_tol=1e-12) and all(entry.why for entry in used)
    with pytest.raises(ValueError, match="pick one ledger"):
        estimate.ledger.total()


def test_are_tables_pandas(answers):
    for answer in answers:
        frame = answer.to_pandas()
        assert isinstance(frame, pandas.DataFrame) and len(frame) >= 1
        assert isinstance(answer.ledger.to_pandas(), pandas.DataFrame)


def test_does_the_table_hold_the_figures(comparison):
    frame = comparison.to_pandas()
    for option in comparison:
        assert frame.loc[option.name, "days"] == option.days
        assert frame.loc[option.name, "cost_per_1t_tokens"] == option.cost.per_1t_tokens


def test_is_the_best_option_the_cheapest(comparison):
    assert comparison.best.cost.total == comparison.to_pandas()["cost"].min()
    assert comparison["report"].name == "report" and comparison[0] == comparison["report"]
    with pytest.raises(KeyError, match="did you mean 'report'"):
        comparison["reprot"]


def test_do_answers_survive_pickling(answers):
    for answer in answers:
        again = pickle.loads(pickle.dumps(answer))
        assert again == answer and again.to_dict() == answer.to_dict() and repr(again) == repr(answer)
        for format in ("table", "csv", "markdown", "json"):
            assert again.to_text(format) == answer.to_text(format)
        assert again._repr_html_() == answer._repr_html_()


def test_is_what_cannot_be_done_an_answer():
    answer = chipmix.estimate(small(job__model="llama-3.1-405b", options__0__cluster__devices=8))
    assert isinstance(answer, chipmix.Infeasible) and not answer
    assert answer.reason and answer.constraint == "nothing found" and answer.ledger.total() == 0
    assert not chipmix.plan(fixed(), deadline_days=0.01)
    assert pickle.loads(pickle.dumps(answer)) == answer and answer.reason[:20] in answer._repr_html_()
    with pytest.raises(ValueError, match="nothing to draw"):
        answer.plot()


def test_is_a_plan_found_taken_as_a_plan_given(estimate):
    found = chipmix.plan(small(), top=2)
    for plan in found:
        assert chipmix.estimate(small(), plan=plan["plan_file"]).step_time_s == plan["step_time_s"]


def test_can_figures_not_be_set(estimate):
    with pytest.raises(AttributeError, match="days"):
        estimate.days = 3


def test_is_html_escaped():
    evil = "<script>alert('&')</script>"
    scenario = chipmix.Scenario(fixed(name=evil, options__0__label=evil))
    for shown in (scenario, chipmix.estimate(scenario), chipmix.compare(scenario), chipmix.plan(scenario)):
        assert "<script" not in shown._repr_html_() and "&lt;script" in shown._repr_html_()


def test_is_html_capped():
    html = chipmix.devices()._repr_html_()
    assert html.count("<tr>") == _html.ROWS + 1 and "more rows" in html
    long = chipmix.Ledger([chipmix.Entry("time", "", "x" * 5000, 1.0, "s", "y")] * 4000)._repr_html_()
    assert len(long) < 60_000


def test_does_everything_plot(answers, comparison, estimate):
    drawn = [answer.plot() for answer in answers]
    drawn += [plots.plot_frontier(comparison), plots.plot_memory(estimate),
              plots.heat_map([[1, 2], [3, 4]], ["a", "b"], ["c", "d"], title="t", x_name="x", y_name="y",
                             value_name="v", centre=2)]
    for ax in drawn:
        ax.figure.canvas.draw()
        assert ax.get_title(loc="left") and (ax.get_xlabel() or ax.get_ylabel())
    own = matplotlib.pyplot.subplots()[1]
    assert estimate.plot(own) is own
    matplotlib.pyplot.close("all")


def test_is_a_catalogue_of_a_model_its_operators():
    frame = chipmix.models("deepseek-v3").to_pandas()
    assert len(frame) > 20 and len(chipmix.devices()) > 60


def test_is_html_short_however_long_a_name():
    content = small(name="n" * 10**6)
    content["options"][0]["label"] = "l\x1b" * 10**6
    assert len(chipmix.compare(content)._repr_html_()) < 30_000


def test_has_one_answer_among_several_a_text_of_its_own(comparison):
    option = comparison[next(iter(comparison)).name]
    assert str(option.days) in option.to_text("csv") and "| days |" in option.to_text("markdown")
    assert option.to_text().splitlines()[0].startswith("name")


def test_do_options_say_which_published_runs_are_like_them(comparison, estimate):
    for option in [*comparison, estimate]:
        behind, raw = option.published_evidence, option.to_dict()["published_evidence"]
        assert isinstance(behind, chipmix.PublishedEvidence) and option.published_evidence_by_device == [behind]
        assert behind.comparable_runs >= behind.projects >= 1 and "projects (" in behind.sentence
        assert isinstance(behind.nearest[0], chipmix.NearRun) and behind.nearest[0].comparable
        assert (behind.median_error, behind.nearest[0].error) == (raw["median_error"], raw["nearest"][0]["error"])
