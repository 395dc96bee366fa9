#include "validation/traced_parts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "calibration/machine.hpp"
#include "engine/analytical/analytical.hpp"
#include "plan/job_plan.hpp"

namespace chipmix::validation {
namespace {

using engine::Spent;

/// What the rows of the table are: a kind of kernel, and the accounts of a step that it stands for.
struct Kind {
  const char *name, *traced, *note;
  std::vector<Spent> accounts;
};

constexpr const char* exposed = "exposed communication";

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"matrix products", "matrix products", "with the head", {Spent::matrix_products, Spent::head_and_loss}},
      {"experts", "experts", "grouped products", {Spent::experts}},
      {"attention", "attention", "", {Spent::attention}},
      {"elementwise", "elementwise", "with copies and all other kernels", {Spent::elementwise}},
      {"optimizer", "optimizer", "", {Spent::optimizer}},
      {exposed,
       "",
       "collectives and sends that nothing hides",
       {Spent::tensor_communication, Spent::context_communication, Spent::expert_communication, Spent::pipeline_sends,
        Spent::gradient_reduction, Spent::parameter_gather}},
      {"no kernel",
       "",
       "gaps of the host, bubbles, waiting",
       {Spent::host, Spent::pipeline_bubble, Spent::step_overhead, Spent::stragglers}}};
  return all;
}

/// What the laws take for the parts of a step that its accounts do not tell apart.
class Laws {
 public:
  Laws(const plan::Program& program, const hardware::Cluster& cluster) : program_(program), engine_(cluster) {
    for (const hardware::NodeGroup& group : cluster.groups) machines_.emplace_back(group);
    for (const plan::StageProgram& stage : program.stages) add(stage);
    work();
  }

  /// Of recomputation, the share of an account.
  double again(Spent account) const {
    double all = 0;
    for (const double one : again_) all += one;
    const auto index = static_cast<std::size_t>(account);
    return all > 0 && index < again_.size() ? again_[index] / all : 0;
  }
  /// Seconds of a step's communication on the stage that has most, whatever runs beside it.
  double communication() const { return communication_; }

 private:
  void add(const plan::StageProgram& stage) {
    const engine::Machine& machine = machines_[stage.node_group];
    double sum = 0;
    for (const plan::ChunkProgram& chunk : stage.chunks)
      for (const plan::BlockRun& run : chunk) {
        for (const plan::Task& task : run.block->forward)
          sum += run.count * taken(task, machine, *run.block, run.count);
        for (const plan::Task& task : run.block->backward) sum += run.count * exchanged(task, machine);
      }
    per_micro_batch_.push_back(sum);
  }

  static double exchanged(const plan::Task& task, const engine::Machine& machine) {
    const auto* one = std::get_if<plan::CollectiveTask>(&task);
    return one ? engine::collective_seconds(*one, machine).total : 0;
  }

  /// Seconds of exchanges of a forward task, done again included; what is done again is booked by account.
  double taken(const plan::Task& task, const engine::Machine& machine, const plan::BlockTasks& block, int count) {
    const plan::Account account = std::visit([](const auto& one) { return one.account; }, task);
    const double repeated = share_again(task, machine, block);
    const double shown = engine::task_time(task, machine) * engine::exposed_share(account, machine.group.stack);
    again_[static_cast<std::size_t>(account)] += repeated * shown * count;
    return (1 + repeated) * exchanged(task, machine);
  }

  double share_again(const plan::Task& task, const engine::Machine& machine, const plan::BlockTasks& block) const {
    if (block.layers <= 0 || program_.recompute == plan::Recompute::none) return 0;
    if (program_.recompute == plan::Recompute::full) return program_.recompute_share;
    if (std::visit([](const auto& one) { return one.recomputed; }, task)) return program_.recompute_share;
    const auto* compute = std::get_if<plan::ComputeTask>(&task);
    const bool is_product = compute && compute->account == plan::Account::matrix_products &&
                            std::holds_alternative<plan::GemmShape>(compute->shape);
    return is_product ? machine.group.stack.selective_products.value * program_.recompute_share : 0;
  }

  void work() {
    const engine::ProgramWork work = engine_.work(program_);
    for (std::size_t kind = 0; kind < work.kinds.size(); ++kind) {
      const engine::StageWork& stage = work.kinds[kind];
      const laws::StepWork& step = stage.step[static_cast<int>(program_.zero)];
      const double own = per_micro_batch_[work.first_stage[kind]] * program_.micro_batches +
                         step.gradient_reduction.value() + step.parameter_gather.value() +
                         (program_.stages.size() > 1 ? 2 * stage.send * program_.micro_batches : 0);
      communication_ = std::max(communication_, own);
    }
  }

  const plan::Program& program_;
  engine::AnalyticalEngine engine_;
  std::vector<engine::Machine> machines_;
  std::vector<double> per_micro_batch_;  ///< seconds of exchanges, by stage
  std::array<double, plan::account_count> again_{};
  double communication_ = 0;
};

double traced(const calibration::TraceStep& trace, const Kind& kind) {
  if (kind.name == exposed) return trace.exposed_communication;
  if (std::string_view(kind.traced).empty()) return trace.idle;
  return trace.seconds_of(kind.traced) +
         (std::string_view(kind.traced) == "elementwise" ? trace.seconds_of("copies") : 0);
}

std::vector<scenario::TracedPart> parts_of(const calibration::TraceStep& trace, const estimate::Estimate& estimate,
                                           const Laws& laws) {
  const auto seconds = [&](Spent account) { return estimate.time.total(engine::name(account)).value(); };
  const double again = seconds(Spent::recomputation);
  std::vector<scenario::TracedPart> parts;
  double shared = 0;
  for (const Kind& kind : kinds()) {
    double predicted = 0;
    for (const Spent account : kind.accounts) {
      predicted += seconds(account) + again * laws.again(account);
      shared += again * laws.again(account);
    }
    parts.push_back({kind.name, kind.note, traced(trace, kind), predicted});
  }
  parts.front().predicted += again - shared;  // of what is not known
  return parts;
}

}  // namespace

void take_trace(const calibration::TraceStep& trace, const scenario::Run& run, const scenario::Scenario& scenario,
                const scenario::Option& option, scenario::Anchor& anchor) {
  plan::Lowering lowering(scenario.job_of(option));
  const plan::JobProgram job = plan::lower(lowering, run.plan, *option.cluster);
  const Laws laws(job.lanes.front(), *option.cluster);
  anchor.parts = parts_of(trace, run.estimate, laws);
  anchor.beside = {{"communication in all", "hidden behind other kernels or not", trace.seconds_of("communication"),
                    laws.communication()}};
  calibration::Machine machine(option.cluster->groups.front());
  for (const calibration::TraceOperator& one : trace.operators) {
    scenario::TracedWork work{one.name, one.kind, one.calls, one.seconds, std::nullopt};
    if (one.shape) {
      calibration::Sample shape = *one.shape;
      std::visit([&](auto& timed) { timed.seconds.values = {one.seconds / one.calls}; }, shape);
      const auto law = calibration::predict(shape, machine);
      if (law && std::isfinite(*law)) work.predicted = *law * one.calls;
    }
    anchor.operators.push_back(std::move(work));
  }
}

}  // namespace chipmix::validation
