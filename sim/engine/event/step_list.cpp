#include "engine/event/step_list.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "engine/analytical/zero_bubble.hpp"
#include "engine/event/collective.hpp"
#include "engine/event/exchange_tasks.hpp"

namespace chipmix::engine {
namespace {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

/// Links of one stage of one class.
struct Ports {
  int send_up = 0, send_down = 0;  ///< to and from other stages
  std::vector<int> reduction;      ///< both ways
  std::vector<int> exchange;       ///< both ways, to other servers
};

class Builder {
 public:
  Builder(const PipelineShape& shape, const std::vector<StageTraffic>& stages, const std::vector<ReplicaClass>& classes,
          const Placement& placement)
      : shape_(shape), stages_(stages), classes_(classes), placement_(placement) {
    for (const ReplicaClass& one : classes) {
      jobs_ = std::max(jobs_, one.job + 1);
      if (one.job == 0) replicas_ += one.replicas;
    }
  }

  StepList build() {
    set_orders();
    connect();
    exchanges_.emplace(list_, stages_, classes_, routes_.get(),
                       [this](int one, int stage) { return node(one, stage); });
    for (std::size_t one = 0; one < classes_.size(); ++one) pipeline(static_cast<int>(one));
    for (int job = 0; job < jobs_; ++job)
      for (int stage = 0; stage < shape_.stages; ++stage)
        if (stages_[stage].reduction > 0) reduce(stage, job);
    list_.interleave = plan::chunks_told_apart(shape_);
    return std::move(list_);
  }

 private:
  TaskList& tasks() { return list_.tasks; }

  void set_orders() {
    if (plan::fills_gaps(shape_.kind)) {
      std::vector<StageTimes> times;
      for (const StageTraffic& stage : stages_) times.push_back(stage.passes);
      orders_ = zero_bubble_order(shape_, times);
      return;
    }
    for (int stage = 0; stage < shape_.stages; ++stage) orders_.push_back(plan::schedule(shape_, stage));
  }

  void connect() {
    if (!placement_.fabric) return;
    const int nodes = placement_.nodes(shape_.stages, replicas_) * jobs_;
    const int ports = std::max(1, static_cast<int>(placement_.lanes_per_node));
    routes_ = routes(*placement_.fabric, nodes, ports, tasks());
  }

  int node(int one, int stage) const {
    return placement_.node(stage * replicas_ + classes_[one].first) * jobs_ + classes_[one].job;
  }

  /// Of a transfer between two lanes: their ports and what lies between.
  std::vector<int> path(int up, int down, int from_node, int to_node) const {
    std::vector<int> links{up, down};
    if (!routes_ || from_node == to_node) return links;
    const std::vector<int> between = routes_->between(from_node, to_node);
    links.insert(links.end(), between.begin(), between.end());
    return links;
  }

  Ports ports(int one, int stage) {
    const double share = classes_[one].ports[stage];
    const StageTraffic& traffic = stages_[stage];
    Ports ports;
    ports.send_up = tasks().link(traffic.sends_outside ? share : 1);
    ports.send_down = tasks().link(traffic.sends_outside ? share : 1);
    if (traffic.reduces_outside && traffic.sends_outside)
      ports.reduction = {ports.send_up, ports.send_down};
    else
      ports.reduction = {tasks().link(traffic.reduces_outside ? share : 1)};
    if (traffic.sends_outside)
      ports.exchange = {ports.send_up, ports.send_down};
    else if (!traffic.exchanges.empty())
      ports.exchange = traffic.reduces_outside ? ports.reduction : std::vector<int>{tasks().link(share)};
    if (!classes_[one].outages.empty()) weaken(ports, share, classes_[one].outages[stage]);
    return ports;
  }

  void weaken(const Ports& ports, double share, const std::vector<Outage>& outages) {
    for (const Outage& outage : outages)
      for (int link : {ports.send_up, ports.send_down}) {
        tasks().change(link, outage.from.value(), share * outage.share);
        tasks().change(link, (outage.from + outage.lasts).value(), share);
      }
  }

  void pipeline(int one) {
    const int places = plan::places(shape_);
    forward_.assign(static_cast<std::size_t>(places) * shape_.micro_batches, {});
    backward_ = forward_;
    ports_.emplace_back();
    gates_.emplace_back(shape_.stages);
    last_.emplace_back(shape_.stages);
    for (int stage = 0; stage < shape_.stages; ++stage) {
      ports_[one].push_back(ports(one, stage));
      lane(one, stage);
    }
    for (int v = 0; v < places; ++v)
      for (int n = 0; n < shape_.micro_batches; ++n) join(one, v, n);
  }

  std::size_t at(int v, int n) const { return static_cast<std::size_t>(v) * shape_.micro_batches + n; }

