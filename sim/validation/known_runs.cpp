#include "validation/known_runs.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "base/parallel.hpp"
#include "hardware/device_family.hpp"
#include "io/document.hpp"
#include "validation/predict.hpp"
#include "validation/whole_predict.hpp"
#include "workload/operators.hpp"

namespace chipmix::validation {
namespace {

namespace fs = std::filesystem;

/// As read_all, on several threads: most of the time that evidence costs is spent here.
std::vector<PublishedRun> read_in_parallel(const std::vector<fs::path>& tables) {
  constexpr unsigned enough = 4;  // the longest tables are a tenth of all
  std::vector<std::vector<PublishedRun>> parts(tables.size());
  const auto threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, enough));
  parallel_for(static_cast<int>(tables.size()), threads, [&](int i) { parts[i] = read_all({tables[i]}).runs; });
  std::vector<PublishedRun> runs;
  for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(runs));
  return runs;
}

int bits_of(Dtype dtype) { return static_cast<int>(8 * bytes_per_element(dtype)); }

/// What the laws would take a run for; what its record leaves open stays unknown.
RunTraits traits_of(const PublishedRun& run, double& step_flops) {
  RunTraits traits;
  traits.device = run.cluster.device;
  traits.devices = run.cluster.devices;
  traits.model = run.model.name;
  traits.is_moe = run.model.moe.has_value() && run.model.moe->experts.value_or(0) > 0;
  traits.is_base_frozen = run.plan.finetune == "lora";
  traits.dispatcher = run.plan.dispatcher;
  set_family(traits);
  Assumed assumed;
  traits.stack = stack_of(run, hardware::DeviceSpec{}, assumed);
  try {
    const workload::TrainingJob job = job_of(run, traits.stack, assumed);
    const workload::ParameterCount count = count_parameters(job.model);
    traits.total = count.total, traits.active = count.active;
    traits.bits = bits_of(job.dtype);
    step_flops = 3 * workload::forward_flops_per_token(workload::build_graph(job.model), job.sequence_length) *
                 job.tokens_per_step();  // backward: twice the forward pass, as plan/lower.cpp
  } catch (const Unanswerable&) {        // says too little: its size and format are not compared
  } catch (const std::logic_error&) {
  }
  return traits;
}

}  // namespace

void set_family(RunTraits& traits, const std::string& vendor) {
  const hardware::DeviceFamily* family = hardware::device_family(traits.device);
  traits.die = family && *family->die ? family->die : traits.device;
  traits.vendor = family ? family->vendor : vendor;
  traits.is_inferred = family && family->is_inferred;
}

KnownRuns known_runs(const std::vector<PublishedRun>& runs, const LeftOut& known) {
  KnownRuns list;
  for (const PublishedRun& run : runs) {
    if (!run.is_timed() || !run.measured.iteration_s) continue;
    const auto found = known.find(run.id);
    const HeldOut own = found == known.end() ? HeldOut{} : found->second;
    double step_flops = 0;
    RunTraits traits = traits_of(run, step_flops);
    const double rate = step_flops / (*run.measured.iteration_s * std::max(1, run.cluster.devices));
    list.push_back({run.id, run.project, std::move(traits), own.shipped, own.left_out, rate});
  }
  return list;
}

KnownRuns known_whole_runs(const std::vector<WholeRun>& runs, const LeftOut& known) {
  KnownRuns list;
  for (const WholeRun& run : runs) {
    if (!run.device_hours || !run.faults.empty()) continue;
    PublishedRun step;
    step.source = run.source;
    step.model = run.model;
    step.cluster = run.cluster;
    step.plan.framework = run.stack;
    step.plan.dtype = run.dtype;
    step.plan.global_batch = 1;
    double unused = 0;
    const auto found = known.find(run.id);
    const HeldOut own = found == known.end() ? HeldOut{} : found->second;
    KnownRun one{run.id, run.project, traits_of(step, unused), own.shipped, own.left_out};
    one.whole = WholeFacts{run.tokens, *run.device_hours, run.scope.value_or(practice::Scope::billed)};
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<PublishedRun> own_runs(const scenario::Library& library) { return read_in_parallel(own_tables(library)); }

const KnownRuns& known_runs(const scenario::Library& library) {
  static std::mutex guard;
  static std::map<fs::path, KnownRuns> kept;
  const auto tables = own_tables(library);
  const fs::path folder = tables.empty() ? fs::path() : tables.front().parent_path();
  const std::lock_guard lock(guard);
  if (const auto found = kept.find(folder); found != kept.end()) return found->second;
  KnownRuns all = known_runs(read_in_parallel(tables), own_left_out(library));
  KnownRuns whole =
      known_whole_runs(read_all_whole(own_whole_tables(library)).runs, own_left_out(library, "whole_left_out.json"));
  std::move(whole.begin(), whole.end(), std::back_inserter(all));
  return kept.emplace(folder, std::move(all)).first->second;
}

}  // namespace chipmix::validation
