// A program of its own: reads tasks from its input, has SimGrid play them, writes when each started and ended.
//
// Settings that make SimGrid 3.32 an exact fluid model: CM02 (rates are max-min fair shares of the links' bandwidths),
// no reverse traffic, no TCP window, no weights by round-trip time, events told apart down to 1e-12 s (by default
// 1e-5). Computation and latency are timers: nothing shares them. A transfer is created when it may start: SimGrid 3.32
// scans all that are created and not done whenever one ends.
#include <xbt/log.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "engine/simgrid/exchange.hpp"

namespace chipmix::engine {
namespace {

namespace s4u = simgrid::s4u;

constexpr double precision = 1e-12;      // s
constexpr double whole_units = 1e15;     // of the largest amount: SimGrid's sizes are whole numbers
constexpr double least = 1e-9;           // capacity of a link that is down: SimGrid wants some
constexpr double no_limit = 1e30;        // of the sink, per second
constexpr std::size_t most_kept = 4096;  // transfers that are done, until they are let go

s4u::Engine& quiet_engine() {
  static s4u::Engine engine("chipmix");
  xbt_log_control_set("root.thresh:error");
  s4u::Engine::set_config("network/model:CM02");
  s4u::Engine::set_config("network/crosstraffic:0");
  s4u::Engine::set_config("network/TCP-gamma:0");
  s4u::Engine::set_config("network/weight-S:0");
  s4u::Engine::set_config("surf/precision", precision);
  return engine;
}

/// One host for each set of links that a flow takes, in a star whose middle leads to one sink.
class Platform {
 public:
  Platform(const TaskList& list, double scale) : zone_(s4u::create_star_zone("cluster")) {
    for (double capacity : list.capacities()) now_.push_back(capacity * scale);
    std::vector<double> most = now_;
    for (const TaskList::Change& change : list.changes())
      most[change.link] = std::max(most[change.link], change.capacity * scale);
    for (std::size_t i = 0; i < most.size(); ++i) {
      links_.push_back(zone_->create_link("link" + std::to_string(i), most[i]));
      links_[i]->set_latency(0);
    }
    for (const TaskList::Change& change : list.changes()) follow(change, scale);
    for (s4u::Link* link : links_) link->seal();
    s4u::Link* drain = zone_->create_link("drain", no_limit);
    drain->set_latency(0)->set_sharing_policy(s4u::Link::SharingPolicy::FATPIPE)->seal();
    sink_ = host("sink");
    zone_->add_route(nullptr, sink_->get_netpoint(), nullptr, nullptr, {s4u::LinkInRoute(drain)}, false);
    for (int index = 0; index < list.size(); ++index) sources_.push_back(source(list, list.task(index)));
    zone_->seal();
  }
  s4u::Host* source_of(int task) const { return sources_[task]; }
  s4u::Host* sink() const { return sink_; }

 private:
  /// A link whose capacity changes has the most it ever has, and a rule that gives what it has now: SimGrid holds a
  /// transfer for ever to the bandwidth its links have when it starts.
  void follow(const TaskList::Change& change, double scale) {
    s4u::Link* link = links_[change.link];
    double& now = now_[change.link];
    if (link->get_sharing_policy() != s4u::Link::SharingPolicy::NONLINEAR)
      link->set_sharing_policy(s4u::Link::SharingPolicy::NONLINEAR, [&now](double, int) { return now; });
    const double then = std::max(least, change.capacity) * scale;
    simgrid::kernel::timer::Timer::set(change.time, [link, &now, then] {
      now = then;
      link->set_bandwidth(link->get_bandwidth());  // has the rates worked out again
    });
  }

  s4u::Host* host(const std::string& name) {
    s4u::Host* made = zone_->create_host(name, 1.0);  // computes nothing
    made->seal();
    return made;
  }

