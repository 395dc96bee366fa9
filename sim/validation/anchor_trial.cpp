#include "validation/anchor_trial.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "base/normal.hpp"
#include "io/document.hpp"
#include "io/folder.hpp"
#include "io/shape_reading.hpp"
#include "validation/error_list.hpp"

namespace chipmix::validation {
namespace {

/// The last profile of a kind: of links the one between servers.
std::string profile_of(const Prediction& prediction, const std::string& kind) {
  std::string name;
  for (const std::string& profile : prediction.profiles)
    if (profile.starts_with(kind + "/")) name = profile.substr(kind.size() + 1);
  return name;
}

bool is_counted(const PublishedRun& run, const Prediction& prediction) {
  return run.is_timed() && run.tier != "lora" && run.measured.iteration_s && prediction.iteration_s > 0 &&
         prediction.p10 > 0;
}

/// Layers times width squared: how parameters grow, for every record that states them.
double size_of(const PublishedRun& run) {
  return run.model.layers.value_or(0) * std::pow(run.model.hidden.value_or(0), 2);
}

double tokens_of(const PublishedRun& run) {
  return 1.0 * run.plan.global_batch.value_or(0) * run.model.sequence_length.value_or(0);
}

practice::PredictedStep step_of(const PublishedRun& run, const Prediction& prediction) {
  practice::PredictedStep step;
  step.sites = {{profile_of(prediction, "stacks"), run.cluster.device, profile_of(prediction, "links")}};
  for (const Account& account : prediction.accounts) step.accounts[account.name] = account.share;
  step.deviation = std::log(prediction.p90 / prediction.p10) / (2 * z90);
  return step;
}

/// ln(measured / predicted), no further off than an anchor counts.
double surprise(const PublishedRun& run, const Prediction& prediction, double deviation) {
  const double most = practice::furthest_off * deviation;
  return std::clamp(std::log(*run.measured.iteration_s / prediction.iteration_s), -most, most);
}

AnchorCase without(std::size_t index, const PublishedRun& run, const Prediction& prediction) {
  const double measured = *run.measured.iteration_s;
  AnchorCase one;
  one.run = index;
  one.before = prediction.iteration_s / measured - 1;
  one.inside_before = prediction.p10 <= measured && measured <= prediction.p90;
  one.width_before = std::sqrt(prediction.p90 / prediction.p10) - 1;
  return one;
}

/// The run with what its anchors say of it.
AnchorCase anchored(std::size_t index, const std::vector<std::size_t>& anchors, const std::vector<PublishedRun>& runs,
                    const std::vector<Prediction>& predictions, const practice::Kinship& kinship) {
  const Prediction& prediction = predictions[index];
  AnchorCase one = without(index, runs[index], prediction);
  std::vector<practice::PredictedStep> measured;
  for (const std::size_t i : anchors) measured.push_back(step_of(runs[i], predictions[i]));
  const auto carried = practice::carried(kinship, measured, step_of(runs[index], prediction));
  double shift = 0;
  for (std::size_t i = 0; i < anchors.size(); ++i)
    shift += carried.gains[i] * surprise(runs[anchors[i]], predictions[anchors[i]], measured[i].deviation);
  const double middle = prediction.iteration_s * std::exp(shift), seconds = *runs[index].measured.iteration_s;
  const double low = middle * std::pow(prediction.p10 / prediction.iteration_s, carried.left),
               high = middle * std::pow(prediction.p90 / prediction.iteration_s, carried.left);
  one.after = middle / seconds - 1;
  one.inside_after = low <= seconds && seconds <= high;
  one.width_after = std::sqrt(high / low) - 1;
  one.correlation = carried.correlation;
  return one;
}

}  // namespace

KinshipLeftOut own_kinship_left_out(const scenario::Library& library) {
  for (const auto& folder : library.folders()) {
    const auto path = folder / "published_runs" / "errors" / "kinship_left_out.json";
    if (!io::is_file(path)) continue;
    const io::Document document = io::Document::load(path);
    io::Diagnostics diagnostics;
    KinshipLeftOut all;
    const io::Value root = document.root(diagnostics, io::Figures::plain);
    if (const auto projects = root.find("projects"))
      for (const auto& [project, value] : projects->members())
        if (auto kinship = io::read<practice::Kinship>(value)) all.emplace(project, std::move(*kinship));
    diagnostics.throw_if_any();
    return all;
  }
  return {};
}

std::vector<AnchorGroup> anchor_groups(const std::vector<PublishedRun>& runs,
                                       const std::vector<Prediction>& predictions) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (is_counted(runs[i], predictions[i]))
      found[{runs[i].project, profile_of(predictions[i], "stacks")}].push_back(i);
  std::vector<AnchorGroup> groups;
  for (auto& [key, list] : found) {
    if (list.size() < 2) continue;
    std::sort(list.begin(), list.end(), [&](std::size_t a, std::size_t b) {
      const auto order = [&](std::size_t i) {
        return std::tuple(runs[i].cluster.devices, size_of(runs[i]), tokens_of(runs[i]), runs[i].id);
      };
      return order(a) < order(b);
    });
    groups.push_back({key.first, key.second, std::move(list)});
  }
  return groups;
}

std::vector<AnchorCase> anchor_trial(const std::vector<AnchorGroup>& groups, const std::vector<PublishedRun>& runs,
                                     const std::vector<Prediction>& predictions, const KinshipLeftOut& kinship,
                                     const AnchorsTaken& taken) {
  std::vector<AnchorCase> cases;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto own = kinship.find(groups[g].project);
    if (own == kinship.end()) continue;
    const std::vector<std::size_t>& list = groups[g].runs;
    const std::size_t first = taken.is_all_others ? 0 : taken.smallest;
    for (std::size_t i = first; i < list.size(); ++i) {
      std::vector<std::size_t> anchors(list.begin(),
                                       taken.is_all_others ? list.end() : list.begin() + static_cast<long>(first));
      std::erase(anchors, list[i]);
      cases.push_back(anchored(list[i], anchors, runs, predictions, own->second));
      cases.back().group = g;
    }
  }
  return cases;
}

AnchorScore score(const std::vector<AnchorCase>& cases) {
  AnchorScore score;
  if (cases.empty()) return score;
  std::set<std::size_t> groups;
  std::vector<double> before, after;
  for (const AnchorCase& one : cases) {
    groups.insert(one.group);
    before.push_back(one.before), after.push_back(one.after);
    score.inside_before += one.inside_before, score.inside_after += one.inside_after;
    score.width_before += one.width_before, score.width_after += one.width_after;
  }
  const double count = static_cast<double>(cases.size());
  for (double* sum : {&score.inside_before, &score.inside_after, &score.width_before, &score.width_after})
    *sum /= count;
  score.groups = static_cast<int>(groups.size());
  score.runs = static_cast<int>(cases.size());
  score.median_before = median(sizes(before)), score.median_after = median(sizes(after));
  score.mean_before = mean(sizes(before)), score.mean_after = mean(sizes(after));
  return score;
}

}  // namespace chipmix::validation
