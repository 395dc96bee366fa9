#include "calibration/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/words.hpp"

namespace chipmix::calibration {
namespace {

using Json = nlohmann::ordered_json;

std::string source_text(const Figure& figure, const Provenance& from) {
  std::string text = "measured";
  if (!from.device.empty()) text += " on " + from.device;
  if (!from.driver.empty()) text += ", driver " + from.driver;
  if (!from.date.empty()) text += ", " + from.date;
  return fmt::format("{}: {} of {}, fitted by chipmix calibrate {}", text, counted(figure.points, "point"), from.files,
                     from.version);
}

/// Six digits: more than any fit knows.
double rounded(double number) { return std::strtod(fmt::format("{:.6g}", number).c_str(), nullptr); }

Json quantity(double number, const std::string& unit) {
  if (unit.empty()) return rounded(number);
  return fmt::format("{:.6g} us", number * 1e6);  // the only unit that fits have
}

Json figure_json(const Figure& figure, const Provenance& from) {
  const std::string& unit = figure.parameter.unit;
  return {{"value", quantity(figure.value, unit)},
          {"low", quantity(std::min(figure.low, figure.value), unit)},
          {"high", quantity(std::max(figure.high, figure.value), unit)},
          {"grade", "fitted"},
          {"source", source_text(figure, from)}};
}

/// Corrections are objects of their own: put_corrections.
bool is_correction(const Figure& figure) { return figure.parameter.name.starts_with("gemm_correction."); }

bool is_fitted(const Figure& figure, Parameter::Place place) {
  return figure.parameter.place == place && figure.verdict == Verdict::fitted && !is_correction(figure);
}

void put(Json& efficiency, const Figure& figure, const Provenance& from) {
  const std::string& name = figure.parameter.name;
  const std::string prefix = "gemm.";
  if (name.starts_with(prefix))
    efficiency["gemm"][name.substr(prefix.size())] = figure_json(figure, from);
  else
    efficiency[name] = figure_json(figure, from);
}

Json points_json(const hardware::GemmCorrection& correction) {
  Json points = Json::array();
  for (const auto& point : correction.points) {
    points.push_back(Json::array());
    for (double number : point) points.back().push_back(rounded(number));
  }
  return points;
}

/// Of the formats that were measured: the correction that pays, in place of what the profile had.
void put_corrections(Json& efficiency, const Calibration& calibration, const Provenance& from) {
  const auto after_dot = [](const std::string& name) { return name.substr(name.find('.') + 1); };
  for (const auto& [group, sizes] : calibration.covered)
    if (group.starts_with("gemm.") && efficiency.contains("gemm_correction"))
      efficiency["gemm_correction"].erase(after_dot(group));
  for (const Figure& figure : calibration.figures) {
    if (!is_correction(figure) || figure.verdict != Verdict::fitted) continue;
    const std::string format = after_dot(figure.parameter.name);
    const hardware::GemmCorrection& one = calibration.corrections.at(*dtype_named(format));
    efficiency["gemm_correction"][format] = {{"rows_length", rounded(one.rows_length)},
                                             {"sides_length", rounded(one.sides_length)},
                                             {"spread", rounded(one.spread)},
                                             {"nugget", rounded(one.nugget)},
                                             {"points", points_json(one)},
                                             {"grade", "fitted"},
                                             {"source", source_text(figure, from)}};
  }
  if (efficiency.contains("gemm_correction") && efficiency["gemm_correction"].empty())
    efficiency.erase("gemm_correction");
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
  put_corrections(profile["efficiency"], calibration, provenance);
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
