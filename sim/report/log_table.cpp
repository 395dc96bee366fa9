#include "report/log_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using validation::LoggedRun;
using Json = nlohmann::ordered_json;

/// Predicted over measured, less 1.
double error(double predicted, double measured) { return predicted / measured - 1; }

Cell time(double seconds) { return {seconds, report::seconds(Seconds(seconds))}; }
Cell share(double value) { return {value, percent(value)}; }

}  // namespace

Table log_table(const std::vector<LoggedRun>& logs) {
  Table table{"Training logs and their predictions",
              {{"log"},
               {"option"},
               {"plan"},
               numeric("steps"),
               numeric("measured", "", "measured_s"),
               numeric("middle 80 %", "", "measured_80"),
               numeric("profile", "", "profile_s"),
               numeric("error", "", "profile_error"),
               numeric("fitted", "", "fitted_s"),
               numeric("error", "", "fitted_error"),
               numeric("peak memory", "", "peak_bytes"),
               numeric("predicted", "", "predicted_peak_bytes"),
               numeric("error", "", "peak_error")},
              {}};
  for (const LoggedRun& log : logs)
    table.add({log.log, log.option, log.plan, log.iterations, time(log.seconds),
               seconds(Seconds(log.low)) + " to " + seconds(Seconds(log.high)), time(log.before),
               share(error(log.before, log.seconds)), time(log.after), share(error(log.after, log.seconds)),
               log.peak ? Cell(*log.peak, bytes(Bytes(*log.peak))) : Cell(),
               Cell(log.predicted_peak, bytes(Bytes(log.predicted_peak))),
               log.peak ? share(error(log.predicted_peak, *log.peak)) : Cell()});
  return table;
}

Json log_json(const std::vector<LoggedRun>& logs) {
  Json list = Json::array();
  for (const LoggedRun& log : logs)
    list.push_back({{"log", log.log},
                    {"scenario", log.scenario},
                    {"option", log.option},
                    {"plan", log.plan},
                    {"steps", log.iterations},
                    {"warm_up_steps", log.warm_up},
                    {"measured_s", log.seconds},
                    {"measured_80_s", {log.low, log.high}},
                    {"profile_s", log.before},
                    {"profile_error", error(log.before, log.seconds)},
                    {"fitted_s", log.after},
                    {"fitted_error", error(log.after, log.seconds)},
                    {"peak_bytes", log.peak ? Json(*log.peak) : Json(nullptr)},
                    {"predicted_peak_bytes", log.predicted_peak},
                    {"peak_error", log.peak ? Json(error(log.predicted_peak, *log.peak)) : Json(nullptr)}});
  return list;
}

}  // namespace chipmix::report
