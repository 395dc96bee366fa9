#include "validation/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "engine/accounts.hpp"
#include "validation/error_list.hpp"
#include "validation/groups.hpp"

namespace chipmix::validation {
namespace {

constexpr double far_out = 0.9;  // of errors, those of the other tenth are larger

struct Errors {
  std::vector<double> time, inside, width, memory;
  int timed = 0;
  Verdicts verdicts;
};

MemoryScore memory_summary(const std::vector<double>& errors) {
  const std::vector<double> size = sizes(errors);
  return {static_cast<int>(errors.size()), median(size), mean(size), mean(errors)};
}

Score summary(const Errors& e) {
  const std::vector<double> time = sizes(e.time);
  Score score;
  score.timed = e.timed;
  score.predicted = static_cast<int>(time.size());
  score.median = median(time);
  score.mean = mean(time);
  score.bias = mean(e.time);
  score.percentile_90 = quantile(time, far_out);
  if (!e.inside.empty()) score.coverage = mean(e.inside);
  if (!e.width.empty()) score.half_width = mean(e.width);
  score.memory = memory_summary(e.memory);
  score.verdicts = e.verdicts;
  return score;
}

Scores summaries(const std::map<std::string, Errors>& groups) {
  Scores scores;
  for (const auto& [name, errors] : groups) scores[name] = summary(errors);
  return scores;
}

std::optional<double> memory_error(const PublishedRun& run, const Prediction& p) {
  if (!run.measured.peak_memory_gib || p.peak_memory_gib <= 0) return std::nullopt;
  return p.peak_memory_gib / *run.measured.peak_memory_gib - 1;
}

void count_time(const PublishedRun& run, const Prediction& p, Errors& e) {
  if (!run.is_timed() || !run.measured.iteration_s) return;
  ++e.timed;
  const auto error = time_error(run, p);
  if (!error) return;
  e.time.push_back(*error);
  if (p.p10 <= 0) return;
  e.inside.push_back(p.p10 <= *run.measured.iteration_s && *run.measured.iteration_s <= p.p90);
  e.width.push_back(std::sqrt(p.p90 / p.p10) - 1);
}

void count_verdict(const PublishedRun& run, const Prediction& p, Verdicts& v) {
  const bool died = run.measured.out_of_memory.value_or(false);
  const bool ran = !died && run.measured.iteration_s && run.tier != "lora";
  if (p.iteration_s <= 0 || (!died && !ran)) return;
  v.died += died;
  v.died_said_so += died && !p.fits;
  v.ran += ran;
  v.ran_said_so += ran && p.fits;
}

void count_rest(const PublishedRun& run, const Prediction& p, Errors& e) {
  count_verdict(run, p, e.verdicts);
  if (const auto error = memory_error(run, p)) e.memory.push_back(*error);
}

/// Runs of one source, model, batch, length, device count and number format, which differ in their plan.
using Alike = std::tuple<std::string, std::string, int, int, int, std::string>;

struct Pair {
  double measured, predicted;
};

/// Runs predicted alike, to what rounding leaves of a held-out error, are in no order, which is as wrong as the wrong
/// one. Nothing where all were measured alike.
std::optional<double> kendall(const std::vector<Pair>& list) {
  constexpr double alike = 2e-5;
  int pairs = 0, sum = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    for (std::size_t j = i + 1; j < list.size(); ++j) {
      const double measured = list[i].measured - list[j].measured;
      if (measured == 0) continue;
      ++pairs;
      const double predicted = std::log(list[i].predicted / list[j].predicted);
      sum += std::abs(predicted) > alike && measured * predicted > 0 ? 1 : -1;
    }
  if (pairs == 0) return std::nullopt;
  return static_cast<double>(sum) / pairs;
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
    if (list.size() >= least_alike)
      if (const auto tau = kendall(list)) taus.push_back(*tau);
  scored.rank_sets = static_cast<int>(taus.size());
  if (!taus.empty()) scored.rank = mean(taus);
}

using Peers = std::map<std::string, std::pair<Errors, Errors>>;

void count_peers(const PublishedRun& run, const Prediction& p, Peers& peers) {
  if (!run.is_timed() || !run.measured.iteration_s) return;
  for (const PeerPrediction& peer : run.peers) {
    auto& [theirs, ours] = peers[peer.tool];
    ++theirs.timed;
    theirs.time.push_back(*peer.iteration_s / *run.measured.iteration_s - 1);
    count_time(run, p, ours);
  }
}

/// What a step spends most on beside the products that every step is made of, the class of its model before it.
std::string mechanism_of(const PublishedRun& run, const Prediction& p) {
  const auto of_products = [](const Account& account) {
    return account.name == name(engine::Spent::matrix_products) || account.name == name(engine::Spent::experts) ||
           account.name == name(engine::Spent::recomputation);
  };
  const auto found = std::find_if_not(p.accounts.begin(), p.accounts.end(), of_products);
  return fmt::format("{}: {}", class_of(run), found == p.accounts.end() ? "products" : found->name);
}

}  // namespace

std::optional<double> time_error(const PublishedRun& run, const Prediction& prediction) {
  if (!run.is_timed() || !run.measured.iteration_s || prediction.iteration_s <= 0) return std::nullopt;
  return prediction.iteration_s / *run.measured.iteration_s - 1;
}

Scored score(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  Errors all;
  std::vector<double> memory_alone;
  std::map<std::string, Errors> kind, family, project, source, mechanism, meaning;
  Peers peers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const PublishedRun& run = runs[i];
    const Prediction& p = predictions[i];
    const auto memory = memory_error(run, p);
    if (run.tier != "lora") count_time(run, p, all);
    count_verdict(run, p, all.verdicts);
    if (memory) (run.tier == "full" || run.tier == "fill" ? all.memory : memory_alone).push_back(*memory);
    if (memory && !run.measured.memory_meaning.empty()) meaning[run.measured.memory_meaning].memory.push_back(*memory);
    Errors& of_project = project[project_of(run)];
    if (run.tier != "lora") {
      count_time(run, p, of_project);
      if (!p.accounts.empty()) count_time(run, p, mechanism[mechanism_of(run, p)]);
    }
    count_rest(run, p, of_project);
    for (Errors* group : {&kind[class_of(run)], &family[family_group_of(run)], &source[run.source.title]}) {
      count_time(run, p, *group);
      count_rest(run, p, *group);
    }
    count_peers(run, p, peers);
  }
  Scored scored{summary(all),
                memory_summary(memory_alone),
                summaries(kind),
                summaries(family),
                summaries(project),
                summaries(source),
                summaries(mechanism),
                summaries(meaning),
                std::nullopt,
                0,
                {}};
  for (const auto& [tool, errors] : peers) scored.peers[tool] = {summary(errors.first), summary(errors.second)};
  rank(runs, predictions, scored);
  return scored;
}

}  // namespace chipmix::validation
