#include "report/anchor_trial_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using validation::AnchorCase;
using validation::AnchorGroup;
using validation::AnchorScore;

struct Named {
  std::string name;
  std::vector<AnchorCase> cases;
};

Cell share(double value) { return {value, percent(value)}; }

std::vector<Column> columns(const char* what) {
  Column name{what};
  name.least = 24;
  return {name,
          numeric("runs"),
          numeric("median before"),
          numeric("median after"),
          droppable(numeric("mean before"), 2),
          droppable(numeric("mean after"), 2),
          numeric("in P10-P90 before"),
          numeric("in P10-P90 after"),
          droppable(numeric("half-width before"), 1),
          droppable(numeric("half-width after"), 1)};
}

std::vector<Cell> row(const std::string& name, const AnchorScore& s) {
  return {name,
          s.runs,
          share(s.median_before),
          share(s.median_after),
          share(s.mean_before),
          share(s.mean_after),
          share(s.inside_before),
          share(s.inside_after),
          share(s.width_before),
          share(s.width_after)};
}

Table table_of(const char* title, const char* what, const std::vector<Named>& list) {
  Table table;
  table.title = title;
  table.columns = columns(what);
  for (const Named& one : list)
    if (!one.cases.empty()) table.add(row(one.name, score(one.cases)));
  return table;
}

/// By how much of a run's error the smallest run shares.
std::vector<Named> by_correlation(const std::vector<AnchorCase>& cases) {
  std::vector<Named> list = {{"0.6 and more", {}}, {"0.4 to 0.6", {}}, {"0.2 to 0.4", {}}, {"below 0.2", {}}};
  for (const AnchorCase& one : cases) {
    const double r = one.correlation;
    list[r >= 0.6 ? 0 : r >= 0.4 ? 1 : r >= 0.2 ? 2 : 3].cases.push_back(one);
  }
  return list;
}

std::vector<Named> by_group(const std::vector<AnchorGroup>& groups, const std::vector<AnchorCase>& cases) {
  std::vector<Named> list;
  for (const AnchorGroup& group : groups) list.push_back({group.project + ", " + group.stack, {}});
  for (const AnchorCase& one : cases) list[one.group].cases.push_back(one);
  std::stable_sort(list.begin(), list.end(), [](const Named& a, const Named& b) {
    return score(a.cases).median_after > score(b.cases).median_after;
  });
  return list;
}

Json json_of(const std::vector<Named>& list) {
  Json all = Json::object();
  for (const Named& one : list) {
    const AnchorScore s = score(one.cases);
    all[one.name] = {{"groups", s.groups},
                     {"runs", s.runs},
                     {"median_before", s.median_before},
                     {"median_after", s.median_after},
                     {"mean_before", s.mean_before},
                     {"mean_after", s.mean_after},
                     {"coverage_before", s.inside_before},
                     {"coverage_after", s.inside_after},
                     {"half_width_before", s.width_before},
                     {"half_width_after", s.width_after}};
  }
  return all;
}

Json cases_json(const std::vector<validation::PublishedRun>& runs, const std::vector<AnchorGroup>& groups,
                const std::vector<AnchorCase>& cases) {
  Json list = Json::array();
  for (const AnchorCase& one : cases)
    list.push_back({{"id", runs[one.run].id},
                    {"anchor", runs[groups[one.group].runs.front()].id},
                    {"error_before", one.before},
                    {"error_after", one.after},
                    {"inside_before", one.inside_before},
                    {"inside_after", one.inside_after},
                    {"correlation", one.correlation}});
  return list;
}

}  // namespace

Page anchor_trial_page(const std::vector<validation::PublishedRun>& runs,
                       const std::vector<validation::Prediction>& predictions,
                       const validation::KinshipLeftOut& kinship) {
  const auto groups = validation::anchor_groups(runs, predictions);
  const auto trial = [&](const validation::AnchorsTaken& taken) {
    return validation::anchor_trial(groups, runs, predictions, kinship, taken);
  };
  const auto smallest = trial({1});
  const std::vector<Named> counts = {{"the smallest run", smallest},
                                     {"the two smallest", trial({2})},
                                     {"the four smallest", trial({4})},
                                     {"all but the run itself", trial({0, true})}};
  const std::vector<Named> near = by_correlation(smallest), each = by_group(groups, smallest);
  Page page;
  page.title = fmt::format(
      "Published runs predicted after others of their publisher were measured: {} sets of one "
      "publisher and stack",
      groups.size());
  page.tables = {table_of("By what was measured", "measured", counts),
                 table_of("The smallest run measured, by how much of the error it shares", "correlation", near),
                 table_of("The smallest run measured, by publisher and stack, worst first", "set", each)};
  page.remarks.push_back(
      "Before: as a fit without the publisher's runs predicts. Error: predicted / measured - 1, the median and mean of "
      "its absolute value over the runs that were not measured. Half-width: mean of sqrt(P90 / P10) - 1.");
  page.json = Json{{"schema_version", schema_version},
                   {"by_anchors", json_of(counts)},
                   {"by_correlation", json_of(near)},
                   {"by_set", json_of(each)},
                   {"cases", cases_json(runs, groups, smallest)}}
                  .dump(1);
  return page;
}

}  // namespace chipmix::report
