#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/words.hpp"

namespace chipmix::validation {
namespace {

/// Letters and digits alone, in lower case: "Llama-3.1 8B" and "llama3.1_8b" are one name.
std::string bare(const std::string& name) {
  std::string text;
  for (const unsigned char c : name)
    if (std::isalnum(c)) text += static_cast<char>(std::tolower(c));
  return text;
}

double log_ratio(double a, double b) { return std::abs(std::log(a / b)); }

double size_ratio(const RunTraits& one, const RunTraits& other) {
  constexpr double unknown = 2;
  if (one.total <= 0 || other.total <= 0 || one.active <= 0 || other.active <= 0) return unknown;
  return (log_ratio(one.total, other.total) + log_ratio(one.active, other.active)) / 2;
}

double device_distance(const RunTraits& one, const RunTraits& other) {
  if (one.device == other.device) return 0;
  if (one.die == other.die) return 1;
  return !one.vendor.empty() && one.vendor == other.vendor ? 2 : 3;
}

/// The value below which `part` of a sorted list lies, between its neighbours.
double between_neighbours(const std::vector<double>& sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  const std::size_t low = static_cast<std::size_t>(at), high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - static_cast<double>(low));
}

std::optional<ErrorSummary> error_summary(std::vector<double> errors) {
  if (errors.empty()) return std::nullopt;
  std::sort(errors.begin(), errors.end());
  std::vector<double> sizes;
  for (const double error : errors) sizes.push_back(std::abs(error));
  std::sort(sizes.begin(), sizes.end());
  return ErrorSummary{static_cast<int>(errors.size()), between_neighbours(errors, 0.5), between_neighbours(errors, 0.1),
                      between_neighbours(errors, 0.9), between_neighbours(sizes, 0.5)};
}

/// Nearest first; ids decide between runs that are equally near.
std::vector<NearRun> in_order(const RunTraits& asked, const KnownRuns& known, bool are_whole) {
  std::vector<NearRun> all;
  for (const KnownRun& run : known)
    if (run.whole.has_value() == are_whole)
      all.push_back({run, distance(asked, run.traits), is_comparable(asked, run.traits)});
  std::sort(all.begin(), all.end(), [](const NearRun& a, const NearRun& b) {
    return std::tie(b.is_comparable, a.distance, a.run.id) < std::tie(a.is_comparable, b.distance, b.run.id);
  });
  return all;
}

/// The first of `all`, each project at most twice among comparable runs and among others while more are to be had.
std::vector<NearRun> nearest_of(const std::vector<NearRun>& all) {
  std::vector<NearRun> list;
  for (const bool comparable : {true, false}) {
    std::map<std::string, std::size_t> taken;
    std::vector<NearRun> more;
    for (const NearRun& run : all) {
      if (run.is_comparable != comparable) continue;
      const bool is_full = taken[run.run.project]++ >= most_of_project;
      (is_full ? more : list).push_back(run);
      if (list.size() == nearest_kept) return list;
    }
    const std::size_t room = std::min(nearest_kept - list.size(), more.size());
    list.insert(list.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(room));
    std::stable_sort(list.begin(), list.end(), [](const NearRun& a, const NearRun& b) {
      return std::tie(b.is_comparable, a.distance) < std::tie(a.is_comparable, b.distance);
    });
    if (list.size() == nearest_kept) return list;
  }
  return list;
}

RunTraits traits_of(const scenario::Scenario& scenario, const scenario::Option& option,
                    const hardware::NodeGroup& group) {
  const workload::TrainingJob job = scenario.job_of(option);
  const workload::ParameterCount count = count_parameters(job.model);
  RunTraits traits;
  traits.device = group.device.id;
  set_family(traits, group.device.vendor);
  traits.stack = group.stack.id;
  traits.is_moe = job.model.moe.has_value();
  traits.is_base_frozen = job.is_base_frozen;
  traits.model = job.model.name;
  traits.total = count.total, traits.active = count.active;
  traits.devices = group.devices;
  traits.bits = static_cast<int>(8 * bytes_per_element(group.dtype.value_or(job.dtype)));
  return traits;
}

/// "-4 %"; an error that rounds to nothing is "+0 %".
std::string signed_percent(double part) { return fmt::format("{:+.0f} %", std::round(100 * part) + 0.0); }

std::string nearest_text(const RunEvidence& evidence, bool comparable) {
  std::string text;
  for (const NearRun& near : evidence.nearest) {
    if (near.is_comparable != comparable) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", near.run.id);
    if (near.run.left_out) text += fmt::format(" ({})", signed_percent(share(*near.run.left_out)));
  }
  return text;
}

/// "Hopper", or what an unnamed device is assumed to be.
std::string die_text(const RunTraits& asked) {
  return asked.is_inferred ? asked.die + ", which " + asked.device + " is assumed to be" : asked.die;
}

std::string nothing_alike(const RunEvidence& evidence) {
  const RunTraits& asked = evidence.asked;
  std::string text = "nothing comparable: no published run ";
  if (evidence.of_family == 0)
    text += fmt::format("on {}", die_text(asked));
  else
    text += fmt::format("of {} training on {}, only {} of another kind", kind(asked), die_text(asked),
                        counted(evidence.of_family, "run"));
  const std::string nearest = nearest_text(evidence, false);
  return nearest.empty() ? text : text + "; nearest: " + nearest;
}

}  // namespace

