#include "validation/predict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>

#include "base/parallel.hpp"
#include "engine/analytical/analytical.hpp"
#include "io/document.hpp"
#include "laws/memory.hpp"
#include "plan/lower.hpp"
#include "uncertainty/sensitivity.hpp"

namespace chipmix::validation {
namespace {

/// Memory that a plan chosen for a run leaves free: nobody runs at the brim by choice.
constexpr double headroom = 0.1;

/// P(needed <= capacity) = Φ(ln(capacity / peak) / σ), the need log-normal around the predicted peak, σ from the 80 %
/// range of measured over predicted memory that the stack's profile holds:  σ = ln(high / low) / (2 · 1.2816).
double fit_probability(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack) {
  constexpr double half_80 = 1.2816;  // standard deviations to either end of the middle 80 % of a normal distribution
  const auto& range = stack.memory_residual.range;
  const double spread = range ? std::log(range->high / range->low) / (2 * half_80) : 0;
  const double room = std::log(memory.capacity / memory.peak());
  if (spread <= 0) return room >= 0 ? 1 : 0;
  return 0.5 * std::erfc(-room / spread / std::sqrt(2.0));
}

struct Played {
  engine::Times times;
  Bytes peak;              ///< of the fullest rank, as its stack prints it
  double full = 0;         ///< the fullest rank's share of the capacity
  double probability = 1;  ///< that it fits
};

Played play(const plan::ParallelPlan& plan, plan::Lowering& lowering, engine::AnalyticalEngine& engine) {
  const plan::Program program = lowering.lower(plan, engine.cluster());
  Played played{engine.step_times(program), {}, 0, 1};
  for (const auto& stage : engine::memory_of(program, engine.cluster())) {
    const auto& stack = engine.cluster().groups[program.stages[stage.stage].node_group].stack;
    played.full = std::max(played.full, stage.peak() / stage.capacity);
    played.peak = max(played.peak, laws::reported_peak(stage, stack));
    played.probability = std::min(played.probability, fit_probability(stage, stack));
  }
  return played;
}

/// The fastest plan that fits with room to spare; else the one that needs the least memory.
bool is_better(const Played& a, const Played& b) {
  const bool a_fits = a.full <= 1 - headroom, b_fits = b.full <= 1 - headroom;
  if (a_fits != b_fits) return a_fits;
  return a_fits ? a.times.total() < b.times.total() : a.full < b.full;
}

/// fp32 training multiplies in TF32 where there is TF32: NVIDIA's containers set TORCH_ALLOW_TF32_CUBLAS_OVERRIDE.
void multiply_in_tf32(Question& question) {
  const auto has = [](const auto& group) { return group.device.peak.contains(Dtype::tf32); };
  const auto& groups = question.cluster.groups;
  if (question.job.dtype != Dtype::fp32 || !std::all_of(groups.begin(), groups.end(), has)) return;
  question.job.dtype = Dtype::tf32;
  question.assumed.push_back("plan.dtype = tf32 for products of fp32 numbers");
}

void train_in(Dtype wanted, const hardware::DeviceSpec& device, Question& question) {
  if (device.peak.contains(wanted)) return;
  const Dtype instead = device.peak.contains(Dtype::bf16) ? Dtype::bf16 : Dtype::fp16;
  if (!device.peak.contains(instead)) throw Unanswerable(device.name + " has no rate for " + name(wanted));
  question.job.dtype = instead;
  question.assumed.push_back(std::string("plan.dtype = ") + name(instead) + " (the device has no " + name(wanted) +
                             ")");
}

struct Chosen {
  Question question;
  std::size_t best = 0;  ///< of the question's plans
  Played played;
};

/// The run's own plan; where the source leaves something open, the likeliest one.
Chosen choose(const PublishedRun& run, scenario::Library& library) {
  Question question = question_of(run, library);
  multiply_in_tf32(question);
  for (const auto& group : question.cluster.groups) train_in(question.job.dtype, group.device, question);
  plan::Lowering lowering(question.job);
  engine::AnalyticalEngine engine(question.cluster);
  std::size_t best = 0;
  std::vector<Played> played;
  for (const plan::ParallelPlan& plan : question.plans) {
    const bool is_next_level = !played.empty() && plan.recompute != question.plans[played.size() - 1].recompute;
    if (is_next_level && played[best].full <= 1) break;  // more recomputation only where less does not fit
    played.push_back(play(plan, lowering, engine));
    if (is_better(played.back(), played[best])) best = played.size() - 1;
  }
  return {std::move(question), best, played[best]};
}

Prediction answer(const PublishedRun& run, scenario::Library& library, bool intervals) {
  auto [question, best, chosen] = choose(run, library);
  Prediction prediction;
  for (const auto& group : question.cluster.groups)
    for (const std::string& profile : {"devices/" + group.device.id, "stacks/" + group.stack.id,
                                       "links/" + group.scale_up.id, "links/" + group.scale_out.id})
      if (std::find(prediction.profiles.begin(), prediction.profiles.end(), profile) == prediction.profiles.end())
        prediction.profiles.push_back(profile);
  prediction.iteration_s = chosen.times.total();
  if (intervals) {
    const auto interval = uncertainty::step_interval(question.job, {{question.plans[best]}}, question.cluster);
    prediction.p10 = prediction.iteration_s * interval.p10;
    prediction.p90 = prediction.iteration_s * interval.p90;
  }
  prediction.peak_memory_gib = gib(chosen.peak);
  prediction.fit_probability = chosen.probability;
  prediction.fits = chosen.probability >= 0.5;
  prediction.assumed = std::move(question.assumed);
  if (!prediction.fits) {
    prediction.status = Status::infeasible;
    const auto program = plan::Lowering(question.job).lower(question.plans[best], question.cluster);
    prediction.reason = engine::memory_shortfall(program, question.cluster)->explanation;
  }
  for (int account = 0; account < engine::spent_count; ++account)
    if (chosen.times.seconds[account] > 0)
      prediction.accounts.push_back(
          {engine::name(static_cast<engine::Spent>(account)), chosen.times.seconds[account] / chosen.times.total()});
  std::stable_sort(prediction.accounts.begin(), prediction.accounts.end(),
                   [](const Account& a, const Account& b) { return a.share > b.share; });
  return prediction;
}

}  // namespace

const char* name(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::infeasible:
      return "infeasible";
    case Status::unsupported:
      return "unsupported";
    case Status::error:
      return "error";
  }
  throw std::logic_error("unknown status");
}

