#include "report/procure_json.hpp"

#include <nlohmann/json.hpp>
#include <numeric>

#include "report/answer_json.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using procurement::Kind;
using procurement::Problem;

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json volume_json(const std::vector<Kind::Step>& volume) {
  Json list = Json::array();
  for (const auto& step : volume) list.push_back({{"from", step.from}, {"discount", step.discount}});
  return list;
}

Json payment_json(const std::vector<Kind::Instalment>& payment) {
  Json list = Json::array();
  for (const auto& part : payment)
    list.push_back(
        {{"share", part.share}, {"due", part.is_at_delivery ? "delivery" : "order"}, {"months", part.months}});
  return list;
}

Json kind_json(const Kind& kind) {
  Json json = {{"name", kind.name}, {"vendor", kind.vendor},
               {"lot", kind.lot},   {"kilowatts", kind.kilowatts},
               {"area", kind.area}, {"electricity_per_month", kind.electricity},
               {"buy", nullptr},    {"rent", nullptr},
               {"fleet", nullptr},  {"award", maybe(kind.award)}};
  if (kind.purchase)
    json["buy"] = {{"price", kind.purchase->price},
                   {"upkeep_per_month", kind.purchase->upkeep},
                   {"volume", volume_json(kind.purchase->volume)},
                   {"lead_months", kind.purchase->lead},
                   {"cap", maybe(kind.purchase->cap)},
                   {"monthly", maybe(kind.purchase->monthly)},
                   {"life_months", kind.purchase->life},
                   {"residual", kind.purchase->residual},
                   {"resale", kind.purchase->resale},
                   {"sale_cost", kind.purchase->sale_cost},
                   {"payment", payment_json(kind.purchase->payment)},
                   {"worth", kind.purchase->curve == procurement::Curve::straight ? "straight line" : "market"}};
  if (kind.lease)
    json["rent"] = {{"price_per_month", kind.lease->price},
                    {"from_month", kind.lease->lead},
                    {"cap", maybe(kind.lease->cap)},
                    {"term_months", kind.lease->term},
                    {"volume", volume_json(kind.lease->volume)}};
  if (kind.fleet) json["fleet"] = {{"devices", kind.fleet->devices}, {"age_months", kind.fleet->age}};
  return json;
}

const char* shares_name(procurement::Shares shares) {
  return shares == procurement::Shares::work ? "work" : shares == procurement::Shares::money ? "money" : "devices";
}

Json problem_json(const Problem& problem) {
  Json kinds = Json::array(), clusters = Json::array(), jobs = Json::array();
  for (const Kind& kind : problem.kinds) kinds.push_back(kind_json(kind));
  for (const procurement::Column& column : problem.columns)
    clusters.push_back({{"label", column.label},
                        {"devices", column.devices},
                        {"tokens_per_month", column.tokens},
                        {"billed", column.billed},
                        {"kinds_of_jobs", column.sites}});
  for (const procurement::Work& work : problem.works)
    jobs.push_back({{"name", work.name}, {"tokens", work.tokens}, {"from_month", work.from}, {"by_month", work.by}});
  return {{"months", problem.months},
          {"monthly_discount", problem.monthly_discount},
          {"move", problem.move},
          {"kinds", std::move(kinds)},
          {"clusters", std::move(clusters)},
          {"jobs", std::move(jobs)},
          {"limits",
           {{"budget", maybe(problem.limits.budget)},
            {"kilowatts", maybe(problem.limits.kilowatts)},
            {"area", maybe(problem.limits.area)},
            {"vendor_share", maybe(problem.limits.vendor_share)},
            {"shares", shares_name(problem.limits.shares)}}}};
}

/// Devices by kind and month.
Json by_month(const Problem& problem, const procurement::Decision& decision,
              int (procurement::Decision::*devices)(int, int) const) {
  Json kinds = Json::array();
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    kinds.push_back(Json::array());
    for (int month = 0; month < problem.months; ++month)
      kinds.back().push_back((decision.*devices)(static_cast<int>(k), month));
  }
  return kinds;
}

