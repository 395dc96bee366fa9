// The share of the matrix rate that lasts.
//
//   sustained = median time of calls in the first second / median time of calls in the last third of the run
//   deviation of its log = √((π/2) · (s_first² / n_first + s_late² / n_late)),  n = N (1 - ρ) / (1 + ρ)
//
//   s: spread of the logs of the times, 1.4826 times their median distance from the median; N: their number; ρ: the
//   late ones' correlation with the next, for clocks and temperature drift; π/2: what a median loses to a mean on
//   normal errors. Fewer than 10 calls in the first second have the late ones' spread. Never below 0.0025: no clock
//   repeats itself better.
//
// Valid for runs of 10 s and more, in which clocks settle. Sources: effective number of correlated samples: Bayley and
// Hammersley, J. R. Stat. Soc. Suppl. 8(2), 1946; median: Kenney and Keeping, Mathematics of Statistics, 1962.
#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "calibration/calibrate.hpp"
#include "calibration/robust_fit.hpp"

namespace chipmix::calibration {
namespace {

constexpr double shortest_run = 10;         // s until clocks have settled
constexpr std::size_t fewest_calls = 6;     // two in each third
constexpr std::size_t enough_calls = 10;    // for a spread of their own
constexpr double least_deviation = 0.0025;  // of a log

using Logs = std::vector<double>;

double median(Logs list) {
  std::sort(list.begin(), list.end());
  return list[list.size() / 2];
}

double spread(const Logs& list) {
  const double middle = median(list);
  Logs distances;
  for (double one : list) distances.push_back(std::abs(one - middle));
  return consistent * median(distances);
}

/// Of the samples with the next, in the order in which they came; not below 0.
double correlation(const Logs& list) {
  double mean = 0, own = 0, next = 0;
  for (double one : list) mean += one / static_cast<double>(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    own += std::pow(list[i] - mean, 2);
    if (i + 1 < list.size()) next += (list[i] - mean) * (list[i + 1] - mean);
  }
  return own > 0 ? std::clamp(next / own, 0.0, 1.0) : 0;
}

Logs between(const TimeSeries& series, double from, double to) {
  Logs list;
  for (const auto& pair : series)
    if (pair[0] >= from && pair[0] <= to) list.push_back(std::log(pair[1]));
  return list;
}

std::optional<Figure> figure_of(const SustainedSample& run, const Machine& machine) {
  double end = 0;
  for (const auto& pair : run.seconds_over_time) end = std::max(end, pair[0]);
  const Logs first = between(run.seconds_over_time, 0, 1), late = between(run.seconds_over_time, end * 2 / 3, end);
  if (run.seconds_over_time.size() < fewest_calls || end < shortest_run || first.empty()) return std::nullopt;
  const double share_free = (1 - correlation(late)) / (1 + correlation(late));
  const auto free = [&](const Logs& list) { return std::max(1.0, share_free * static_cast<double>(list.size())); };
  const double spread_late = spread(late), spread_first = first.size() < enough_calls ? spread_late : spread(first);
  const double variance = std::pow(spread_first, 2) / free(first) + std::pow(spread_late, 2) / free(late);
  const double deviation = std::max(least_deviation, std::sqrt(boost::math::double_constants::half_pi * variance));
  const boost::math::students_t law(std::max(1.0, free(late) - 1));
  const double wide_80 = boost::math::quantile(law, 0.9), wide_95 = boost::math::quantile(law, 0.975);
  const double middle = median(first) - median(late);
  const auto share = [&](double log) { return std::min(1.0, std::exp(log)); };
  Figure figure{.parameter = {Parameter::Place::device, "sustained", "", true}};
  figure.before = machine.rank.efficiency.sustained;
  figure.value = share(middle);
  figure.low = share(middle - wide_80 * deviation), figure.high = share(middle + wide_80 * deviation);
  figure.low_95 = share(middle - wide_95 * deviation), figure.high_95 = share(middle + wide_95 * deviation);
  figure.points = run.seconds_over_time.size();
  return figure;
}

}  // namespace

std::optional<Figure> sustained_of(const std::vector<Sample>& samples, const Machine& machine) {
  for (const Sample& sample : samples)
    if (const auto* run = std::get_if<SustainedSample>(&sample))
      if (const auto figure = figure_of(*run, machine)) return figure;
  return std::nullopt;
}

}  // namespace chipmix::calibration
