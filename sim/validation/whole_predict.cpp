#include "validation/whole_predict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/parallel.hpp"
#include "goodput/goodput.hpp"
#include "io/document.hpp"
#include "io/folder.hpp"
#include "planner/search.hpp"
#include "uncertainty/sensitivity.hpp"
#include "validation/record_table.hpp"
#include "validation/whole_practice.hpp"

namespace chipmix::validation {
namespace {

/// The best plan of all that leave memory free, or one with the printed degrees where that is faster: a run that ran,
/// fits.
planner::Found best_plan(const WholePart& part) {
  planner::SearchSpace stated = part.stated;
  stated.headroom = 0;
  const auto all = planner::search({}, part.job, part.cluster, 1),
             own = planner::search(stated, part.job, part.cluster, 1);
  if (all.best.empty() && own.best.empty())
    throw Unanswerable(all.nearest_miss.empty() ? "no plan divides the devices" : "no plan fits: " + all.nearest_miss);
  const bool is_own =
      all.best.empty() || (!own.best.empty() && own.best.front().step_time < all.best.front().step_time);
  return is_own ? own.best.front() : all.best.front();
}

plan::JobPlan laid_out(const planner::Found& found, const WholePart& part) {
  const auto& group = part.cluster.groups.front();
  return {{plan::lay_out(found.plan, part.job.model.layers, part.job.global_batch, 0, group.device.ranks)}};
}

std::string plan_words(const plan::UniformPlan& p) {
  return fmt::format("TP{} PP{} DP{} CP{} EP{} mbs{}", p.degrees.tensor, p.pipeline, p.degrees.data, p.degrees.context,
                     p.degrees.expert, p.micro_batch);
}

/// Model FLOPs a second of the plan over the peak of its devices; 0 where the device has no such rate.
double share_of_peak(const planner::Found& found, const WholePart& part) {
  const auto& group = part.cluster.groups.front();
  const auto peak = group.device.peak.find(part.job.dtype);
  if (peak == group.device.peak.end()) return 0;
  const Flops work{6 * workload::count_parameters(part.job.model).active * part.job.tokens_per_step()};
  return work / (peak->second.value * static_cast<double>(group.ranks())) / Seconds{found.step_time};
}

/// Weights in 16 bit, master weights and two moments in fp32.
constexpr double checkpoint_bytes_per_weight = 14;

double failures(const practice::Belief& belief, const WholePart& part) {
  goodput::Reliability usual;
  usual.device_mtbf = belief.device_mtbf;
  usual.recovery = belief.recovery;
  usual.blocking = belief.blocking;
  goodput::Fleet fleet;
  const auto& group = part.cluster.groups.front();
  fleet.kinds.push_back({group.device.id, group.devices, std::max(1, group.devices / group.node.devices)});
  const Bytes checkpoint{checkpoint_bytes_per_weight * workload::count_parameters(part.job.model).total};
  return goodput::interruptions(usual, fleet, checkpoint).factor();
}

WholePrediction answer(const WholeRun& run, scenario::Library& library) {
  const practice::Belief* belief = library.practice(scenario::usual_practice);
  if (!belief) throw Unanswerable("no profile of practice");
  WholeQuestion question = whole_question_of(run, library);
  WholePrediction prediction;
  practice::Facts facts;
  facts.is_moe = run.model.moe.has_value();
  facts.failures_source = belief->device_mtbf.source;
  double longest = 0;
  for (const WholePart& part : question.parts) {
    const auto& group = part.cluster.groups.front();
    const planner::Found best = best_plan(part);
    const double seconds = best.step_time * part.job.steps();
    prediction.best_hours += seconds / seconds_per_hour * group.devices;
    if (seconds < longest) continue;
    longest = seconds;
    prediction.device = group.device.id;
    prediction.devices = facts.devices = group.devices;
    prediction.plan = plan_words(best.plan);
    prediction.best_mfu = share_of_peak(best, part);
    prediction.practice = practice_of(run, group.device);
    const auto interval = uncertainty::step_interval(part.job, laid_out(best, part), part.cluster);
    facts.step_p10 = interval.p10;
    facts.step_p90 = interval.p90;
    facts.failures = failures(*belief, part);
  }
  prediction.assumed = std::move(question.assumed);
  prediction.scope = run.scope.value_or(practice::Scope::billed);
  prediction.account = practice::Account(*belief, prediction.practice, facts);
  prediction.device_hours = prediction.best_hours * prediction.account.factor(prediction.scope);
  prediction.p10 = prediction.device_hours * prediction.account.p10();
  prediction.p90 = prediction.device_hours * prediction.account.p90();
  return prediction;
}

}  // namespace

WholePrediction predict_whole(const WholeRun& run, scenario::Library& library) {
  WholePrediction refused;
  refused.status = Status::error;
  refused.reason = fmt::format("{}", fmt::join(run.faults, "; "));
  if (!run.faults.empty()) return refused;
  try {
    return answer(run, library);
  } catch (const Unanswerable& fault) {
    refused.status = Status::unsupported;
    refused.reason = fault.what();
  } catch (const std::logic_error& fault) {
    refused.reason = fault.what();
  }
  return refused;
}

std::vector<WholePrediction> predict_all_whole(const std::vector<WholeRun>& runs, int jobs) {
  std::vector<WholePrediction> predictions(runs.size());
  const auto library = [] { return scenario::Library(); };  // not shared between threads
  parallel_for_with(library, static_cast<int>(runs.size()), jobs,
                    [&](scenario::Library& own, int i) { predictions[i] = predict_whole(runs[i], own); });
  return predictions;
}

std::vector<std::filesystem::path> own_whole_tables(const scenario::Library& library) {
  for (const auto& data : library.folders())
    if (io::is_folder(data / "published_runs" / "whole")) return tables_in(data / "published_runs" / "whole");
  return {};
}

WholeRunTable read_all_whole(const std::vector<std::filesystem::path>& tables) {
  return read_tables(tables, &WholeRunTable::runs, read_whole_runs);
}

}  // namespace chipmix::validation
