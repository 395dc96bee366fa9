#include "validation/energy_predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "hardware/device_family.hpp"
#include "io/folder.hpp"
#include "validation/error_list.hpp"
#include "validation/predict.hpp"
#include "validation/record_table.hpp"

namespace chipmix::validation {
namespace {

using economics::Boundary;
using economics::PowerProfile;
using economics::Work;

/// Mean draw over the limit of whole training where the step is not known: in one server 0.95 (8x B200, MLPerf
/// training v5.0), over many 0.88 (H100: 0.78-0.95 in arXiv:2503.05804 and OLMo 3).
constexpr double one_server_load = 0.95, pretraining_load = 0.88;
/// A job of fixed size loses so much with every doubling of the devices beyond a server: 0.93, 0.78 and 0.60 on 8, 64
/// and 512 H100 (Llama 2 70B LoRA, MLPerf training v4.0, smc.co/mlperfv40).
constexpr double lost_per_doubling = 0.055, least_load = 0.5, server_size = 8;
/// PUE of a site that does not say: 1.2, between hyperscale (1.10) and small sites (1.25), as Epoch has them
/// (github.com/epoch-research/training-cost-trends).
constexpr double usual_pue = 1.2;

std::string lower_dashed(std::string text) {
  if (const auto bracket = text.find(" ("); bracket != std::string::npos) text.resize(bracket);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c == ' ' || c == '_' ? '-' : std::tolower(c); });
  for (const char* maker : {"nvidia-", "amd-", "huawei-", "intel-", "hgx-", "dgx-", "8x-"})
    if (text.starts_with(maker)) text.erase(0, std::string_view(maker).size());
  return text;
}

/// The device that the row names, or another of its maker where only the family is wanted: the longest beginning in
/// common with a name, the first word at least.
const hardware::DeviceSpec* device_of(const std::string& named, scenario::Library& library, bool& exact) {
  const std::string wanted = lower_dashed(named);
  const auto* device = library.device(wanted);
  exact = device != nullptr;
  if (device || wanted.empty()) return device;
  const std::size_t word = std::max<std::size_t>(4, std::min(wanted.find('-'), wanted.size()));
  std::size_t most = 0;
  std::string best;
  for (const std::string& name : library.device_names()) {
    const auto [end, other] = std::mismatch(wanted.begin(), wanted.end(), name.begin(), name.end());
    const auto common = static_cast<std::size_t>(end - wanted.begin());
    if (common >= word && common > most) most = common, best = name;
  }
  return best.empty() ? nullptr : library.device(best);
}

double training_load(Phase phase, const EnergyRow& row) {
  if (phase == Phase::one_server) return one_server_load;
  if (phase == Phase::pretraining) return pretraining_load;
  return std::max(least_load, one_server_load - lost_per_doubling * std::log2(*row.devices / server_size));
}

double load_of(Phase phase, const EnergyRow& row, const PowerProfile& profile) {
  switch (phase) {
    case Phase::idle:
      return profile.idle.value;
    case Phase::checkpoint:
      return economics::checkpoint_load;
    case Phase::one_server:
    case Phase::pretraining:
    case Phase::fixed_job:
      return training_load(phase, row);
    default:
      return economics::weight(static_cast<Work>(phase), profile);
  }
}

/// Fitted figures without a family: medians over devices of other families, hosts as theirs on average.
class LeftOut {
 public:
  LeftOut(const std::vector<EnergyRow>& known, scenario::Library& library) : library_(library) {
    for (const EnergyRow& row : known)
      if (row.boundary == Boundary::device && row.method == "measured" && row.watts && row.limit)
        seen_.push_back({phase_of(row), family_of_row(row), *row.watts / *row.limit});
    for (const std::string& id : library.ids("power")) profiles_.push_back(id);
  }

  static std::string family_of_row(const EnergyRow& row) {
    const auto* family = hardware::device_family(lower_dashed(row.device));
    return family && *family->die ? family->die : row.device;
  }

  /// Fewer than three runs of whole training on other families: the law over the usual step.
  double load(Phase phase, const EnergyRow& row, const PowerProfile& other) const {
    if (phase == Phase::fixed_job) {
      const double lost = lost_per_doubling * std::log2(*row.devices / server_size);
      return std::max(least_load, load(Phase::one_server, row, other) - lost);
    }
    const bool is_training = phase == Phase::one_server || phase == Phase::pretraining;
    const std::vector<double> loads = seen_elsewhere(row, [&](Phase seen) { return seen == phase; });
    if (!loads.empty() && (!is_training || loads.size() >= fewest_runs)) return median(loads);
    if (!is_training) return load_of(phase, row, other);
    const std::vector<double> trained = seen_elsewhere(row, [](Phase seen) { return seen == Phase::pretraining; });
    if (trained.size() >= fewest_runs) return median(trained);
    return economics::load(phase == Phase::one_server ? one_server_shares : economics::usual_shares(), other);
  }

  /// Host and slope of the mean of other families' measured servers.
  PowerProfile profile(const PowerProfile& own) {
    PowerProfile mean = library_.power("");
    double watts = 0, slope = 0;
    int count = 0;
    for (const std::string& id : profiles_) {
      const PowerProfile& other = *library_.power_profile(id);
      if (id == own.id || !other.host) continue;
      watts += other.host->value.value(), slope += other.host_slope.value, ++count;
    }
    if (!own.host || count == 0) return own;
    mean.host.emplace().value = Watts{watts / count};
    mean.host_slope.value = slope / count;
    return mean;
  }

 private:
  static constexpr std::size_t fewest_runs = 3;
  /// As economics::usual_shares, of the 203 dense runs on one server.
  static constexpr economics::Shares one_server_shares = {0.55, 0.146, 0.07, 0.104, 0.13};