Prediction predict(const PublishedRun& run, scenario::Library& library, bool intervals) {
  if (!run.faults.empty()) {
    Prediction unreadable;
    unreadable.status = Status::error;
    unreadable.reason = fmt::format("{}", fmt::join(run.faults, "; "));
    return unreadable;
  }
  try {
    return answer(run, library, intervals);
  } catch (const Unanswerable& fault) {
    Prediction refused;
    refused.status = Status::unsupported;
    refused.reason = fault.what();
    return refused;
  } catch (const std::logic_error& fault) {
    Prediction refused;
    refused.status = Status::error;
    refused.reason = fault.what();
    return refused;
  }
}

RunProgram program_of(const PublishedRun& run, scenario::Library& library) {
  Chosen chosen = choose(run, library);
  plan::Program program =
      plan::Lowering(chosen.question.job).lower(chosen.question.plans[chosen.best], chosen.question.cluster);
  return {std::move(chosen.question.cluster), std::move(program)};
}

std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".json") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::filesystem::path> own_tables(const scenario::Library& library) {
  for (const auto& data : library.folders())
    if (std::filesystem::is_directory(data / "published_runs")) return tables_in(data / "published_runs");
  return {};
}

RunTable read_all(const std::vector<std::filesystem::path>& tables) {
  RunTable all;
  const auto add = [](auto& list, auto&& more) { std::move(more.begin(), more.end(), std::back_inserter(list)); };
  for (const auto& table : tables) {
    const io::Document document = io::Document::load(table);
    io::Diagnostics diagnostics;
    RunTable read = read_runs(document.root(diagnostics));
    add(all.runs, read.runs);
    add(all.faults, read.faults);
    add(all.unknown, read.unknown);
  }
  return all;
}

std::vector<Prediction> predict_all(const std::vector<PublishedRun>& runs, int jobs, bool intervals,
                                    const std::function<void(double)>& progress, const std::function<bool()>& stop) {
  std::vector<Prediction> predictions(runs.size());
  std::atomic<std::size_t> done = 0;
  parallel_for(jobs, jobs, [&](int worker) {  // a library is not shared between threads
    scenario::Library library;
    for (std::size_t i = worker; i < runs.size() && !(stop && stop()); i += jobs) {
      predictions[i] = predict(runs[i], library, intervals);
      ++done;
      if (progress) progress(static_cast<double>(done) / static_cast<double>(runs.size()));
    }
  });
  return predictions;
}

}  // namespace chipmix::validation