double share(double log_error) { return std::exp(log_error) - 1; }

double distance(const RunTraits& one, const RunTraits& other) {
  double sum = device_distance(one, other);
  if (one.stack.empty() || one.stack != other.stack) sum += 1;
  if (one.is_moe != other.is_moe) sum += 2;
  if (one.is_base_frozen != other.is_base_frozen) sum += 2;
  if (one.bits == 0 || one.bits != other.bits) sum += 0.5;
  if (!one.dispatcher.empty() && !other.dispatcher.empty() && one.dispatcher != other.dispatcher) sum += 0.25;
  if (bare(one.model) != bare(other.model)) sum += 0.25;
  sum += size_ratio(one, other) / 2;
  return sum + log_ratio(std::max(1, one.devices), std::max(1, other.devices)) / 4;
}

bool is_comparable(const RunTraits& one, const RunTraits& other) {
  return one.die == other.die && one.is_moe == other.is_moe && one.is_base_frozen == other.is_base_frozen;
}

RunEvidence evidence_for(const RunTraits& asked, const KnownRuns& known) {
  RunEvidence evidence;
  evidence.asked = asked;
  std::set<std::string> projects;
  std::vector<double> errors;
  for (const KnownRun& run : known) {
    if (run.whole) continue;
    if (run.traits.die == asked.die) ++evidence.of_family;
    if (!is_comparable(asked, run.traits)) continue;
    ++evidence.runs;
    if (run.traits.device == asked.device) {
      ++evidence.on_device;
      const double best = evidence.fastest ? evidence.fastest->flops_per_device : 0;
      if (run.traits.bits == asked.bits && run.flops_per_device > best) evidence.fastest = run;
    }
    projects.insert(run.project);
    if (run.left_out) errors.push_back(share(*run.left_out));
  }
  evidence.projects = static_cast<int>(projects.size());
  evidence.errors = error_summary(std::move(errors));
  evidence.nearest = nearest_of(in_order(asked, known, false));
  evidence.whole = in_order(asked, known, true);
  evidence.whole.resize(std::min(whole_kept, evidence.whole.size()));
  return evidence;
}

OptionEvidence evidence_for(const scenario::Scenario& scenario, const scenario::Option& option,
                            const KnownRuns& known) {
  OptionEvidence list;
  if (known.empty()) return list;
  const auto add = [&](const scenario::Option& host) {
    if (!host.cluster) return;
    for (const hardware::NodeGroup& group : host.cluster->groups) {
      const RunTraits asked = traits_of(scenario, host, group);
      const auto is_same = [&](const RunEvidence& one) {
        return one.asked.device == asked.device && one.asked.stack == asked.stack && one.asked.bits == asked.bits;
      };
      if (std::none_of(list.begin(), list.end(), is_same)) list.push_back(evidence_for(asked, known));
    }
  };
  add(option);
  for (const scenario::Phase& phase : option.phases) add(scenario.options[phase.option]);
  return list;
}

std::vector<OptionEvidence> evidence_for(const scenario::Scenario& scenario, const KnownRuns& known) {
  std::vector<OptionEvidence> all;
  for (const scenario::Option& option : scenario.options) all.push_back(evidence_for(scenario, option, known));
  return all;
}

const RunEvidence& weakest(const OptionEvidence& list) {
  return *std::min_element(list.begin(), list.end(), [](const RunEvidence& a, const RunEvidence& b) {
    return std::tie(a.projects, a.runs) < std::tie(b.projects, b.runs);
  });
}

std::string kind(const RunTraits& traits) {
  return std::string(traits.is_moe ? "MoE" : "dense") + (traits.is_base_frozen ? " adapters" : "");
}

std::string sentence(const RunEvidence& evidence) {
  if (evidence.is_nothing_alike()) return nothing_alike(evidence);
  const RunTraits& asked = evidence.asked;
  std::string text = fmt::format("{} of {} ({}, {}", counted(evidence.runs, "run"),
                                 counted(evidence.projects, "project"), die_text(asked), kind(asked));
  if (evidence.on_device == 0 && !asked.is_inferred) text += "; none on " + asked.device + " itself";
  text += ")";
  if (const auto& errors = evidence.errors)
    text += fmt::format(", median error {}, half within ±{:.0f} %", signed_percent(errors->median),
                        100 * errors->half_within);
  else
    text += ", errors not known";
  return text + "; nearest: " + nearest_text(evidence, true);
}

}  // namespace chipmix::validation
