// A device's figures fitted to what was measured on it, each with its interval, or kept where nothing decides it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calibration/machine.hpp"

namespace chipmix::calibration {

/// Why a figure was not fitted.
enum class Verdict { fitted, too_few, not_identified, at_bound, does_not_pay };
const char* name(Verdict verdict);

struct Figure {
  Parameter parameter;
  Verdict verdict = Verdict::fitted;
  Sourced<double> before{};  ///< of the profile
  double value = 0;          ///< fitted, or the profile's
  double low = 0, high = 0;  ///< 80 % interval, as profiles have it
  double low_95 = 0, high_95 = 0;
  std::size_t points = 0;  ///< samples that feel it
};

/// One sample beside the fit.
struct Point {
  std::size_t sample = 0;                         ///< its number in the file's list
  double measured = 0, fitted = 0, held_out = 0;  ///< s; `held_out` by a fit without it, 0 where there was none
  std::string regime;
  bool is_outlier = false;
};

/// |predicted / measured - 1| over some points.
struct Errors {
  std::size_t points = 0;
  double median = 0, percentile_90 = 0, bias = 0;
};

struct Options {
  double hold_out = 0.2;  ///< share of the samples that each fit of the cross-validation leaves out
  std::uint64_t seed = 1;
};

/// Least and greatest size measured, by kind and number format, then by the sample's own name of the size.
using Covered = std::map<std::string, std::map<std::string, std::pair<double, double>>>;

struct Calibration {
  std::vector<Figure> figures;
  std::vector<Point> points;
  std::map<std::string, Errors> regimes;        ///< of the fit to all points
  std::map<std::string, Errors> held_out;       ///< by kind and number format; empty with fewer than 10 points
  std::map<std::size_t, Errors> by_shapes;      ///< errors on the rest after a fit to so many samples
  std::optional<Figure> sustained;              ///< from long runs, not from the fit
  std::map<std::string, std::size_t> not_used;  ///< samples that no law speaks of, by kind; those that failed
  Covered covered;
  std::map<Dtype, hardware::GemmCorrection> corrections;  ///< those that pay, without their source
  std::vector<std::string> remarks;

  bool fitted_any() const;
};

Calibration calibrate(const Measurements& measurements, const Machine& machine, const Options& options = {});
/// The figures alone, without what needs many fits.
Calibration fit_only(const Measurements& measurements, const Machine& machine);

/// Seconds of one of several things that were timed, on a machine.
using Predictor = std::function<std::optional<double>(std::size_t, Machine&)>;
/// The same for times that something else than a law of one kernel predicts: whole steps.
Calibration fit_times(const std::vector<double>& seconds, const Predictor& predict, const Machine& machine,
                      const std::vector<Parameter>& parameters);

Errors errors_of(const std::vector<double>& log_errors);

/// "gemm bf16, large", "stream", "all_reduce across nodes, 1 MiB and more", ...
std::string regime_of(const Sample& sample, Machine& machine);
/// "gemm.bf16", "attention.forward", "collective.all_reduce", ...
std::string group_of(const Sample& sample);
Covered covered_by(const std::vector<Sample>& samples);
/// The share of the matrix rate that lasts, from the first such sample (sustained.cpp); nothing where none is long
/// enough.
std::optional<Figure> sustained_of(const std::vector<Sample>& samples, const Machine& machine);

}  // namespace chipmix::calibration