  s4u::Host* source(const TaskList& list, const Task& task) {
    if (!task.is_flow()) return nullptr;
    const std::vector<int> taken(list.links_of(task), list.links_of(task) + task.links);
    const auto [known, is_new] = by_links_.try_emplace(taken, nullptr);
    if (!is_new) return known->second;
    known->second = host("source" + std::to_string(by_links_.size()));
    std::vector<s4u::LinkInRoute> route;
    for (int link : taken) route.emplace_back(links_[link]);
    zone_->add_route(known->second->get_netpoint(), nullptr, nullptr, nullptr, route, false);
    return known->second;
  }

  s4u::NetZone* zone_;
  std::vector<s4u::Link*> links_;
  std::vector<double> now_;  ///< capacities
  std::map<std::vector<int>, s4u::Host*> by_links_;
  std::vector<s4u::Host*> sources_;
  s4u::Host* sink_ = nullptr;
};

double largest_amount(const TaskList& list) {
  double most = 0;
  for (int index = 0; index < list.size(); ++index)
    if (list.task(index).is_flow()) most = std::max(most, list.task(index).amount);
  return most > 0 ? most : 1;
}

class Player {
 public:
  explicit Player(const TaskList& list)
      : list_(list),
        order_(list.order()),
        engine_(quiet_engine()),
        scale_(whole_units / largest_amount(list)),
        platform_(list, scale_),
        spans_(list.size()) {
    s4u::Activity::on_completion_cb([this](const s4u::Activity& activity) {
      auto& ended = const_cast<s4u::Activity&>(activity);
      kept_.push_back(&ended);
      done(static_cast<int>(reinterpret_cast<std::uintptr_t>(ended.get_data<void>()) - 1));
    });
  }

  std::vector<Span> play() {
    for (int task = 0; task < list_.size(); ++task)
      if (order_.waits_for[task] == 0) start(task);
    engine_.run();
    if (played_ != list_.size()) throw std::runtime_error("tasks wait for one another in a circle");
    return spans_;
  }

 private:
  void start(int index) {
    const Task& task = list_.task(index);
    spans_[index].start = s4u::Engine::get_clock();
    if (!task.is_flow()) return after(task.amount, [this, index] { done(index); });
    if (task.latency > 0) return after(task.latency, [this, index] { send(index); });
    send(index);
  }

  template <class Action>
  static void after(double seconds, Action action) {
    simgrid::kernel::timer::Timer::set(s4u::Engine::get_clock() + seconds, std::move(action));
  }

  void send(int index) {
    const auto size = static_cast<std::uint64_t>(std::llround(list_.task(index).amount * scale_));
    if (size == 0) return after(0, [this, index] { done(index); });
    const s4u::CommPtr transfer = s4u::Comm::sendto_init(platform_.source_of(index), platform_.sink());
    transfer->set_payload_size(size);
    transfer->set_data(reinterpret_cast<void*>(static_cast<std::uintptr_t>(index) + 1));
    intrusive_ptr_add_ref(transfer.get());  // SimGrid holds none
    transfer->start();
  }

  void done(int index) {
    spans_[index].end = s4u::Engine::get_clock();
    ++played_;
    for (std::uint32_t at = order_.begin[index]; at < order_.begin[index + 1]; ++at)
      if (--order_.waits_for[order_.successors[at]] == 0) start(static_cast<int>(order_.successors[at]));
    if (kept_.size() > most_kept) let_go();
  }

  /// Not the youngest: their callbacks may still be running.
  void let_go() {
    const auto half = kept_.begin() + most_kept / 2;
    for (auto ended = kept_.begin(); ended != half; ++ended) intrusive_ptr_release(*ended);
    kept_.erase(kept_.begin(), half);
  }

  const TaskList& list_;
  TaskList::Order order_;
  s4u::Engine& engine_;
  double scale_;
  Platform platform_;
  std::vector<Span> spans_;
  std::vector<s4u::Activity*> kept_;
  int played_ = 0;
};

}  // namespace
}  // namespace chipmix::engine

int main() {
  try {
    const auto list = chipmix::engine::read_tasks(stdin);
    chipmix::engine::write_spans(stdout, chipmix::engine::Player(list).play());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::_Exit(1);
  }
  std::_Exit(0);  // SimGrid's own clearing up takes longer than the simulation
}
