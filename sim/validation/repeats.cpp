#include "validation/repeats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "validation/error_list.hpp"

namespace chipmix::validation {
namespace {

std::string written(const std::optional<int>& number) { return number ? std::to_string(*number) : "?"; }

/// What a run is, as one text; two runs of one text may still differ in what the prediction alone shows.
std::string identity(const PublishedRun& run, const Prediction& prediction) {
  const RunModel& m = run.model;
  const RunPlan& p = run.plan;
  std::string text = fmt::format("{}|{}|{}|{}|{}|{}", run.tier, run.cluster.device, run.cluster.devices, p.stack,
                                 p.dtype, p.recompute);
  for (const auto& number : {m.layers, m.hidden, m.heads, m.width, m.vocabulary, m.sequence_length, p.tensor,
                             p.pipeline, p.data, p.context, p.expert, p.interleave, p.micro_batch, p.global_batch})
    text += "|" + written(number);
  return text + fmt::format("|{:.9e}|{:.9e}", prediction.iteration_s, prediction.peak_memory_gib);
}

Repeated repeated(const std::vector<const PublishedRun*>& runs) {
  Repeated set;
  std::vector<double> logs;
  for (const PublishedRun* run : runs) {
    set.ids.push_back(run->id);
    logs.push_back(std::log(*run->measured.iteration_s));
  }
  const auto [least, most] = std::minmax_element(logs.begin(), logs.end());
  set.fastest = std::exp(*least);
  set.slowest = std::exp(*most);
  const double middle = mean(logs);
  for (double log : logs) set.errors.push_back(log - middle);
  return set;
}

}  // namespace

Noise noise_of(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  std::map<std::string, std::vector<const PublishedRun*>> alike;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].is_timed() && runs[i].measured.iteration_s.value_or(0) > 0 && predictions[i].iteration_s > 0)
      alike[identity(runs[i], predictions[i])].push_back(&runs[i]);
  Noise noise;
  std::vector<double> apart, errors;
  for (const auto& [key, members] : alike) {
    if (members.size() < 2) continue;
    noise.sets.push_back(repeated(members));
    noise.runs += static_cast<int>(members.size());
    apart.push_back(noise.sets.back().apart());
    for (double error : noise.sets.back().errors) errors.push_back(std::abs(std::expm1(-error)));
  }
  std::sort(apart.begin(), apart.end());
  noise.median_apart = median(apart);
  noise.mean_error = mean(errors);
  std::stable_sort(noise.sets.begin(), noise.sets.end(),
                   [](const Repeated& a, const Repeated& b) { return a.apart() > b.apart(); });
  return noise;
}

}  // namespace chipmix::validation
