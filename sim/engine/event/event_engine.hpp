// The event engine: the passes of the analytical engine, played with links that they share.
#pragma once

#include "engine/analytical/analytical.hpp"
#include "engine/event/event_player.hpp"
#include "engine/event/step_list.hpp"

namespace chipmix::engine {

/// Plays a list of tasks: play_events, or another player of the same rules.
using TaskPlayer = std::function<std::vector<Span>(const TaskList&)>;

/// Memory of a rank of a stage: what is there all the time, and what a pass holds from its forward to the end of its
/// backward part.
struct StageHold {
  Bytes always, each;
};

/// One step as it was played.
struct PlayedStep {
  StepList list;
  std::vector<Span> spans;  ///< of the list's tasks
  std::vector<ReplicaClass> classes;
  std::vector<StageHold> memory;  ///< by stage
  double passes_end = 0;  ///< seconds until the last pass is done; of split schedules the longest of the stages' own
  double end = 0;         ///< and all gradients are reduced
};

/// The ledger of a step: as the analytical engine's, but that the bubble is what the played passes take beyond the
/// busiest stage's work, and the exposed reduction of gradients what is left when the last pass is done. Where nothing
/// is shared and nothing disturbed both engines agree. Several pipelines are played one by one; what they exchange is
/// the analytical engine's. Not thread-safe.
class EventEngine final : public Engine {
 public:
  explicit EventEngine(hardware::Cluster cluster, Disturbance disturbance = {}, TaskPlayer player = play_events);

  /// Infeasible, too, where the disturbance names what the plan has not.
  estimate::Outcome estimate(const plan::Program& program) override;
  estimate::Outcome estimate(const plan::JobProgram& job);

  Times step_times(const plan::Program& program);
  PlayedStep play(const plan::Program& program);

 private:
  std::vector<StageTraffic> traffic(const plan::Program& program, const ProgramWork& work) const;
  Placement placement(const plan::Program& program) const;
  /// All that the disturbance names and the plan has not.
  std::optional<estimate::Infeasible> refusal(const plan::Program& program) const;
  /// Why a plan does not fit the fabric.
  void add_misfits(const plan::Program& program, std::vector<std::string>& faults) const;

  hardware::Cluster cluster_;
  Disturbance disturbance_;
  TaskPlayer player_;
  AnalyticalEngine analytical_;
  std::vector<Machine> machines_;  ///< by node group
};

}  // namespace chipmix::engine
