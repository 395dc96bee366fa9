#include "scenario/batches.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "base/words.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {
namespace {

int packages(const hardware::Cluster& cluster) {
  int sum = 0;
  for (const hardware::NodeGroup& group : cluster.groups) sum += group.devices;
  return sum;
}

/// The nearest value below and above `start`, in steps of `step`, for which `is_good` holds; at most `tries` steps
/// away.
template <class IsGood>
std::vector<int> nearest_good(int start, int step, int tries, IsGood is_good) {
  std::vector<int> found;
  for (const int sign : {-1, 1})
    for (int i = 1; i <= tries; ++i) {
      const long long value = start + 1LL * sign * i * step;
      if (value < 1 || value > most_sequences) break;
      if (!is_good(static_cast<int>(value))) continue;
      found.push_back(static_cast<int>(value));
      break;
    }
  return found;
}

/// Batches of the job and of its stages, each once, as the option trains them.
std::set<int> batches_of(const Scenario& scenario, const Option& option) {
  std::set<int> batches;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, scenario.stages.size()); ++i)
    batches.insert(scenario.job_of(option, i).global_batch);
  return batches;
}

/// Whether the batch is a default: of the job, or of the option or a stage.
bool is_default(const Scenario& scenario) {
  return std::any_of(scenario.defaults.begin(), scenario.defaults.end(),
                     [](const Default& one) { return one.key.ends_with("/global_batch"); });
}

/// A batch of an option that was a default follows the job's: it says nothing once that was changed.
void drop_old(Scenario& scenario) {
  const auto find = [&](const std::string& key) {
    return std::find_if(scenario.defaults.begin(), scenario.defaults.end(),
                        [&](const Default& one) { return one.key == key; });
  };
  if (find("/job/global_batch") != scenario.defaults.end()) return;
  for (std::size_t i = 0; i < scenario.options.size(); ++i)
    if (const auto own = find(fmt::format("/options/{}/global_batch", i)); own != scenario.defaults.end()) {
      scenario.options[i].batches.clear();
      scenario.defaults.erase(own);
    }
}

void doubt_batches(Scenario& scenario) {
  if (is_default(scenario)) return;
  for (std::size_t i = 0; i < scenario.options.size(); ++i) {
    const Option& option = scenario.options[i];
    if (!option.cluster || option.plan || option.given) continue;
    const int devices = packages(*option.cluster), each = option.cluster->groups.front().node.devices;
    for (const int batch : batches_of(scenario, option)) {
      if (!divides_badly(batch, devices)) continue;
      constexpr int tries = 4096;
      const auto batches = nearest_good(batch, 1, tries, [&](int other) { return !divides_badly(other, devices); });
      const auto counts =
          nearest_good(devices, std::max(1, each), tries, [&](int other) { return !divides_badly(batch, other); });
      std::string text = fmt::format(
          "{} a step and {} of {} share no factor larger than {}, which leaves few plans and may make it slower",
          counted(batch, "sequence"), counted(devices, "device"), option.label, std::gcd(batch, devices));
      if (!batches.empty()) text += fmt::format("; batches that divide: {}", fmt::join(batches, " or "));
      if (!counts.empty() && option.cluster->groups.size() == 1)
        text += fmt::format("; numbers of devices: {}", fmt::join(counts, " or "));
      scenario.doubts.push_back({text + ".", static_cast<int>(i)});
    }
  }
}

void doubt_lengths(Scenario& scenario) {
  const workload::ModelSpec& model = scenario.job.model;
  if (model.longest_sequence <= 0) return;
  std::set<int> lengths;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, scenario.stages.size()); ++i)
    lengths.insert(scenario.stage_job(i).sequence_length);
  for (const int length : lengths)
    if (length > model.longest_sequence)
      scenario.doubts.push_back(
          {fmt::format("Sequences of {} tokens are {:.3g} times the longest that the configuration of {} states ({}): "
                       "the model must be made to read them first, and no published run is like it.",
                       length, 1.0 * length / model.longest_sequence, model.name, model.longest_sequence),
           -1});
}

}  // namespace

