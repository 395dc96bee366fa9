#include "validation/predict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <iterator>

#include "base/parallel.hpp"
#include "engine/analytical/analytical.hpp"
#include "hardware/trains_in.hpp"
#include "io/document.hpp"
#include "io/folder.hpp"
#include "plan/lower.hpp"
#include "uncertainty/sensitivity.hpp"
#include "validation/record_table.hpp"
#include "validation/rereading.hpp"

namespace chipmix::validation {
namespace {

/// Memory that a plan chosen for a run leaves free: nobody runs at the brim by choice.
constexpr double headroom = 0.1;

struct Played {
  engine::Times times;
  RunMemory memory;
};

Played play(const plan::ParallelPlan& plan, plan::Lowering& lowering, engine::AnalyticalEngine& engine,
            const RunMeasured& measured) {
  const plan::Program program = lowering.lower(plan, engine.cluster());
  return {engine.step_times(program), memory_of_run(program, engine.cluster(), measured)};
}

/// The fastest plan that fits with room to spare; else the one that needs the least memory.
bool is_better(const Played& a, const Played& b) {
  const bool a_fits = a.memory.full <= 1 - headroom, b_fits = b.memory.full <= 1 - headroom;
  if (a_fits != b_fits) return a_fits;
  return a_fits ? a.times.total() < b.times.total() : a.memory.full < b.memory.full;
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
  if (hardware::trains_in(device, wanted)) return;
  const Dtype instead = hardware::trains_in(device, Dtype::bf16) ? Dtype::bf16 : Dtype::fp16;
  if (!hardware::trains_in(device, instead)) throw Unanswerable(hardware::no_rate(device, wanted));
  question.job.dtype = instead;
  question.assumed.push_back(std::string("plan.dtype = ") + name(instead) + " (the device has no " + name(wanted) +
                             ")");
}

struct Chosen {
  Question question;
  std::size_t best = 0;  ///< of the question's plans
  Played played;
  double slower = 0;  ///< ln of the slowest plausible plan's time over the chosen one's
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
    if (is_next_level && played[best].memory.full <= 1) break;  // more recomputation only where less does not fit
    played.push_back(play(plan, lowering, engine, run.measured));
    if (is_better(played.back(), played[best])) best = played.size() - 1;
  }
  double slower = 0;
  for (const Played& other : played)
    if (other.memory.full <= 1) slower = std::max(slower, std::log(other.times.total() / played[best].times.total()));
  return {std::move(question), best, played[best], slower};
}

/// What readings of the record add to the interval, in quadrature on the logarithm: of plans that differ in what the
/// source leaves open, the fastest is taken and half of the way to the slowest is as likely; a reading that was changed
/// so that the run fits may be another one (27 runs read so were off by 45 % on average before).
constexpr double half_way = 0.5, other_reading = 0.15;

void widen(Prediction& prediction, double slower) {
  const double changed = prediction.reread ? other_reading : 0;
  const double up = std::log(prediction.p90 / prediction.iteration_s),
               down = -std::log(prediction.p10 / prediction.iteration_s);
  prediction.p90 = prediction.iteration_s * std::exp(std::hypot(up, half_way * slower, changed));
  prediction.p10 = prediction.iteration_s * std::exp(-std::hypot(down, changed));
}

struct Reread {
  Chosen chosen;
  bool is_other = false;  ///< than what the record says first
};

bool fits(const Played& played) { return played.memory.fit_probability >= 0.5; }

/// A run that ran fits: where it does not as read first, what the source leaves open is read otherwise, as little as
/// makes it fit. Where nothing does, the first reading stands.
Reread choose_what_ran(const PublishedRun& run, scenario::Library& library) {
  Reread first{choose(run, library), false};
  if (fits(first.chosen.played) || !ran(run)) return first;
  PublishedRun read = run;
  std::vector<std::string> taken;
  for (const Reading& reading : rereadings(run)) {
    PublishedRun tried = read;
    reading.read(tried.plan);
    try {
      Chosen other = choose(tried, library);
      read = std::move(tried);
      taken.push_back(fmt::format("read as: {}, for the run ran", reading.taken));
      if (!fits(other.played)) continue;
      other.question.assumed.insert(other.question.assumed.end(), taken.begin(), taken.end());
      return {std::move(other), true};
    } catch (const Unanswerable&) {  // degrees that do not divide: no reading
    }
  }
  return first;
}

Prediction answer(const PublishedRun& run, scenario::Library& library, bool intervals) {
  auto [what_ran, is_other] = choose_what_ran(run, library);
  auto& [question, best, chosen, slower] = what_ran;
  Prediction prediction;
  prediction.reread = is_other;
  for (const auto& group : question.cluster.groups)
    for (const std::string& profile :
         {"devices/" + group.device.id, "stacks/" + group.stack.id, "links/" + group.scale_up.id,
          "links/" + group.scale_out.id, "nodes/" + group.node.id})
      if (std::find(prediction.profiles.begin(), prediction.profiles.end(), profile) == prediction.profiles.end())
        prediction.profiles.push_back(profile);
  prediction.iteration_s = chosen.times.total();
  if (!std::isfinite(prediction.iteration_s)) throw Unanswerable("a rate of the record is too small: no finite time");
  if (intervals) {
    const auto interval = uncertainty::step_interval(question.job, {{question.plans[best]}}, question.cluster);
    prediction.p10 = prediction.iteration_s * interval.p10;
    prediction.p90 = prediction.iteration_s * interval.p90;
    widen(prediction, slower);
  }
  prediction.memory = chosen.memory;
  prediction.peak_memory_gib = prediction.memory.reported_gib;
  prediction.fit_probability = prediction.memory.fit_probability;
  prediction.fits = prediction.fit_probability >= 0.5;
  prediction.assumed = std::move(question.assumed);
  if (!prediction.fits) {
    prediction.status = Status::infeasible;
    const auto program = plan::Lowering(question.job).lower(question.plans[best], question.cluster);
    const auto shortfall = engine::memory_shortfall(program, question.cluster);
    prediction.reason = shortfall ? shortfall->explanation
                                  : fmt::format("{}: {:.1f} GiB, no room for what the driver keeps",
                                                prediction.memory.heaviest, prediction.memory.device_gib);
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
  Chosen chosen = choose_what_ran(run, library).chosen;
  plan::Program program =
      plan::Lowering(chosen.question.job).lower(chosen.question.plans[chosen.best], chosen.question.cluster);
  return {std::move(chosen.question.cluster), std::move(program)};
}

std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder) { return io::files_in(folder); }

std::vector<std::filesystem::path> own_tables(const scenario::Library& library) {
  for (const auto& data : library.folders())
    if (io::is_folder(data / "published_runs")) return tables_in(data / "published_runs");
  return {};
}

RunTable read_all(const std::vector<std::filesystem::path>& tables) {
  return read_tables(tables, &RunTable::runs, read_runs);
}

std::vector<Prediction> predict_all(const std::vector<PublishedRun>& runs, int jobs, bool intervals,
                                    const std::function<void(double)>& progress, const std::function<bool()>& stop) {
  std::vector<Prediction> predictions(runs.size());
  std::atomic<int> done = 0;
  const auto library = [] { return scenario::Library(); };  // not shared between threads
  parallel_for_with(library, static_cast<int>(runs.size()), jobs, [&](scenario::Library& own, int i) {
    if (stop && stop()) return;
    predictions[i] = predict(runs[i], own, intervals);
    if (const int now = ++done; progress) progress(now / static_cast<double>(runs.size()));
  });
  return predictions;
}

}  // namespace chipmix::validation
