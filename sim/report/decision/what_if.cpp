#include "report/decision/what_if.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/decision/bill_terms.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;

/// The share of peak that one run reaches in its steps.
double share_of_peak(const scenario::Run& run) { return mfu(run.estimate) * (run.useful / run.steady); }

std::string variable_text(const Variable& variable) {
  const char* kind = variable.kind == Variable::Kind::time ? "t" : variable.kind == Variable::Kind::lever ? "f" : "i";
  return kind + std::to_string(variable.index);
}

Json factors_json(const std::vector<Variable>& factors) {
  Json list = Json::array();
  for (const Variable& one : factors) list.push_back(variable_text(one));
  return list;
}

Json terms_json(const BillTerms& bill) {
  Json terms = Json::array(), rests = Json::array();
  for (const BillTerm& term : bill.terms) terms.push_back({term.amount, factors_json(term.factors)});
  for (const Remainder& rest : bill.remainders) {
    Json parts = Json::array();
    for (const auto& part : rest.parts) parts.push_back({part.run, part.fixed, part.variable});
    rests.push_back({rest.per_second, rest.whole, factors_json(rest.factors), parts});
  }
  return {{"terms", terms}, {"rests", rests}};
}

Json runs_json(const OptionAnswer& answer) {
  Json list = Json::array();
  for (const scenario::Run& run : answer.runs)
    list.push_back({{"option", run.option},
                    {"mfu", share_of_peak(run)},
                    {"moving", days(run.moving)},
                    {"days", days(run.duration - run.moving)}});
  return list;
}

/// Options whose share of peak a reader may set: those that runs of answers run on. Of a mix a better share could make
/// another way the best, which a page cannot know.
Json rates_json(const Matter& matter) {
  Json list = Json::array();
  for (const OptionAnswer* a : matter.order) {
    const scenario::Option& option = matter.option(*a);
    if (!a->priced() || !option.cluster || option.mix) continue;
    list.push_back({{"option", matter.scenario.find(a->name)},
                    {"label", a->label},
                    {"value", a->mfu},
                    {"path", option_path(matter.scenario, option) + ".mfu"}});
  }
  return list;
}

/// `sentence`: that says which is cheapest.
Json words_json(const Matter& matter, Text sentence) {
  Json words;
  for (const auto& [key, text] : {std::pair{"tokens", Text::tokens_of_job},
                                  {"prices", Text::prices_group},
                                  {"rates", Text::rates_group},
                                  {"other", Text::other_group},
                                  {"sentence", sentence},
                                  {"dearer", Text::what_if_dearer},
                                  {"alone", Text::what_if_alone},
                                  {"same", Text::what_if_same},
                                  {"changed", Text::what_if_changed},
                                  {"tie", Text::what_if_tie},
                                  {"noTie", Text::what_if_no_tie},
                                  {"late", Text::late},
                                  {"over", Text::over_budget},
                                  {"reset", Text::reset},
                                  {"link", Text::link},
                                  {"copied", Text::copied},
                                  {"days", Text::n_days},
                                  {"as", Text::as_in_report}})
    words[key] = matter.say.raw(text);
  return words;
}

Json levers_json(const std::vector<Lever>& levers, const Unfit& unfit) {
  Json list = Json::array();
  for (std::size_t i = 0; i < levers.size(); ++i)
    list.push_back({{"label", levers[i].label},
                    {"kind", levers[i].kind == LeverKind::price ? "price" : "other"},
                    {"value", levers[i].value},
                    {"unit", levers[i].unit},
                    {"path", levers[i].path},
                    {"options", levers[i].options},
                    {"fits", !unfit.levers[i]}});
  return list;
}

}  // namespace

std::string what_if(const Matter& matter) {
  const Scenario& scenario = matter.scenario;
  if (!matter.best() || !matter.best()->priced()) return {};
  const std::vector<Lever> all = levers(matter);
  Unfit unfit{std::vector<bool>(all.size(), false)};
  Json options = Json::array();
  Scenario moved = scenario;
  for (const OptionAnswer* a : matter.order) {
    if (!a->priced()) continue;
    Json one = terms_json(bill_terms(moved, *a, all, unfit));
    one["label"] = a->label;
    one["name"] = a->name;
    one["colour"] = matter.colour(*a);
    one["total"] = total(*a);
    one["runs"] = runs_json(*a);
    options.push_back(std::move(one));
  }
  Json model = {{"currency", scenario.currency.code}, {"language", matter.say.is_chinese() ? "zh" : "en"}};
  model["tokens"] = scenario.job.tokens;
  model["canMoveTokens"] = scenario.stages.empty();
  model["deadline"] = scenario.deadline ? Json(days(*scenario.deadline)) : Json(nullptr);
  model["budget"] =
      scenario.budget ? Json(scenario.rates.convert(*scenario.budget, scenario.currency).amount) : Json(nullptr);
  model["levers"] = levers_json(all, unfit);
  model["rates"] = rates_json(matter);
  model["options"] = std::move(options);
  model["words"] = words_json(matter, Text::what_if_sentence);
  return model.dump();
}

namespace {

/// Levers that no order feels.
Unfit unfelt(const std::vector<Lever>& levers, const std::vector<PricedOrder>& orders) {
  Unfit list{std::vector<bool>(levers.size(), true)};
  for (const PricedOrder& order : orders)
    for (const BillTerm& term : order.bill.terms)
      for (const Variable& one : term.factors) list.levers[one.index] = false;
  return list;
}

}  // namespace

std::string orders_model(const Matter& matter, const std::vector<Lever>& levers,
                         const std::vector<PricedOrder>& orders) {
  Json options = Json::array();
  for (const PricedOrder& order : orders) {
    Json one = terms_json(order.bill);
    one["label"] = one["name"] = order.name;
    one["colour"] = order.colour;
    one["total"] = order.total;
    one["runs"] = Json::array();
    options.push_back(std::move(one));
  }
  Json model = {{"currency", matter.scenario.currency.code}, {"language", matter.say.is_chinese() ? "zh" : "en"}};
  model["tokens"] = matter.scenario.job.tokens;
  model["canMoveTokens"] = false;
  model["deadline"] = model["budget"] = nullptr;
  model["levers"] = levers_json(levers, unfelt(levers, orders));
  model["rates"] = Json::array();
  model["options"] = std::move(options);
  model["words"] = words_json(matter, Text::what_if_order);
  return model.dump();
}

}  // namespace chipmix::report
