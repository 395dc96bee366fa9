#include "validation/score.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "validation/device_family.hpp"

namespace chipmix::validation {
namespace {

struct Errors {
  std::vector<double> time, memory;
  int timed = 0, inside = 0, verdicts = 0, right = 0;
};

double mean(const std::vector<double>& list) {
  double sum = 0;
  for (double x : list) sum += x;
  return list.empty() ? 0 : sum / static_cast<double>(list.size());
}

std::vector<double> sizes(const std::vector<double>& errors) {
  std::vector<double> list;
  for (double x : errors) list.push_back(std::abs(x));
  std::sort(list.begin(), list.end());
  return list;
}

double median(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  if (n == 0) return 0;
  return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

Score summary(const Errors& e) {
  const std::vector<double> time = sizes(e.time);
  Score score;
  score.timed = e.timed;
  score.predicted = static_cast<int>(time.size());
  score.median = median(time);
  score.mean = mean(time);
  score.bias = mean(e.time);
  if (!time.empty()) score.percentile_90 = time[std::min(time.size() - 1, time.size() * 9 / 10)];
  if (!time.empty()) score.coverage = static_cast<double>(e.inside) / static_cast<double>(time.size());
  score.memory = static_cast<int>(e.memory.size());
  score.memory_mean = mean(sizes(e.memory));
  score.memory_bias = mean(e.memory);
  score.verdicts = e.verdicts;
  score.verdicts_right = e.right;
  return score;
}

void count(const PublishedRun& run, const Prediction& p, bool judged, Errors& e) {
  const bool timed = run.is_timed() && run.measured.iteration_s;
  if (timed) ++e.timed;
  if (const auto error = time_error(run, p)) {
    e.time.push_back(*error);
    e.inside += p.p10 <= *run.measured.iteration_s && *run.measured.iteration_s <= p.p90;
  }
  if ((timed || run.tier == "memory") && run.measured.peak_memory_gib && p.peak_memory_gib > 0)
    e.memory.push_back(p.peak_memory_gib / *run.measured.peak_memory_gib - 1);
  if (judged && (timed || run.tier == "oom") && p.status != Status::unsupported) {
    ++e.verdicts;
    e.right += p.fits != run.measured.out_of_memory.value_or(false);
  }
}

/// Runs of one source, model, batch, length, device count and number format, which differ in their plan.
using Alike = std::tuple<std::string, std::string, int, int, int, std::string>;

struct Pair {
  double measured, predicted;
};

double kendall(const std::vector<Pair>& list) {
  int pairs = 0, sum = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    for (std::size_t j = i + 1; j < list.size(); ++j) {
      const double measured = list[i].measured - list[j].measured;
      if (measured == 0) continue;
      ++pairs;
      sum += measured * (list[i].predicted - list[j].predicted) > 0 ? 1 : -1;
    }
  return pairs ? static_cast<double>(sum) / pairs : 0;
}

constexpr std::size_t least_alike = 4;

void rank(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions, Scored& scored) {
  std::map<Alike, std::vector<Pair>> sets;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const PublishedRun& run = runs[i];
    if (run.tier != "full" || !time_error(run, predictions[i])) continue;
    sets[{run.source.title, run.model.name, run.plan.global_batch.value_or(0), run.model.sequence_length.value_or(0),
          run.cluster.devices, run.plan.dtype}]
        .push_back({*run.measured.iteration_s, predictions[i].iteration_s});
  }
  std::vector<double> taus;
  for (const auto& [key, list] : sets)
    if (list.size() >= least_alike) taus.push_back(kendall(list));
  scored.rank_sets = static_cast<int>(taus.size());
  if (!taus.empty()) scored.rank = mean(taus);
}

void count_peers(const PublishedRun& run, std::map<std::string, Errors>& peers) {
  if (!run.is_timed() || !run.measured.iteration_s) return;
  for (const PeerPrediction& peer : run.peers) {
    Errors& e = peers[peer.tool];
    ++e.timed;
    e.time.push_back(*peer.iteration_s / *run.measured.iteration_s - 1);
  }
}

}  // namespace

std::string family_of(const PublishedRun& run) {
  const DeviceFamily* known = device_family(run.cluster.device);
  return known ? known->told : "other";
}

std::optional<double> time_error(const PublishedRun& run, const Prediction& prediction) {
  if (!run.is_timed() || !run.measured.iteration_s || prediction.iteration_s <= 0) return std::nullopt;
  return prediction.iteration_s / *run.measured.iteration_s - 1;
}

Scored score(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  std::set<std::string> with_failures;  // sources that also print runs that died of out-of-memory
  for (const PublishedRun& run : runs)
    if (run.tier == "oom") with_failures.insert(run.source.title);
  Errors all;
  std::map<std::string, Errors> family, source, peers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const PublishedRun& run = runs[i];
    if (run.tier == "partial") continue;
    const bool judged = with_failures.contains(run.source.title);
    if (run.tier != "lora") count(run, predictions[i], judged, all);
    count(run, predictions[i], judged, family[run.tier == "lora" ? "LoRA, " + family_of(run) : family_of(run)]);
    count(run, predictions[i], judged, source[run.source.title]);
    count_peers(run, peers);
  }
  Scored scored;
  scored.all = summary(all);
  for (const auto& [key, errors] : family) scored.family[key] = summary(errors);
  for (const auto& [key, errors] : source) scored.source[key] = summary(errors);
  for (const auto& [key, errors] : peers) scored.peers[key] = summary(errors);
  rank(runs, predictions, scored);
  return scored;
}

}  // namespace chipmix::validation
