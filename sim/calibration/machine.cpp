#include "calibration/machine.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace chipmix::calibration {
namespace {

constexpr double usual_depth = 500;    // DeepGEMM on H800 has 600, docs/laws/compute.md
constexpr double usual_edge = 20;      // A100 has 23, docs/calibration.md
constexpr double usual_launch = 1e-5;  // s, where a host times single calls: eager PyTorch queues a kernel in 5-15 us

using Place = Parameter::Place;

const std::vector<Parameter>& device_parameters() {
  static const std::vector<Parameter> list = [] {
    std::vector<Parameter> all;
    for (Dtype dtype : all_dtypes) all.push_back({Place::device, std::string("gemm.") + name(dtype), "", true});
    for (const char* share : {"memory", "attention_forward", "attention_backward", "grouped_gemm"})
      all.push_back({Place::device, share, "", true});
    all.push_back({Place::device, "attention_half_length", "", false});
    for (const char* extra : {"gemm_half_depth", "gemm_tile_edge"})
      all.push_back({Place::device, extra, "", false, true});
    all.push_back({Place::device, "kernel_overhead", "s", false});
    return all;
  }();
  return list;
}

/// The figure of a device, by name; null where the profile has none.
Sourced<double>* share_of(const std::string& name, hardware::Efficiency& e) {
  if (name == "memory") return &e.memory;
  if (name == "attention_forward") return &e.attention_forward;
  if (name == "attention_backward") return &e.attention_backward;
  if (name == "attention_half_length") return &e.attention_half_length;
  if (name == "grouped_gemm") return &e.grouped_gemm;
  if (!name.starts_with("gemm.")) return nullptr;
  const auto dtype = dtype_named(name.substr(5));
  const auto found = dtype ? e.gemm.find(*dtype) : e.gemm.end();
  return found == e.gemm.end() ? nullptr : &found->second;
}

Sourced<double>* stack_figure(const std::string& name, hardware::SoftwareStack& stack) {
  if (name == "collective_rate") return &stack.collective_rate;
  if (name == "network_rate") return &stack.network_rate;
  if (name == "tensor_overlap") return &stack.tensor_overlap;
  if (name == "gradient_overlap") return &stack.gradient_overlap;
  if (name == "attention_efficiency") return &stack.attention_efficiency;
  return name == "jitter" ? &stack.jitter : nullptr;
}

/// A figure that profiles may lack; null where the name is of another.
std::optional<Sourced<double>>* optional_figure(const std::string& name, hardware::Efficiency& e) {
  if (name == "gemm_half_depth") return &e.gemm_half_depth;
  return name == "gemm_tile_edge" ? &e.gemm_tile_edge : nullptr;
}

/// An entry of a map that has none where the value is 0.
template <class Visit>
bool with_entry(const std::string& name, std::map<std::string, double>& entries, Visit&& visit) {
  const auto found = entries.find(name);
  visit(Sourced<double>{.value = found == entries.end() ? 0 : found->second}, [&](double x) {
    if (x > 0)
      entries[name] = x;
    else
      entries.erase(name);
  });
  return true;
}

hardware::LinkSpec& link_of(Place place, Machine& machine) {
  return place == Place::scale_up ? machine.group.scale_up : machine.group.scale_out;
}

/// Calls visit with the double that a parameter stands for; false where the machine has none.
template <class Visit>
bool with_figure(const Parameter& p, Machine& machine, Visit&& visit) {
  hardware::Efficiency& e = machine.rank.efficiency;
  if (p.place == Place::harness) return with_entry(p.name, machine.harness, visit);
  if (p.place == Place::clock) return with_entry(p.name, machine.clock, visit);
  const auto seconds = [&](Sourced<Seconds>& figure) {
    Sourced<double> plain{figure.value.value(), {}, figure.grade, figure.source, figure.note};
    if (figure.range) plain.range = Interval<double>{figure.range->low.value(), figure.range->high.value()};
    visit(plain, [&](double x) { figure.value = Seconds(x); });
    return true;
  };
  if (p.place == Place::device && p.name == "kernel_overhead") return seconds(e.kernel_overhead);
  if (p.place != Place::device && p.name == "latency") return seconds(link_of(p.place, machine).latency);
  if (auto* extra = p.place == Place::device ? optional_figure(p.name, e) : nullptr) {
    visit(extra->value_or(Sourced<double>{}),
          [&](double x) { *extra = x > 0 ? std::optional(Sourced<double>{.value = x}) : std::nullopt; });
    return true;
  }
  if (p.place == Place::stack && p.name == "host_per_kernel") return seconds(machine.group.stack.host_per_kernel);
  const bool is_link = p.place == Place::scale_up || p.place == Place::scale_out;
  Sourced<double>* figure = nullptr;
  if (p.place == Place::stack) figure = stack_figure(p.name, machine.group.stack);
  if (p.place == Place::device) figure = share_of(p.name, e);
  if (is_link && p.name == "efficiency") figure = &link_of(p.place, machine).efficiency;
  if (is_link && p.name == "in_switch" && link_of(p.place, machine).in_switch)
    figure = &*link_of(p.place, machine).in_switch;
  if (!figure) return false;
  visit(*figure, [&](double x) { figure->value = x; });
  return true;
}

/// The series of matrix products but the largest one, which stands for the device.
std::vector<std::string> other_clocks(const std::vector<Sample>& samples) {
  std::map<std::string, std::size_t> points;
  for (const Sample& sample : samples)
    if (std::holds_alternative<GemmSample>(sample)) ++points[timed(sample).series];
  std::string largest;
  for (const auto& [series, count] : points)
    if (count > points[largest]) largest = series;
  std::vector<std::string> others;
  for (const auto& [series, count] : points)
    if (series != largest && count > 0) others.push_back(series);
  return others;
}

}  // namespace

