#include "report/searched_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/words.hpp"
#include "practice/account.hpp"
#include "report/answer_json.hpp"
#include "report/number.hpp"
#include "validation/error_list.hpp"

namespace chipmix::report {
namespace {

using validation::SearchedJob;
using Json = nlohmann::ordered_json;

constexpr double upper_tenth = 0.9;
constexpr std::size_t worst_jobs_shown = 15;

/// A vendor's table shows tuned practice, any other a typical one.
practice::Practice practice_of(const SearchedJob& job, const practice::Belief& belief) {
  const auto& tuned = belief.tuned_tables;
  return std::find(tuned.begin(), tuned.end(), job.project) != tuned.end() ? practice::Practice::tuned
                                                                           : practice::Practice::typical;
}

practice::Account account_of(const SearchedJob& job, const practice::Belief& belief) {
  practice::Facts facts;
  facts.is_moe = job.is_moe;
  facts.is_routing_known = true;
  facts.devices = job.devices;
  facts.step_p10 = job.step_p10;
  facts.step_p90 = job.step_p90;
  return {belief, practice_of(job, belief), facts};
}

struct Summary {
  int jobs = 0, found = 0;
  double median = 0, upper = 0;                    ///< times faster than the best published step
  double expected_median = 0, expected_upper = 0;  ///< the same of the expected step
  double inside = 0;
};

Summary summary_of(const std::vector<SearchedJob>& jobs, const practice::Belief& belief, bool is_moe,
                   practice::Practice practice) {
  Summary s;
  std::vector<double> faster, expected;
  int inside = 0;
  for (const SearchedJob& job : jobs) {
    if (job.is_moe != is_moe || practice_of(job, belief) != practice) continue;
    ++s.jobs;
    if (job.searched_s <= 0) continue;
    const practice::Account account = account_of(job, belief);
    const double step = job.searched_s * account.factor(practice::Scope::steady);
    faster.push_back(job.faster());
    expected.push_back(job.published_s / step);
    inside += job.published_s >= step * account.p10() && job.published_s <= step * account.p90();
  }
  s.found = static_cast<int>(faster.size());
  std::sort(faster.begin(), faster.end());
  std::sort(expected.begin(), expected.end());
  s.median = validation::median(faster);
  s.upper = validation::quantile(faster, upper_tenth);
  s.expected_median = validation::median(expected);
  s.expected_upper = validation::quantile(expected, upper_tenth);
  s.inside = s.found ? static_cast<double>(inside) / s.found : 0;
  return s;
}

Cell times(double value) { return {value, fmt::format("{:.2f}", value)}; }

Json summary_json(const Summary& s) {
  return {{"jobs", s.jobs},
          {"found", s.found},
          {"best_plan_times_faster_median", s.median},
          {"best_plan_times_faster_p90", s.upper},
          {"expected_times_faster_median", s.expected_median},
          {"expected_times_faster_p90", s.expected_upper},
          {"published_inside", s.inside}};
}

}  // namespace

Page searched_page(const std::vector<SearchedJob>& jobs, const practice::Belief& belief) {
  Page page;
  page.title = "Plans found by search compared with the best published plans of " + counted(jobs.size(), "job");
  Table table;
  table.title = "How many times faster than the best published step";
  table.columns = {Column{"class"},
                   Column{"practice"},
                   numeric("jobs"),
                   numeric("plan found"),
                   numeric("best plan: median"),
                   numeric("90th percentile"),
                   numeric("expected: median"),
                   numeric("90th percentile"),
                   numeric("published in P10-P90")};
  Json summaries = Json::object();
  const practice::Practice practices[] = {practice::Practice::typical, practice::Practice::tuned};
  for (const auto& [is_moe, practice] :
       {std::pair{true, practices[0]}, {true, practices[1]}, {false, practices[0]}, {false, practices[1]}}) {
    const Summary s = summary_of(jobs, belief, is_moe, practice);
    const char* name = is_moe ? "MoE" : "dense";
    table.rows.push_back({name, practice::name(practice), s.jobs, s.found, times(s.median), times(s.upper),
                          times(s.expected_median), times(s.expected_upper), Cell{s.inside, percent(s.inside)}});
    summaries[std::string(name) + ", " + practice::name(practice)] = summary_json(s);
  }
  page.tables.push_back(std::move(table));
  std::vector<const SearchedJob*> order;
  for (const SearchedJob& job : jobs) order.push_back(&job);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->faster() > b->faster(); });
  Table worst;
  worst.title = "Jobs with the largest predicted gain";
  worst.columns = {Column{"job"},          Column{"device"},   numeric("devices"),
                   numeric("published s"), numeric("found s"), numeric("times faster")};
  Json list = Json::array();
  for (const SearchedJob* job : order) {
    if (worst.rows.size() < worst_jobs_shown && job->searched_s > 0)
      worst.rows.push_back({job->ids.front(), job->device, job->devices, times(job->published_s),
                            times(job->searched_s), times(job->faster())});
    list.push_back({{"ids", job->ids},
                    {"model", job->model},
                    {"project", job->project},
                    {"device", job->device},
                    {"devices", job->devices},
                    {"class", job->is_moe ? "MoE" : "dense"},
                    {"published_s", job->published_s},
                    {"searched_s", job->searched_s > 0 ? Json(job->searched_s) : Json(nullptr)},
                    {"reason", job->reason.empty() ? Json(nullptr) : Json(job->reason)}});
  }
  page.tables.push_back(std::move(worst));
  page.json =
      Json{{"schema_version", schema_version}, {"jobs", std::move(list)}, {"summary", std::move(summaries)}}.dump(1);
  return page;
}

}  // namespace chipmix::report
