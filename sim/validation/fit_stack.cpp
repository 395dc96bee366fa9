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

double step_seconds(RunProgram run, const hardware::SoftwareStack& stack) {
  for (hardware::NodeGroup& group : run.cluster.groups) group.stack = stack;
  engine::AnalyticalEngine engine(run.cluster);
  return engine.step_times(run.program).total();
}

}  // namespace

StackFit fit_stack(const std::vector<PublishedRun>& runs, const std::string& stack, scenario::Library& library) {
  StackFit fit;
  std::vector<RunProgram> programs;
  std::vector<double> seconds;
  for (const PublishedRun& run : runs) {
    fit.left_out.push_back(run.id);
    if (!run.measured.iteration_s || !(*run.measured.iteration_s > 0)) continue;
    try {
      RunProgram program = program_of(run, library);
      if (!ran_under(stack, program.cluster)) continue;
      programs.push_back(std::move(program));
    } catch (const Unanswerable&) {  // validate says why
      continue;
    } catch (const std::logic_error&) {  // a record that means nothing to a law
      continue;
    }
    seconds.push_back(*run.measured.iteration_s);
    fit.left_out.pop_back();
    fit.runs.push_back(run.id);
  }
  if (programs.empty()) return fit;
  const auto predict = [&](std::size_t i, calibration::Machine& machine) {
    return std::optional(step_seconds(programs[i], machine.group.stack));
  };
  fit.calibration = calibration::fit_times(
      seconds, predict, calibration::Machine(programs.front().cluster.groups.front()), calibration::stack_parameters());
  return fit;
}

}  // namespace chipmix::validation
