#include "plan/job_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/words.hpp"
#include "workload/operators.hpp"

namespace chipmix::plan {
namespace {

/// The last synchronised weights and the outer optimizer's momentum, fp32 both (DiLoCo, arXiv:2311.08105, algorithm 1).
constexpr double outer_optimizer_bytes = 4 + 4;

/// Neighbouring stages of one island with the same degrees.
struct Segment {
  int island = 0;
  Degrees degrees;
  std::vector<double> layers;
};

std::vector<Segment> segments(const ParallelPlan& lane) {
  std::vector<Segment> list;
  for (const Stage& stage : lane.stages) {
    const int island = stage.devices.node_group;
    if (list.empty() || list.back().island != island || list.back().degrees != stage.degrees)
      list.push_back({island, stage.degrees, {}});
    list.back().layers.push_back(stage.layers());
  }
  return list;
}

/// "16", "5-6.5".
std::string span(const std::vector<double>& layers) {
  const auto [least, most] = std::minmax_element(layers.begin(), layers.end());
  return *least == *most ? fmt::format("{}", *least) : fmt::format("{}-{}", *least, *most);
}

double most_layers(const Segment& segment) { return *std::max_element(segment.layers.begin(), segment.layers.end()); }

std::string segment_text(const Segment& segment, const hardware::Cluster& cluster) {
  const Degrees& d = segment.degrees;
  std::string text = fmt::format("{} PP{} TP{}", cluster.groups[segment.island].name, segment.layers.size(), d.tensor);
  if (d.context > 1) text += fmt::format(" CP{}", d.context);
  if (d.expert > 1) text += fmt::format(" EP{}", d.expert);
  return text + fmt::format(" ({} {} each)", span(segment.layers), noun(most_layers(segment), "layer"));
}

std::string settings_text(const ParallelPlan& lane) {
  std::string text = fmt::format("DP{} mbs{} x{}", lane.degrees().data, lane.micro_batch, lane.micro_batches);
  if (lane.interleave > 1 && !lane.chosen_schedule) text += fmt::format(" vpp{}", lane.interleave);
  text += fmt::format(" ZeRO-{}", static_cast<int>(lane.zero));
  if (lane.recompute != Recompute::none) text += fmt::format(" recompute-{}", name(lane.recompute));
  return text;
}

std::string lane_text(const ParallelPlan& lane, const hardware::Cluster& cluster) {
  std::string text;
  for (const Segment& segment : segments(lane)) text += (text.empty() ? "" : " > ") + segment_text(segment, cluster);
  return text + ", " + settings_text(lane);
}

}  // namespace

int JobPlan::ranks() const {
  int sum = 0;
  for (const ParallelPlan& lane : lanes) sum += lane.ranks();
  return sum;
}

long long sequences(const ParallelPlan& lane) {
  return static_cast<long long>(lane.degrees().data) * lane.micro_batch * lane.micro_batches;
}

long long JobPlan::sequences() const {
  long long sum = 0;
  for (const ParallelPlan& lane : lanes) sum += plan::sequences(lane);
  return sum;
}

std::vector<int> islands(const ParallelPlan& lane) {
  std::vector<int> list;
  for (const Stage& stage : lane.stages)
    if (list.empty() || list.back() != stage.devices.node_group) list.push_back(stage.devices.node_group);
  return list;
}

std::string to_text(const JobPlan& plan, const hardware::Cluster& cluster) {
  if (cluster.groups.size() == 1 && plan.lanes.size() == 1) return to_text(plan.lanes.front());
  std::string text;
  for (const ParallelPlan& lane : plan.lanes) {
    if (!text.empty()) text += " | ";
    const double share = static_cast<double>(sequences(lane)) / static_cast<double>(plan.sequences());
    if (plan.lanes.size() > 1) text += fmt::format("{:.0f} %: ", 100 * share);
    text += lane_text(lane, cluster);
  }
  return plan.is_local() ? text + fmt::format(", weights synchronized every {} steps", plan.sync_interval) : text;
}

JobProgram lower(Lowering& lowering, const JobPlan& plan, const hardware::Cluster& cluster) {
  JobProgram program;
  program.sync_interval = plan.sync_interval;
  program.parameters = workload::count_parameters(lowering.graph()).total;
  for (const ParallelPlan& lane : plan.lanes) {
    program.lanes.push_back(lowering.lower(lane, cluster));
    program.lanes.back().ranks_beside = plan.ranks() - lane.ranks();
    if (plan.is_local()) program.lanes.back().outer_bytes = outer_optimizer_bytes;
  }
  return program;
}

namespace {

class Faults {
 public:
  Faults(const JobPlan& plan, const workload::TrainingJob& job, const hardware::Cluster& cluster)
      : plan_(plan), job_(job), cluster_(cluster) {}

  std::vector<std::string> list() {
    if (plan_.sequences() != job_.global_batch)
      say("the pipelines take {} sequences a step, the job has {}", plan_.sequences(), job_.global_batch);
    for (const ParallelPlan& lane : plan_.lanes) {
      layers(lane);
      borders(lane);
    }
    for (std::size_t i = 0; i < cluster_.groups.size(); ++i) ranks(static_cast<int>(i));
    return std::move(list_);
  }

 private:
  template <class... Arguments>
  void say(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    list_.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  void layers(const ParallelPlan& lane) {
    double sum = 0;
    for (const Stage& stage : lane.stages) sum += stage.layers();
    const int chunks = lane.pipeline() * lane.interleave;
    if (sum != job_.model.layers) say("the stages hold {} layers, the model has {}", sum, job_.model.layers);
    if (chunks > job_.model.layers)
      say("{} stages x chunks for {} layers: at most {} can hold one each", chunks, job_.model.layers,
          job_.model.layers);
  }

  void borders(const ParallelPlan& lane) {
    std::vector<int> list = islands(lane);
    if (goes_round(lane.schedule()) && list.size() > 1)
      list.push_back(list.front());  // the last stage sends to the first
    for (std::size_t i = 0; i + 1 < list.size(); ++i)
      if (!cluster_.between(list[i], list[i + 1]))
        say("nothing joins islands '{}' and '{}', which a pipeline crosses", cluster_.groups[list[i]].name,
            cluster_.groups[list[i + 1]].name);
  }

  void ranks(int island) {
    int used = 0;
    for (const ParallelPlan& lane : plan_.lanes)
      for (const Stage& stage : lane.stages)
        if (stage.devices.node_group == island) used += stage.degrees.ranks();
    const hardware::NodeGroup& group = cluster_.groups[island];
    if (used > group.ranks()) say("{} ranks of island '{}' are used, it has {}", used, group.name, group.ranks());
  }

  const JobPlan& plan_;
  const workload::TrainingJob& job_;
  const hardware::Cluster& cluster_;
  std::vector<std::string> list_;
};

}  // namespace

std::vector<std::string> faults(const JobPlan& plan, const workload::TrainingJob& job,
                                const hardware::Cluster& cluster) {
  return Faults(plan, job, cluster).list();
}

}  // namespace chipmix::plan
