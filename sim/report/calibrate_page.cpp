#include "report/calibrate_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/words.hpp"
#include "report/answer_json.hpp"
#include "report/fit_figure.hpp"
#include "report/log_table.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using calibration::Calibration;
using calibration::Errors;
using FittedFigure = calibration::Figure;
using calibration::Measurements;
using calibration::Point;
using calibration::Verdict;
using validation::Calibrated;
using Json = nlohmann::ordered_json;

constexpr double wanted_median = 0.05, wanted_90 = 0.12;  // of shapes not seen; the bar that reports hold fits to
constexpr std::size_t outliers_shown = 5;

std::string amount(double value, const std::string& unit) {
  return unit == "s" ? duration(Seconds(value)) : significant(value, 4);
}

/// Samples of the fit, and those that the sustained share is read from.
std::size_t fitted_to(const Calibration& calibration) {
  return calibration.points.size() + (calibration.sustained ? 1 : 0);
}

bool is_harness(const FittedFigure& figure) { return figure.parameter.is_of_harness(); }

std::vector<FittedFigure> all_figures(const Calibration& calibration) {
  std::vector<FittedFigure> list = calibration.figures;
  if (calibration.sustained) list.push_back(*calibration.sustained);
  return list;
}

Table figure_table(const Calibration& calibration) {
  Table table{"Figures",
              {{"figure"},
               numeric("before"),
               numeric("fitted"),
               numeric("80 % interval", "", "interval_80"),
               numeric("95 % interval", "", "interval_95"),
               numeric("points"),
               {"verdict"}},
              {}};
  for (const FittedFigure& one : all_figures(calibration)) {
    const std::string& unit = one.parameter.unit;
    const auto interval = [&](double low, double high) {
      return one.verdict == Verdict::fitted ? Cell(amount(low, unit) + " to " + amount(high, unit)) : Cell();
    };
    table.add({one.parameter.path(), is_harness(one) ? Cell() : Cell(one.before.value, amount(one.before.value, unit)),
               one.verdict == Verdict::fitted ? Cell(one.value, amount(one.value, unit)) : Cell(),
               interval(one.low, one.high), interval(one.low_95, one.high_95), one.points, name(one.verdict)});
  }
  return table;
}

template <class Key>
Table error_table(const char* title, const Column& first, const std::map<Key, Errors>& errors) {
  Table table{title, {first, numeric("points"), numeric("median"), numeric("90th percentile"), numeric("bias")}, {}};
  for (const auto& [key, e] : errors)
    table.add({key,
               e.points,
               {e.median, percent(e.median)},
               {e.percentile_90, percent(e.percentile_90)},
               {e.bias, percent(e.bias)}});
  return table;
}

Table covered_table(const Calibration& calibration) {
  Table table{"What was covered", {{"kind"}, {"size"}, numeric("least"), numeric("greatest")}, {}};
  for (const auto& [group, sizes] : calibration.covered)
    for (const auto& [size, range] : sizes)
      table.add({group, size, {range.first, grouped(range.first)}, {range.second, grouped(range.second)}});
  return table;
}

std::string shapes_needed(const Calibration& calibration) {
  for (const auto& [count, e] : calibration.by_shapes)
    if (e.median <= wanted_median && e.percentile_90 <= wanted_90)
      return fmt::format("{} samples are enough for {} median and {} at the 90th percentile on unseen samples.", count,
                         percent(wanted_median), percent(wanted_90));
  if (calibration.by_shapes.empty()) return {};
  return fmt::format(
      "No number of these samples brings the error on unseen samples to {} median and {} at the 90th "
      "percentile: the law misses some regime (see the table of regimes).",
      percent(wanted_median), percent(wanted_90));
}

std::string outlier_text(const Calibration& calibration) {
  std::vector<Point> wild;
  for (const Point& point : calibration.points)
    if (point.is_outlier) wild.push_back(point);
  if (wild.empty()) return {};
  std::string text =
      fmt::format("{}, which count{} little: ", counted(wild.size(), "outlier"), wild.size() == 1 ? "s" : "");
  for (std::size_t i = 0; i < std::min(outliers_shown, wild.size()); ++i)
    text += fmt::format("{}sample {} ({}, {} measured, {} fitted)", i ? "; " : "", wild[i].sample, wild[i].regime,
                        duration(Seconds(wild[i].measured)), duration(Seconds(wild[i].fitted)));
  return text + (wild.size() > outliers_shown ? "; ..." : "") + ".";
}

/// Why there is no figure, and what to do about it.
std::string nothing_text(const Calibrated& made) {
  if (!made.is_stack)
    return "Nothing is identified: these samples determine no figure. Measure more shapes, small and large ones.";
  return fmt::format(
      "Nothing is identified: {} determine{} no figure of the stack. One figure and its interval need three runs, each "
      "further figure one more; they must differ in what the figures cost (ranks of a tensor group, servers, "
      "micro-batches).",
      counted(made.found.points.size(), "run"), made.found.points.size() == 1 ? "s" : "");
}