  template <class Is>
  std::vector<double> seen_elsewhere(const EnergyRow& row, const Is& is) const {
    std::vector<double> loads;
    for (const Seen& seen : seen_)
      if (is(seen.phase) && seen.family != family_of_row(row)) loads.push_back(seen.load);
    std::sort(loads.begin(), loads.end());
    return loads;
  }

  struct Seen {
    Phase phase;
    std::string family;
    double load;
  };
  scenario::Library& library_;
  std::vector<Seen> seen_;
  std::vector<std::string> profiles_;
};

std::string refusal(const EnergyRow& row) {
  if (row.kind != "run" && row.kind != "node_power" && row.kind != "device_power")
    return row.kind + ": not the power of a machine at work";
  if (row.method != "measured") return row.method + ": computed, not measured";
  if (row.grade.starts_with("C")) return "graded C: the record doubts its own figure";
  if (!row.watts && !(row.energy_mwh && row.device_hours)) return "neither watts nor energy with device-hours";
  return {};
}

hardware::NodeGroup group_of(const hardware::DeviceSpec& device, const EnergyRow& row, scenario::Library& library) {
  hardware::NodeGroup group;
  group.device = device;
  if (row.limit) group.device.power.value = Watts{*row.limit};
  if (const auto* node = library.node(device.node)) group.node = *node;
  if (const auto* link = library.link(group.node.scale_out)) group.scale_out = *link;
  group.devices = static_cast<int>(row.devices.value_or(group.node.devices));
  return group;
}

/// W of one device, or MWh of all. Energy of devices alone has the PUE in it where the row says so.
double in_unit(const EnergyRow& row, Watts watts) {
  if (row.watts) return watts.value();
  const bool has_pue =
      row.boundary == Boundary::device && row.pue && (row.conditions + row.notes).find("with PUE") != std::string::npos;
  return watts.value() * *row.device_hours * 1e-6 * (has_pue ? *row.pue : 1);
}

EnergyPrediction predict_row(const EnergyRow& row, const LeftOut& fit, LeftOut& hosts, scenario::Library& library) {
  EnergyPrediction p;
  p.family = LeftOut::family_of_row(row);
  p.phase = phase_of(row);
  p.unit = row.watts ? "W" : "MWh";
  p.measured = row.watts ? *row.watts : row.energy_mwh.value_or(0);
  p.reason = refusal(row);
  if (!p.reason.empty()) return p;
  bool exact = false;
  const auto* device = device_of(row.device, library, exact);
  if (!device)
    p.reason = fmt::format("no profile of device '{}'", row.device);
  else if (!exact && !row.limit)
    p.reason = fmt::format("no profile of device '{}', and no power limit", row.device);
  else if (p.phase == Phase::other)
    p.reason = "no phase of a training step: " + row.model;
  if (!p.reason.empty()) return p;
  const hardware::NodeGroup group = group_of(*device, row, library);
  PowerProfile profile = library.power(device->id), others = hosts.profile(profile);
  if (is_liquid_cooled(row)) profile.host_slope.value = others.host_slope.value = economics::liquid_slope;
  const double pue = row.pue.value_or(usual_pue);
  const auto watts = [&](double load, const PowerProfile& with) {
    return in_unit(row, economics::draw(load, group, with).at(row.boundary, pue));
  };
  p.supported = true;
  p.reason = fmt::format("phase: {}", name(p.phase));
  p.predicted = watts(load_of(p.phase, row, profile), profile);
  p.left_out = watts(fit.load(p.phase, row, library.power("")), others);
  return p;
}

struct Errors {
  std::vector<double> own, left_out;
};

EnergyScore score(const Errors& e) {
  const std::vector<double> own = sizes(e.own), out = sizes(e.left_out);
  return {static_cast<int>(own.size()), median(own), mean(own), mean(e.own), median(out), mean(out), mean(e.left_out)};
}

}  // namespace

std::vector<EnergyPrediction> predict_energy(const std::vector<EnergyRow>& rows, const std::vector<EnergyRow>& known,
                                             scenario::Library& library) {
  LeftOut fit(known, library);
  std::vector<EnergyPrediction> list;
  for (const EnergyRow& row : rows) list.push_back(predict_row(row, fit, fit, library));
  return list;
}

EnergySummary summarise(const std::vector<EnergyRow>& rows, const std::vector<EnergyPrediction>& predictions) {
  Errors all;
  std::map<std::string, Errors> boundary, family, phase, grade;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EnergyPrediction& p = predictions[i];
    if (!p.supported) continue;
    for (Errors* errors : {&all, &boundary[economics::name(rows[i].boundary)], &family[p.family], &phase[name(p.phase)],
                           &grade[fmt::format("{}, {}", economics::name(rows[i].boundary),
                                              rows[i].grade.starts_with("A") ? "grade A" : "grade B")]})
      errors->own.push_back(p.error()), errors->left_out.push_back(p.left_out_error());
  }
  const auto scores = [](const std::map<std::string, Errors>& groups) {
    std::map<std::string, EnergyScore> list;
    for (const auto& [group, errors] : groups) list[group] = score(errors);
    return list;
  };
  return {score(all), scores(boundary), scores(family), scores(phase), scores(grade)};
}

EnergyTable read_energy(const std::filesystem::path& path) {
  return read_tables(io::is_folder(path) ? tables_in(path) : std::vector<std::filesystem::path>{path},
                     &EnergyTable::rows, [](const io::Value& table) { return read_energy(table); });
}

EnergyTable own_energy(const scenario::Library& library) {
  for (const auto& data : library.folders())
    if (io::is_folder(data / "published_runs" / "energy")) return read_energy(data / "published_runs" / "energy");
  return {};
}

}  // namespace chipmix::validation