Json decision_json(const Problem& problem, const procurement::Decision& decision) {
  Json shifts = Json::array();
  for (const auto& month : decision.shifts) {
    Json list = Json::array();
    for (const procurement::Shift& shift : month) list.push_back({{"cluster", shift.column}, {"share", shift.share}});
    shifts.push_back(std::move(list));
  }
  Json moves = Json::array();
  for (const procurement::Move& move : decision.moves)
    moves.push_back({{"job", problem.works[move.job].name},
                     {"month", move.month},
                     {"cluster", move.column},
                     {"share", move.share},
                     {"from_kinds", move.from},
                     {"to_kinds", move.to}});
  return {{"cost", decision.cost},
          {"bound", decision.bound},
          {"spent", decision.spent()},
          {"arrived", by_month(problem, decision, &procurement::Decision::arrived)},
          {"sold", by_month(problem, decision, &procurement::Decision::sold)},
          {"kept", by_month(problem, decision, &procurement::Decision::kept)},
          {"rented", decision.rented},
          {"shifts", std::move(shifts)},
          {"moves", std::move(moves)},
          {"cash", decision.cash},
          {"proceeds", decision.proceeds}};
}

Json risk_json(const scenario::Risk& risk) {
  Json decisions = Json::array();
  for (std::size_t i = 0; i < risk.worlds.size(); ++i) {
    Json costs = Json::array(), bought = Json::array(), rented = Json::array();
    for (const auto& cost : risk.cost[i]) costs.push_back(maybe(cost));
    for (std::size_t k = 0; risk.orders[i] && k < risk.problems[i].kinds.size(); ++k) {
      bought.push_back(risk.orders[i]->bought(static_cast<int>(k)));
      const auto& months = risk.orders[i]->rented[k];
      rented.push_back(std::accumulate(months.begin(), months.end(), 0.0));
    }
    decisions.push_back({{"ordered_as_if", risk.worlds[i]},
                         {"cost", std::move(costs)},
                         {"expected", maybe(risk.expected(i))},
                         {"worst", maybe(risk.worst(i))},
                         {"probability_in_time", risk.in_time(i)},
                         {"bought", std::move(bought)},
                         {"rented_device_months", std::move(rented)}});
  }
  const auto robust = risk.robust();
  return {{"robust", robust ? Json(risk.worlds[*robust]) : Json(nullptr)},
          {"worlds", risk.worlds},
          {"probability", risk.probability},
          {"decisions", std::move(decisions)}};
}

Json what_ifs(const std::vector<scenario::WhatIf>& list) {
  Json json = Json::array();
  for (const scenario::WhatIf& one : list)
    json.push_back(
        {{"change", one.change}, {"cost", maybe(one.cost)}, {"needed", one.needed}, {"is_open", one.is_open}});
  return json;
}

Json ways_json(const scenario::Procurement& result) {
  Json json = Json::array();
  for (const scenario::Way& way : result.ways) {
    const auto& decision = way.decision;
    const auto price = [&](double scenario::PriceInterval::*which) {
      return way.prices ? Json((*way.prices).*which) : Json(nullptr);
    };
    Json one = {{"way", way.name},
                {"cost", decision ? Json(decision->cost) : Json(nullptr)},
                {"spent", decision ? Json(decision->spent()) : Json(nullptr)},
                {"finish_months", decision ? Json(way.finish) : Json(nullptr)},
                {"price_p10", price(&scenario::PriceInterval::p10)},
                {"price_p50", price(&scenario::PriceInterval::p50)},
                {"price_p90", price(&scenario::PriceInterval::p90)},
                {"bought", Json::array()},
                {"rented_device_months", Json::array()},
                {"is_open", way.is_open}};
    for (std::size_t k = 0; decision && k < result.problem.kinds.size(); ++k) {
      one["bought"].push_back(decision->bought(static_cast<int>(k)));
      double rented = 0;
      for (double month : decision->rented[k]) rented += month;
      one["rented_device_months"].push_back(rented);
    }
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

std::string procure_json(const scenario::Scenario& scenario, const scenario::Procurement& result,
                         const std::optional<scenario::Risk>& risk) {
  Json json = {{"schema_version", schema_version},
               {"scenario", scenario.name},
               {"currency", scenario.currency.code},
               {"feasible", result.decision.has_value()},
               {"decision", result.decision ? decision_json(result.problem, *result.decision) : Json(nullptr)},
               {"price_p10", result.prices ? Json(result.prices->p10) : Json(nullptr)},
               {"price_p50", result.prices ? Json(result.prices->p50) : Json(nullptr)},
               {"price_p90", result.prices ? Json(result.prices->p90) : Json(nullptr)},
               {"ways", ways_json(result)},
               {"worth", what_ifs(result.worth)},
               {"runner_up", nullptr},
               {"conflicts", what_ifs(result.conflicts)},
               {"problem", problem_json(result.problem)}};
  if (result.runner_up)
    json["runner_up"] = {{"change", result.runner_up->change}, {"cost", maybe(result.runner_up->cost)}};
  if (risk) json["risk"] = risk_json(*risk);
  return json.dump(2);
}

}  // namespace chipmix::report
