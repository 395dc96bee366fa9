#include "validation/fit_stack.hpp"

#include <stdexcept>

#include "engine/analytical/analytical.hpp"

namespace chipmix::validation {
namespace {

bool ran_under(const std::string& stack, const hardware::Cluster& cluster) {
  for (const hardware::NodeGroup& group : cluster.groups)
    if (group.stack.id != stack) return false;
  return true;
}

}  // namespace

double step_seconds(const RunProgram& run, const hardware::SoftwareStack& stack) {
  hardware::Cluster cluster = run.cluster;
  for (hardware::NodeGroup& group : cluster.groups) group.stack = stack;
  engine::AnalyticalEngine engine(std::move(cluster));
  return engine.step_times(run.program).total();
}

TimedRuns timed_runs(const std::vector<PublishedRun>& runs, const std::string& stack, scenario::Library& library) {
  TimedRuns found;
  for (const PublishedRun& run : runs) {
    found.left_out.push_back(run.id);
    if (!run.measured.iteration_s || !(*run.measured.iteration_s > 0)) continue;
    try {
      RunProgram program = program_of(run, library);
      if (!ran_under(stack, program.cluster)) continue;
      found.runs.push_back({run.id, std::move(program), *run.measured.iteration_s});
    } catch (const Unanswerable&) {  // validate says why
      continue;
    } catch (const std::logic_error&) {  // a record that means nothing to a law
      continue;
    }
    found.left_out.pop_back();
  }
  return found;
}

calibration::Calibration fit_stack(const std::vector<TimedRun>& runs) {
  if (runs.empty()) return {};
  std::vector<double> seconds;
  for (const TimedRun& run : runs) seconds.push_back(run.seconds);
  const auto predict = [&](std::size_t i, calibration::Machine& machine) {
    return std::optional(step_seconds(runs[i].run, machine.group.stack));
  };
  return calibration::fit_times(seconds, predict, calibration::Machine(runs.front().run.cluster.groups.front()),
                                calibration::stack_parameters());
}

}  // namespace chipmix::validation