Machine::Machine(hardware::NodeGroup server)
    : group(std::move(server)),
      rank(hardware::per_rank(group.device)),
      packages(group.node.devices),
      nics(group.node.nics.value) {}

std::string Parameter::path() const {
  switch (place) {
    case Place::device:
      return "efficiency." + name;
    case Place::scale_up:
      return "scale_up." + name;
    case Place::scale_out:
      return "scale_out." + name;
    case Place::stack:
      return "stack." + name;
    case Place::harness:
      return "harness." + name;
    case Place::clock:
      return "clock." + name;
  }
  return name;
}

Sourced<double> get(const Parameter& parameter, const Machine& machine) {
  Sourced<double> found;
  Machine copy = machine;
  if (!with_figure(parameter, copy, [&](const Sourced<double>& figure, auto&&) { found = figure; }))
    throw std::logic_error("no figure " + parameter.path());
  return found;
}

void set(const Parameter& parameter, double value, Machine& machine) {
  with_figure(parameter, machine, [&](const auto&, auto&& assign) { assign(value); });
}

std::vector<Parameter> stack_parameters() {
  std::vector<Parameter> list;
  for (const char* share :
       {"collective_rate", "network_rate", "tensor_overlap", "gradient_overlap", "attention_efficiency"})
    list.push_back({Place::stack, share, "", true});
  list.push_back({Place::stack, "jitter", "", false});
  list.push_back({Place::stack, "host_per_kernel", "s", false});
  return list;
}

double start_of(const Parameter& parameter, const Machine& machine) {
  const double value = get(parameter, machine).value;
  if (value > 0) return value;
  if (parameter.place == Place::harness) return usual_launch;
  if (parameter.place == Place::clock) return 1;
  if (parameter.name == "gemm_tile_edge") return usual_edge;
  return parameter.name == "gemm_half_depth" ? usual_depth : 1e-9;
}

std::size_t points_of(const Parameter& parameter, const std::vector<Sample>& samples, const Machine& machine) {
  Machine one = machine, other = machine;
  set(parameter, start_of(parameter, machine), one);
  set(parameter, start_of(parameter, machine) * 0.9, other);
  return static_cast<std::size_t>(std::count_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    return predict(sample, one) != predict(sample, other);
  }));
}

std::vector<Parameter> parameters_of(const std::vector<Sample>& samples, const Machine& machine) {
  Machine start = machine;
  std::vector<Parameter> candidates;
  for (const Parameter& p : device_parameters())
    if (with_figure(p, start, [](const auto&, auto&&) {})) candidates.push_back(p);
  for (Place place : {Place::scale_up, Place::scale_out})
    for (const char* what : {"efficiency", "in_switch", "latency"}) {
      const bool time = what == std::string("latency");
      const Parameter p{place, what, time ? "s" : "", !time};
      if (with_figure(p, start, [](const auto&, auto&&) {})) candidates.push_back(p);
    }
  std::set<std::string> series;
  for (const Sample& sample : samples)
    if (timed(sample).clock == Clock::host) series.insert(timed(sample).series);
  for (const std::string& one : series) {
    candidates.push_back({Place::harness, one, "s", false});
  }
  for (const std::string& one : other_clocks(samples)) candidates.push_back({Place::clock, one, "", false, true});
  std::vector<Parameter> felt;
  for (const Parameter& p : candidates) {
    if (points_of(p, samples, machine) > 0) felt.push_back(p);
  }
  return felt;
}

}  // namespace chipmix::calibration
