#include "validation/energy_predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/folder.hpp"
#include "validation/energy_fit.hpp"
#include "validation/error_list.hpp"
#include "validation/predict.hpp"
#include "validation/record_table.hpp"

namespace chipmix::validation {
namespace {

using economics::Boundary;
using economics::PowerLaw;
using economics::PowerProfile;
using economics::Work;

/// A job of fixed size loses so much with every doubling of the devices beyond a server: 0.93, 0.78 and 0.60 on 8, 64
/// and 512 H100 (Llama 2 70B LoRA, MLPerf training v4.0, smc.co/mlperfv40).
constexpr double lost_per_doubling = 0.055, least_load = 0.5, server_size = 8;
/// PUE of a site that does not say: 1.2, between hyperscale (1.10) and small sites (1.25), as Epoch has them
/// (github.com/epoch-research/training-cost-trends).
constexpr double usual_pue = 1.2;

/// Of the step that the row's words stand for, or of one of its phases alone.
double load_of(const EnergyRow& row, const PowerProfile& profile, const PowerLaw& law) {
  const Phase phase = phase_of(row);
  switch (phase) {
    case Phase::idle:
      return profile.idle->value;
    case Phase::checkpoint:
      return economics::checkpoint_load;
    case Phase::pretraining:
      return economics::load(economics::usual_shares(), profile, law);
    case Phase::one_server:
      return economics::load(economics::one_server_shares(), profile, law);
    case Phase::fixed_job:
      return std::max(least_load, economics::load(economics::one_server_shares(), profile, law) -
                                      lost_per_doubling * std::log2(*row.devices / server_size));
    default:
      return economics::load(static_cast<Work>(phase), profile, law);
  }
}

/// Fitted figures without a family: the law over the others, hosts as theirs on average.
class WithoutFamily {
 public:
  WithoutFamily(const std::vector<EnergyRow>& known, scenario::Library& library)
      : known_(known), library_(library), profiles_(library.ids("power")) {}

  const PowerLaw& law(const std::string& family) {
    const auto found = laws_.find(family);
    return found != laws_.end() ? found->second
                                : laws_.emplace(family, fitted_law(known_, library_, family)).first->second;
  }

  /// Host and slope of the mean of other families' measured servers.
  PowerProfile profile(const PowerProfile& own) {
    PowerProfile mean = library_.power("");
    mean.host = own.host, mean.host_slope = own.host_slope;
    double watts = 0, slope = 0;
    int count = 0;
    for (const std::string& id : profiles_) {
      const PowerProfile& other = *library_.power_profile(id);
      if (id == own.id || !other.host) continue;
      watts += other.host->value.value(), slope += other.host_slope.value, ++count;
    }
    if (!own.host || count == 0) return mean;
    mean.host.emplace().value = Watts{watts / count};
    mean.host_slope.value = slope / count;
    return mean;
  }

 private:
  const std::vector<EnergyRow>& known_;
  scenario::Library& library_;
  std::vector<std::string> profiles_;
  std::map<std::string, PowerLaw> laws_;
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

EnergyPrediction predict_row(const EnergyRow& row, WithoutFamily& fit, scenario::Library& library) {
  EnergyPrediction p;
  p.family = family_of(row);
  p.phase = phase_of(row);
  p.unit = row.watts ? "W" : "MWh";
  p.measured = row.watts ? *row.watts : row.energy_mwh.value_or(0);
  p.reason = refusal(row);
  if (!p.reason.empty()) return p;
  bool exact = false;
  const auto* device = measured_device(row, library, exact);
  if (!device)
    p.reason = fmt::format("no profile of device '{}'", row.device);
  else if (!exact && !row.limit)
    p.reason = fmt::format("no profile of device '{}', and no power limit", row.device);
  else if (p.phase == Phase::other)
    p.reason = "no phase of a training step: " + row.model;
  if (!p.reason.empty()) return p;
  const hardware::NodeGroup group = group_of(*device, row, library);
  PowerProfile profile = library.power(device->id), others = fit.profile(profile);
  if (is_liquid_cooled(row)) profile.host_slope.value = others.host_slope.value = economics::liquid_slope;
  const double pue = row.pue.value_or(usual_pue);
  const auto watts = [&](const PowerProfile& family, const PowerLaw& law) {
    const PowerProfile with = economics::of_device(family, group.device, law);
    return in_unit(row, economics::draw(load_of(row, with, law), group, with).at(row.boundary, pue));
  };
  p.supported = true;
  p.reason = fmt::format("phase: {}", name(p.phase));
  p.predicted = watts(profile, {});
  p.left_out = watts(others, fit.law(p.family));
  return p;
}

struct EnergyErrors {
  std::vector<double> own, left_out;
};

EnergyScore energy_score(const EnergyErrors& e) {
  const std::vector<double> own = sizes(e.own), out = sizes(e.left_out);
  return {static_cast<int>(own.size()), median(own), mean(own), mean(e.own), median(out), mean(out), mean(e.left_out)};
}

}  // namespace

std::vector<EnergyPrediction> predict_energy(const std::vector<EnergyRow>& rows, const std::vector<EnergyRow>& known,
                                             scenario::Library& library) {
  WithoutFamily fit(known, library);
  std::vector<EnergyPrediction> list;
  for (const EnergyRow& row : rows) list.push_back(predict_row(row, fit, library));
  return list;
}

EnergySummary summarise(const std::vector<EnergyRow>& rows, const std::vector<EnergyPrediction>& predictions) {
  EnergyErrors all;
  std::map<std::string, EnergyErrors> boundary, family, phase, grade;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EnergyPrediction& p = predictions[i];
    if (!p.supported) continue;
    for (EnergyErrors* errors :
         {&all, &boundary[economics::name(rows[i].boundary)], &family[p.family], &phase[name(p.phase)],
          &grade[fmt::format("{}, {}", economics::name(rows[i].boundary),
                             rows[i].grade.starts_with("A") ? "grade A" : "grade B")]})
      errors->own.push_back(p.error()), errors->left_out.push_back(p.left_out_error());
  }
  const auto scores = [](const std::map<std::string, EnergyErrors>& groups) {
    std::map<std::string, EnergyScore> list;
    for (const auto& [group, errors] : groups) list[group] = energy_score(errors);
    return list;
  };
  return {energy_score(all), scores(boundary), scores(family), scores(phase), scores(grade)};
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
