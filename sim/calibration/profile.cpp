#include "calibration/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace chipmix::calibration {
namespace {

using Json = nlohmann::ordered_json;

std::string source_text(const Figure& figure, const Provenance& from) {
  std::string text = "measured";
  if (!from.device.empty()) text += " on " + from.device;
  if (!from.driver.empty()) text += ", driver " + from.driver;
  if (!from.date.empty()) text += ", " + from.date;
  return fmt::format("{}: {} point{} of {}, fitted by chipmix calibrate {}", text, figure.points,
                     figure.points == 1 ? "" : "s", from.files, from.version);
}

/// Six digits: more than any fit knows.
double rounded(double number) { return std::stod(fmt::format("{:.6g}", number)); }

Json quantity(double number, const std::string& unit) {
  if (unit.empty()) return rounded(number);
  return fmt::format("{:.6g} us", number * 1e6);  // the only unit that fits have
}

Json figure_json(const Figure& figure, const Provenance& from) {
  const std::string& unit = figure.parameter.unit;
  return {{"value", quantity(figure.value, unit)},
          {"low", quantity(std::min(figure.low, figure.value), unit)},
          {"high", quantity(std::max(figure.high, figure.value), unit)},
          {"grade", "measured"},
          {"source", source_text(figure, from)}};
}

bool is_fitted(const Figure& figure, Parameter::Place place) {
  return figure.parameter.place == place && figure.verdict == Verdict::fitted;
}

void put(Json& efficiency, const Figure& figure, const Provenance& from) {
  const std::string& name = figure.parameter.name;
  const std::string prefix = "gemm.";
  if (name.starts_with(prefix))
    efficiency["gemm"][name.substr(prefix.size())] = figure_json(figure, from);
  else
    efficiency[name] = figure_json(figure, from);
}

/// What was covered before, widened.
void put_range(Json& profile, const Covered& covered) {
  Json& all = profile["measured_range"];
  for (const auto& [group, sizes] : covered)
    for (const auto& [size, range] : sizes) {
      Json& one = all[group][size];
      double low = range.first, high = range.second;
      if (one.is_array() && one.size() == 2)
        low = std::min(low, one[0].get<double>()), high = std::max(high, one[1].get<double>());
      one = {low, high};
    }
}

}  // namespace

Provenance provenance_of(const Measurements& measurements, std::string files, std::string version) {
  return {measurements.device.name, measurements.device.driver, measurements.date, std::move(files),
          std::move(version)};
}

std::string device_profile(const std::string& base, const Calibration& calibration, const Provenance& provenance) {
  Json profile = Json::parse(base);
  for (const Figure& figure : calibration.figures)
    if (is_fitted(figure, Parameter::Place::device)) put(profile["efficiency"], figure, provenance);
  if (calibration.sustained) put(profile["efficiency"], *calibration.sustained, provenance);
  if (!calibration.covered.empty()) put_range(profile, calibration.covered);
  return profile.dump(2) + "\n";
}

std::string other_profile(const std::string& base, Parameter::Place place, const Calibration& calibration,
                          const Provenance& provenance) {
  Json profile = Json::parse(base);
  bool changed = false;
  for (const Figure& figure : calibration.figures) {
    if (!is_fitted(figure, place)) continue;
    profile[figure.parameter.name] = figure_json(figure, provenance);
    changed = true;
  }
  return changed ? profile.dump(2) + "\n" : std::string();
}

}  // namespace chipmix::calibration
