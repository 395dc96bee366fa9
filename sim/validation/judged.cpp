#include "validation/judged.hpp"

#include <cmath>
#include <utility>

namespace chipmix::validation {
namespace {

std::optional<double> error_of(const PublishedRun& run, const LeftOut& errors, std::optional<double> HeldOut::*error) {
  const auto known = errors.find(run.id);
  return known == errors.end() ? std::nullopt : known->second.*error;
}

std::optional<Scored> if_any(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions) {
  Scored scored = score(runs, predictions);
  const auto lora = scored.kind.find("LoRA");
  if (scored.all.predicted == 0 && (lora == scored.kind.end() || lora->second.predicted == 0)) return std::nullopt;
  return scored;
}

}  // namespace

std::vector<Prediction> held_out(const std::vector<PublishedRun>& runs, std::vector<Prediction> predictions,
                                 const LeftOut& errors, std::optional<double> HeldOut::*error) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Prediction& p = predictions[i];
    const auto known = error_of(runs[i], errors, error);
    const double was = std::exchange(p.iteration_s, 0);
    if (!known || !runs[i].measured.iteration_s || was <= 0) continue;
    p.iteration_s = *runs[i].measured.iteration_s * std::exp(*known);
    p.p10 *= p.iteration_s / was;
    p.p90 *= p.iteration_s / was;
  }
  return predictions;
}

Judged judge(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions, const LeftOut& errors) {
  Judged judged{score(runs, predictions), std::nullopt, std::nullopt};
  judged.left_out = if_any(runs, held_out(runs, predictions, errors, &HeldOut::left_out));
  judged.five_fold = if_any(runs, held_out(runs, predictions, errors, &HeldOut::five_fold));
  return judged;
}

}  // namespace chipmix::validation
