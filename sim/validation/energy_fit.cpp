#include "validation/energy_fit.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <string_view>

#include "hardware/device_family.hpp"
#include "validation/energy_phase.hpp"
#include "validation/error_list.hpp"

namespace chipmix::validation {
namespace {

using economics::Boundary;
using economics::PowerLaw;

std::string lower_dashed(std::string text) {
  if (const auto bracket = text.find(" ("); bracket != std::string::npos) text.resize(bracket);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c == ' ' || c == '_' ? '-' : std::tolower(c); });
  for (const char* maker : {"nvidia-", "amd-", "huawei-", "intel-", "hgx-", "dgx-", "8x-"})
    if (text.starts_with(maker)) text.erase(0, std::string_view(maker).size());
  return text;
}

/// Which figure of the law a phase tells, and what a reading is divided by; none: a phase that tells none.
double PowerLaw::*figure_of(Phase phase) {
  switch (phase) {
    case Phase::matrix:
      return &PowerLaw::matrix;
    case Phase::attention:
      return &PowerLaw::attention;
    case Phase::memory:
      return &PowerLaw::memory;
    case Phase::communication:
      return &PowerLaw::communication;
    case Phase::waiting:
      return &PowerLaw::waiting;
    case Phase::idle:
      return &PowerLaw::idle;
    default:
      return nullptr;
  }
}

double unit_of(double PowerLaw::*figure, const hardware::DeviceSpec& device, double limit) {
  const double nominal = device.memory_bandwidth.value.value() / 1e12;
  if (figure == &PowerLaw::idle) return std::sqrt(nominal);
  if (figure == &PowerLaw::memory) return std::sqrt(nominal * device.efficiency.memory.value);
  return limit;
}

double middle_of(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  return median(list);
}

bool is_told(const EnergyRow& row) {
  return row.boundary == Boundary::device && row.method == "measured" && row.watts && row.limit;
}

}  // namespace

std::string family_of(const EnergyRow& row) {
  const auto* family = hardware::device_family(lower_dashed(row.device));
  return family && *family->die ? family->die : row.device;
}

const hardware::DeviceSpec* measured_device(const EnergyRow& row, scenario::Library& library, bool& exact) {
  const std::string wanted = lower_dashed(row.device);
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

PowerLaw fitted_law(const std::vector<EnergyRow>& rows, scenario::Library& library, const std::string& left_out) {
  std::vector<std::pair<double PowerLaw::*, std::map<std::string, std::vector<double>>>> seen;
  for (const EnergyRow& row : rows) {
    double PowerLaw::*figure = figure_of(phase_of(row));
    bool exact = false;
    if (!figure || !is_told(row) || family_of(row) == left_out) continue;
    const auto* device = measured_device(row, library, exact);
    if (!device) continue;
    auto place = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.first == figure; });
    if (place == seen.end()) place = seen.insert(place, {figure, {}});
    place->second[family_of(row)].push_back(*row.watts / unit_of(figure, *device, *row.limit));
  }
  PowerLaw law;
  for (const auto& [figure, families] : seen) {
    std::vector<double> middle;
    for (const auto& [family, readings] : families) middle.push_back(middle_of(readings));
    law.*figure = middle_of(middle);
  }
  return law;
}

}  // namespace chipmix::validation
