#include "validation/whole_score.hpp"

#include <algorithm>
#include <cmath>

#include "validation/error_list.hpp"
#include "validation/groups.hpp"

namespace chipmix::validation {
namespace {

struct WholeErrors {
  std::vector<double> logs, inside, width;
  int runs = 0;
};

WholeScore summary(const WholeErrors& e) {
  WholeScore score;
  score.runs = e.runs;
  score.predicted = static_cast<int>(e.logs.size());
  std::vector<double> size;
  for (const double log : e.logs) size.push_back(std::abs(std::exp(log) - 1));
  std::sort(size.begin(), size.end());
  score.median = median(size);
  score.mean = mean(size);
  score.bias = mean(e.logs);
  if (!e.inside.empty()) score.coverage = mean(e.inside);
  if (!e.width.empty()) score.width = mean(e.width);
  return score;
}

/// ln(predicted / published), as shipped or with the publisher left out.
std::optional<double> log_error(const WholeRun& run, const WholePrediction& prediction, const LeftOut* errors) {
  if (!run.device_hours || prediction.device_hours <= 0) return std::nullopt;
  if (!errors) return std::log(prediction.device_hours / *run.device_hours);
  const auto known = errors->find(run.id);
  return known == errors->end() ? std::nullopt : known->second.left_out;
}

}  // namespace

WholeScored score(const std::vector<WholeRun>& runs, const std::vector<WholePrediction>& predictions,
                  const LeftOut* errors) {
  std::map<std::string, WholeErrors> all, kind, scope, device, project;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const WholeRun& run = runs[i];
    const WholePrediction& p = predictions[i];
    if (!run.device_hours) continue;
    const auto log = log_error(run, p, errors);
    const double ratio = p.device_hours > 0 ? p.p90 / p.p10 : 0;
    for (WholeErrors* e : {&all[""], &kind[run.model.moe ? "MoE" : "dense"], &scope[practice::name(p.scope)],
                           &device[run.cluster.device.empty() ? "not said" : die_of(run.cluster.device)],
                           &project[run.project.empty() ? "not said" : run.project]}) {
      ++e->runs;
      if (!log) continue;
      e->logs.push_back(*log);
      const double off = -*log;  // of the published hours from the prediction
      e->inside.push_back(off >= std::log(p.p10 / p.device_hours) && off <= std::log(p.p90 / p.device_hours) ? 1 : 0);
      e->width.push_back(ratio);
    }
  }
  const auto summed = [](const std::map<std::string, WholeErrors>& groups) {
    std::map<std::string, WholeScore> scores;
    for (const auto& [name, errors_of_group] : groups) scores[name] = summary(errors_of_group);
    return scores;
  };
  return {summary(all[""]), summed(kind), summed(scope), summed(device), summed(project)};
}

}  // namespace chipmix::validation