std::vector<std::string> remarks_of(const Calibrated& made) {
  const Calibration& calibration = made.found;
  std::vector<std::string> remarks = made.remarks;
  for (const std::string& text : {shapes_needed(calibration), outlier_text(calibration)})
    if (!text.empty()) remarks.push_back(text);
  if (!calibration.fitted_any()) remarks.push_back(nothing_text(made));
  std::string unused;
  for (const auto& [kind, count] : calibration.not_used)
    unused += fmt::format("{}{} {}", unused.empty() ? "" : ", ", count, kind);
  if (!unused.empty()) remarks.push_back("Samples that no law or figure of this device covers: " + unused + ".");
  remarks.insert(remarks.end(), calibration.remarks.begin(), calibration.remarks.end());
  return remarks;
}

Json errors_json(const Errors& e) {
  return {{"points", e.points}, {"median", e.median}, {"p90", e.percentile_90}, {"bias", e.bias}};
}

Json figure_json(const FittedFigure& f) {
  const bool fitted = f.verdict == Verdict::fitted;
  Json json = {{"figure", f.parameter.path()},
               {"unit", f.parameter.unit},
               {"verdict", name(f.verdict)},
               {"identified", fitted},
               {"before", is_harness(f) ? Json(nullptr) : Json(f.before.value)},
               {"value", f.value},
               {"points", f.points}};
  json["interval_80"] = fitted ? Json{f.low, f.high} : Json(nullptr);
  json["interval_95"] = fitted ? Json{f.low_95, f.high_95} : Json(nullptr);
  return json;
}

std::string json_text(const Calibrated& made, const std::vector<std::string>& remarks) {
  const Measurements& data = made.data;
  const Calibration& calibration = made.found;
  Json json = {{"schema_version", schema_version},
               {"device", made.id},
               {"measured", {{"name", data.device.name}, {"date", data.date}, {"samples", data.samples.size()}}}};
  json["figures"] = Json::array();
  for (const FittedFigure& one : all_figures(calibration)) json["figures"].push_back(figure_json(one));
  for (const auto& [key, e] : calibration.regimes) json["regimes"][key] = errors_json(e);
  for (const auto& [key, e] : calibration.held_out) json["held_out"][key] = errors_json(e);
  for (const auto& [count, e] : calibration.by_shapes) json["by_shapes"][std::to_string(count)] = errors_json(e);
  for (const auto& [group, sizes] : calibration.covered)
    for (const auto& [size, range] : sizes) json["measured_range"][group][size] = {range.first, range.second};
  json["not_used"] = calibration.not_used;
  json["points"] = Json::array();
  for (const Point& p : calibration.points)
    json["points"].push_back({{"sample", p.sample},
                              {"regime", p.regime},
                              {"measured_s", p.measured},
                              {"fitted_s", p.fitted},
                              {"held_out_s", p.held_out > 0 ? Json(p.held_out) : Json(nullptr)},
                              {"outlier", p.is_outlier}});
  if (!made.logs.empty()) json["logs"] = log_json(made.logs);
  json["remarks"] = remarks;
  return json.dump(1);
}

}  // namespace

Page calibrate_page(const Calibrated& made) {
  const Calibration& calibration = made.found;
  Page page;
  page.title =
      fmt::format("{} fitted to {}", made.id, counted(fitted_to(calibration), made.is_stack ? "run" : "sample"));
  page.tables.push_back(figure_table(calibration));
  if (!made.logs.empty()) page.tables.push_back(log_table(made.logs));
  page.tables.push_back(error_table("Errors of the fit by regime", {"regime"}, calibration.regimes));
  if (!calibration.held_out.empty())
    page.tables.push_back(error_table("Errors on samples unseen by the fit", {"kind"}, calibration.held_out));
  if (!calibration.by_shapes.empty())
    page.tables.push_back(error_table("Errors on the remaining samples, by number of samples fitted",
                                      numeric("samples"), calibration.by_shapes));
  if (!calibration.covered.empty()) page.tables.push_back(covered_table(calibration));
  page.remarks = remarks_of(made);
  page.json = json_text(made, page.remarks);
  return page;
}

std::string calibrate_figure(const std::string& device, const Calibration& calibration,
                             const Measurements& measurements) {
  std::vector<FitPoint> points;
  for (const Point& p : calibration.points) {
    const std::string group = calibration::group_of(measurements.samples.at(p.sample));
    points.push_back({p.measured, p.fitted, group, fmt::format("sample {}: {}", p.sample, p.regime)});
  }
  return fit_figure("Measured and fitted times, " + device, points, wanted_90);
}

}  // namespace chipmix::report
