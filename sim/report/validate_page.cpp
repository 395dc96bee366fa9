#include "report/validate_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using validation::Prediction;
using validation::PublishedRun;
using validation::Score;
using validation::Scored;
using Json = nlohmann::ordered_json;

constexpr std::size_t worst_shown = 10, accounts_shown = 3;

Cell share(double value, bool known = true) { return known ? Cell{value, percent(value)} : Cell{}; }

std::vector<Column> score_columns(const char* what) {
  Column first{what};
  first.least = 24;
  return {first,
          numeric("runs"),
          droppable(numeric("predicted"), 2),
          numeric("median"),
          numeric("mean"),
          numeric("bias"),
          numeric("90th percentile"),
          droppable(numeric("in P10-P90"), 1),
          droppable(numeric("memory mean"), 3),
          droppable(numeric("memory verdicts"), 4)};
}

std::vector<Cell> score_row(const std::string& name, const Score& s) {
  const bool timed = s.predicted > 0;
  return {name,
          s.timed,
          s.predicted,
          share(s.median, timed),
          share(s.mean, timed),
          share(s.bias, timed),
          share(s.percentile_90, timed),
          share(s.coverage, timed),
          share(s.memory_mean, s.memory > 0),
          s.verdicts ? Cell{static_cast<double>(s.verdicts_right) / s.verdicts,
                            fmt::format("{} of {}", s.verdicts_right, s.verdicts)}
                     : Cell{}};
}

Table score_table(const char* title, const char* what, const std::map<std::string, Score>& scores) {
  std::vector<std::pair<std::string, Score>> rows(scores.begin(), scores.end());
  std::stable_sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.second.mean > b.second.mean; });
  Table table{title, score_columns(what), {}};
  for (const auto& [name, one] : rows) table.add(score_row(name, one));
  return table;
}

Table peer_table(const Scored& scored) {
  Table table{"Other tools' published predictions of the same runs",
              {{"tool"}, numeric("runs"), numeric("median"), numeric("mean"), numeric("bias")},
              {}};
  for (const auto& [tool, s] : scored.peers)
    table.add({tool, s.predicted, share(s.median), share(s.mean), share(s.bias)});
  return table;
}

std::string largest_accounts(const Prediction& prediction) {
  std::string text;
  for (std::size_t i = 0; i < std::min(accounts_shown, prediction.accounts.size()); ++i)
    text += fmt::format("{}{} {}", i ? ", " : "", prediction.accounts[i].name, percent(prediction.accounts[i].share));
  return text;
}

Table worst_table(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (const auto error = time_error(runs[i], predictions[i])) order.emplace_back(-std::abs(std::log1p(*error)), i);
  std::sort(order.begin(), order.end());
  Table table{"The worst rows",
              {{"run"}, numeric("measured", "s"), numeric("predicted", "s"), numeric("error"), {"largest accounts"}},
              {}};
  for (std::size_t k = 0; k < std::min(worst_shown, order.size()); ++k) {
    const std::size_t i = order[k].second;
    const double measured = *runs[i].measured.iteration_s;
    table.add({runs[i].id,
               {measured, duration(Seconds{measured})},
               {predictions[i].iteration_s, duration(Seconds{predictions[i].iteration_s})},
               share(*time_error(runs[i], predictions[i])),
               largest_accounts(predictions[i])});
  }
  return table;
}

Json score_json(const Score& s) {
  return {{"timed", s.timed},
          {"predicted", s.predicted},
          {"median", s.median},
          {"mean", s.mean},
          {"bias", s.bias},
          {"p90", s.percentile_90},
          {"coverage", s.coverage},
          {"memory_n", s.memory},
          {"memory_mean", s.memory_mean},
          {"memory_bias", s.memory_bias},
          {"verdicts", s.verdicts},
          {"verdicts_right", s.verdicts_right}};
}

Json scores_json(const std::map<std::string, Score>& scores) {
  Json json = Json::object();
  for (const auto& [name, one] : scores) json[name] = score_json(one);
  return json;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json case_json(const PublishedRun& run, const Prediction& p) {
  Json predicted = nullptr;
  if (p.iteration_s > 0)
    predicted = {
        {"iteration_s", p.iteration_s},         {"iteration_s_p10", p.p10}, {"iteration_s_p90", p.p90},
        {"peak_memory_gib", p.peak_memory_gib}, {"fits", p.fits},           {"fit_probability", p.fit_probability}};
  Json accounts = Json::object();
  for (const auto& account : p.accounts) accounts[account.name] = account.share;
  return {{"id", run.id},
          {"status", validation::name(p.status)},
          {"reason", p.reason.empty() ? Json(nullptr) : Json(p.reason)},
          {"device", run.cluster.device},
          {"devices", run.cluster.devices},
          {"model", run.model.name},
          {"measured",
           {{"iteration_s", or_null(run.measured.iteration_s)},
            {"peak_memory_gib", or_null(run.measured.peak_memory_gib)},
            {"out_of_memory", or_null(run.measured.out_of_memory)}}},
          {"predicted", std::move(predicted)},
          {"accounts", std::move(accounts)},
          {"profiles", p.profiles},
          {"assumed", p.assumed}};
}

std::string json_text(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions,
                      const Scored& scored) {
  Json cases = Json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) cases.push_back(case_json(runs[i], predictions[i]));
  return Json{{"schema_version", schema_version},
              {"cases", std::move(cases)},
              {"summary",
               {{"all", score_json(scored.all)},
                {"by_family", scores_json(scored.family)},
                {"by_source", scores_json(scored.source)},
                {"peers", scores_json(scored.peers)},
                {"rank_tau", scored.rank ? Json(*scored.rank) : Json(nullptr)},
                {"rank_sets", scored.rank_sets}}}}
      .dump(1);
}

}  // namespace

Page validate_page(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  const Scored scored = score(runs, predictions);
  Page page;
  page.title = fmt::format("Predictions beside {} published runs", runs.size());
  page.tables.push_back(score_table("By devices, worst first", "devices", scored.family));
  page.tables.back().add(score_row("all but LoRA", scored.all));
  page.tables.push_back(score_table("By source, worst first", "source", scored.source));
  if (!scored.peers.empty()) page.tables.push_back(peer_table(scored));
  page.tables.push_back(worst_table(runs, predictions));
  page.remarks.push_back(
      "Error: predicted / measured - 1; median and mean of its absolute value; a bias below 0 is too fast.");
  if (scored.rank)
    page.remarks.push_back(fmt::format("Order of plans within {} sets of alike runs: Kendall's tau {:.2f} on average.",
                                       scored.rank_sets, *scored.rank));
  page.json = json_text(runs, predictions, scored);
  return page;
}

}  // namespace chipmix::report