  /// The first of the passes beside which the reduction of gradients may hide: a whole one of each chunk is left; or,
  /// where the order says all, as many as take so long.
  std::size_t last_passes(int stage) const {
    const std::vector<Slot>& order = orders_[stage];
    const StageTraffic& traffic = stages_[stage];
    if (!plan::is_written(shape_.kind))
      return order.size() - shape_.interleave * (plan::splits_backward(shape_.kind) ? 2 : 1);
    std::size_t first = order.size();
    for (double left = traffic.hidden; first > 0 && (left > 0 || (first < order.size() && order[first - 1].with_next));)
      left -= traffic.passes.of(order[--first]);
    return first;
  }

  /// The passes of a stage, one after the other; two that run together are one to those that wait.
  void lane(int one, int stage) {
    const std::vector<Slot>& order = orders_[stage];
    const std::size_t last = last_passes(stage);
    int before = -1;
    const auto follow = [&](int task) {
      if (before >= 0) tasks().after(before, task);
      before = task;
    };
    const auto gate = [&] {  // what the reduction starts with: see reduce()
      if (stages_[stage].reduction > 0) follow(gates_[one][stage] = tasks().compute(0));
    };
    for (std::size_t i = 0; i < order.size();) {
      if (i == last) gate();
      const std::size_t together = order[i].with_next ? 2 : 1;
      const Ends pass = together == 2 ? add_pair(one, stage, i) : add_pass(one, stage, i);
      follow(pass.first);
      before = pass.last;
      for (const std::size_t end = i + together; i < end; ++i) note(one, stage, order[i], pass);
    }
    if (last == order.size()) gate();
    last_[one][stage] = before;
  }

  void note(int one, int stage, const Slot& slot, const Ends& pass) {
    const bool is_weight = slot.part == plan::Part::weights;
    list_.passes.push_back({pass.first, one, stage, slot, is_weight, pass.last});
    if (is_weight) return;
    auto& ends = slot.direction == Direction::forward ? forward_ : backward_;
    ends[at(plan::place_of(shape_, stage, slot), slot.micro_batch)] = pass;
  }

  /// What a pass exchanges; nothing, if it makes gradients of weights alone.
  const PassExchanges& exchanged(int stage, const Slot& pass) const {
    const std::vector<ChunkExchanges>& chunks = stages_[stage].exchanges;
    if (chunks.empty() || pass.part == plan::Part::weights) return nothing_;
    const ChunkExchanges& chunk = chunks[pass.chunk];
    return pass.direction == Direction::forward ? chunk.forward : chunk.backward;
  }

  Ends add_pass(int one, int stage, std::size_t turn) {
    const Slot& pass = orders_[stage][turn];
    return add_work(one, stage, turn, stages_[stage].passes.of(pass), exchanged(stage, pass));
  }

  /// What the two hide of one another moves beside the work: of the exposed exchange of experts the same share on the
  /// ports to other servers as elsewhere.
  Ends add_pair(int one, int stage, std::size_t turn) {
    const Slot &ahead = orders_[stage][turn], &back = orders_[stage][turn + 1];
    const StageTimes& times = stages_[stage].passes;
    PassExchanges both = exchanged(stage, ahead);
    both.experts += exchanged(stage, back).experts;
    both.replica += exchanged(stage, back).replica;
    both.context += exchanged(stage, back).context;
    const double saved = times.saved(ahead, back), exposed = times.exposed_experts(ahead, back);
    const double moved = exposed > 0 ? both.experts.exposed * std::min(1.0, saved / exposed) : 0;
    both.experts.exposed -= moved;
    both.experts.hidden += moved;
    return add_work(one, stage, turn, times.of(ahead) + times.of(back) - saved, both);
  }

  Ends add_work(int one, int stage, std::size_t turn, double seconds, const PassExchanges& exchanged) {
    const double computes = std::max(0.0, seconds - exchanged.exposed()) * classes_[one].slow[stage];
    return exchanges_->add({one, stage, static_cast<int>(turn)}, computes, exchanged, ports_[one][stage].exchange);
  }

  void send(int one, int owner, int from, int to, const Ends& earlier, const Ends& later) {
    send(one, owner, from, to, earlier.last, later.first);
  }

  void send(int one, int owner, int from, int to, int earlier, int later) {
    const double seconds = stages_[owner].passes.send;
    if (seconds == 0) return tasks().after(earlier, later);
    const bool outside = stages_[owner].sends_outside && routes_;
    const int flow = tasks().flow(seconds, path(ports_[one][from].send_up, ports_[one][to].send_down,
                                                outside ? node(one, from) : 0, outside ? node(one, to) : 0));
    list_.transfers.push_back({flow, one, from, false, later, to});
    tasks().after(earlier, flow);
    tasks().after(flow, later);
  }