bool divides_badly(int batch, int devices) {
  constexpr int least_shared = 64;
  const int shared = std::gcd(batch, devices), left = devices / shared;
  return (left & (left - 1)) != 0 || shared < std::min(devices, least_shared);
}

int batch_near(double wanted, int devices) {
  constexpr double near = 0.15, far = 0.25;
  const auto worth = [&](int batch) {
    constexpr double bad = 32;      // more than the logarithm of any number of devices
    constexpr double round = 0.02;  // worth of a factor of two, for larger micro-batches: as much as 2 % of the batch
    return std::log2(std::gcd(batch, devices)) - (divides_badly(batch, devices) ? bad : 0) +
           round * std::countr_zero(static_cast<unsigned>(batch)) - std::abs(std::log(batch / wanted));
  };
  const auto best_within = [&](double moved) {
    int best = std::max(1, static_cast<int>(std::lround(wanted)));
    for (int batch = std::max(1, static_cast<int>(wanted * (1 - moved))); batch <= wanted * (1 + moved); ++batch)
      if (worth(batch) > worth(best)) best = batch;
    return best;
  };
  const int best = best_within(near);
  if (!divides_badly(best, devices)) return best;
  const int other = best_within(far);
  return divides_badly(other, devices) ? best : other;
}

void read_batches(const OptionSpec& spec, const io::Value& value, const Scenario& scenario, Option& option) {
  const std::vector<int>& own = spec.global_batch.values;
  if (own.empty()) return;
  const std::size_t stages = std::max<std::size_t>(1, scenario.stages.size());
  if (own.size() != stages && own.size() != 1)
    return value.find("global_batch")
        ->error(fmt::format("{} for a job of {}", counted(own.size(), "batch", "batches"), counted(stages, "stage")),
                "give one number, or one for each stage");
  for (std::size_t i = 0; i < stages; ++i) {
    const workload::TrainingJob job = scenario.stage_job(i);
    const int batch = own[own.size() == 1 ? 0 : i];
    option.batches.push_back({job.sequence_length, job.global_batch, batch});
    if (job.tokens < 1.0 * job.sequence_length * batch)
      value.find("global_batch")
          ->error(fmt::format("the run is shorter than one step of {} x {} tokens", batch, job.sequence_length));
  }
}

void doubt(Scenario& scenario) {
  drop_old(scenario);
  doubt_batches(scenario);
  doubt_lengths(scenario);
}

std::vector<std::string> slower_with_more(const Scenario& scenario, const Comparison& comparison) {
  std::vector<std::string> list;
  const auto group_of = [&](const OptionAnswer& answer) -> const hardware::NodeGroup* {
    const auto& cluster = scenario.options[scenario.find(answer.name)].cluster;
    return answer.feasible() && cluster && cluster->groups.size() == 1 ? &cluster->groups.front() : nullptr;
  };
  for (const OptionAnswer& large : comparison.options) {
    const hardware::NodeGroup* many = group_of(large);
    if (!many) continue;
    const OptionAnswer* fastest = nullptr;
    for (const OptionAnswer& small : comparison.options) {
      const hardware::NodeGroup* few = group_of(small);
      if (!few || few->device.id != many->device.id || few->node.id != many->node.id ||
          few->stack.id != many->stack.id || few->devices >= many->devices || small.duration >= large.duration)
        continue;
      if (!fastest || small.duration < fastest->duration) fastest = &small;
    }
    if (fastest)
      list.push_back(
          fmt::format("{} takes longer than {}: {:.4g} days instead of {:.4g}, since more devices share a "
                      "batch or a plan that does not divide well among them.",
                      large.label, fastest->label, days(large.duration), days(fastest->duration)));
  }
  return list;
}

}  // namespace chipmix::scenario