  /// Activations of a chunk on to the next, gradients back to the one before; the send is the stage's nearer to the
  /// first, but round and round the last one's to the first.
  void join(int one, int v, int n) {
    const auto follows = [&](const Ends& earlier, const Ends& later) { tasks().after(earlier.last, later.first); };
    if (v + 1 == plan::places(shape_)) return follows(forward_[at(v, n)], backward_[at(v, n)]);
    const int stage = plan::stage_at(shape_, v, n).stage, next = plan::stage_at(shape_, v + 1, n).stage;
    if (stage == next) {
      follows(forward_[at(v, n)], forward_[at(v + 1, n)]);
      return follows(backward_[at(v + 1, n)], backward_[at(v, n)]);
    }
    const int owner = plan::traits(shape_).lie == plan::Lie::round ? stage : std::min(stage, next);
    send(one, owner, stage, next, forward_[at(v, n)], forward_[at(v + 1, n)]);
    send(one, owner, next, stage, backward_[at(v + 1, n)], backward_[at(v, n)]);
  }

  /// All gates of a job's classes, then the part that may hide; all of that and all passes, then the rest.
  void reduce(int stage, int job) {
    const StageTraffic& traffic = stages_[stage];
    const int begin = tasks().compute(0), middle = tasks().compute(0);
    std::vector<int> members;
    for (std::size_t one = 0; one < classes_.size(); ++one) {
      if (classes_[one].job != job) continue;
      tasks().after(gates_[one][stage], begin);
      tasks().after(last_[one][stage], middle);
      members.push_back(static_cast<int>(one));
    }
    exchange(traffic.hidden, stage, members, begin, middle);
    exchange(traffic.reduction - traffic.hidden, stage, members, middle, -1);
  }

  /// Every member's part of a reduction that takes so many seconds; `later`, if any, waits for all.
  void exchange(double seconds, int stage, const std::vector<int>& members, int earlier, int later) {
    if (seconds <= 0) return;
    if (routes_ && placement_.fabric->reductions == Reductions::steps && members.size() > 1)
      return exchange_in_steps(seconds, stage, members, earlier, later);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const int flow = tasks().flow(seconds, reduction_path(members, i, stage));
      list_.transfers.push_back({flow, members[i], stage, true, 0, 0});
      tasks().after(earlier, flow);
      if (later >= 0) tasks().after(flow, later);
    }
  }

  void exchange_in_steps(double seconds, int stage, const std::vector<int>& members, int earlier, int later) {
    const int size = static_cast<int>(members.size());
    std::vector<Member> ports;
    for (int one : members)
      ports.push_back({ports_[one][stage].reduction.front(), ports_[one][stage].reduction.back()});
    const auto between = [&](int from, int to) {
      return routes_->between(node(members[from], stage), node(members[to], stage));
    };
    const double payload = seconds * size / (2 * (size - 1));  // so that all messages take the seconds
    const int first = tasks().size();
    const auto ends =
        play(messages(Pattern::ring, size), payload, 0, ports, std::vector<int>(size, earlier), between, tasks());
    for (int task = first; task < ends.front(); ++task)
      list_.transfers.push_back({task, members[(task - first) % size], stage, true, 0, 0});
    for (int end : ends)
      if (later >= 0) tasks().after(end, later);
  }

  /// A class that stands for many replicas has one of its own beside it; else the next replica's port is the other end.
  std::vector<int> reduction_path(const std::vector<int>& members, std::size_t i, int stage) const {
    const int one = members[i], next = members[(i + 1) % members.size()];
    const Ports& ports = ports_[one][stage];
    if (!routes_ || ports.reduction.size() == 1) return ports.reduction;
    return path(ports.reduction.front(), ports_[next][stage].reduction.back(), node(one, stage), node(next, stage));
  }

  const PipelineShape& shape_;
  const std::vector<StageTraffic>& stages_;
  const std::vector<ReplicaClass>& classes_;
  Placement placement_;
  std::unique_ptr<Routes> routes_;  ///< if the switches count
  int jobs_ = 1, replicas_ = 0;     ///< of a job
  StepList list_;
  std::vector<std::vector<Slot>> orders_;  ///< by stage
  std::vector<Ends> forward_, backward_;   ///< of the class that is built, by chunk in pipeline order and micro-batch
  std::vector<std::vector<Ports>> ports_;  ///< by class and stage, as all that follow
  std::vector<std::vector<int>> gates_;    ///< done when the last backward passes may start
  std::vector<std::vector<int>> last_;     ///< pass
  std::optional<ExchangeTasks> exchanges_;
  const PassExchanges nothing_;
};

}  // namespace

int Placement::nodes(int stages, int replicas) const {
  return static_cast<int>(std::ceil(stages * replicas / lanes_per_node - 1e-9));
}

int Placement::node(int lane) const { return static_cast<int>(std::floor(lane / lanes_per_node + 1e-9)); }

StepList step_list(const PipelineShape& shape, const std::vector<StageTraffic>& stages,
                   const std::vector<ReplicaClass>& classes, const Placement& placement) {
  return Builder(shape, stages, classes, placement).build();
}

}  // namespace chipmix::engine
