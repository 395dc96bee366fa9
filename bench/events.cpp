// How long does a step take to play event by event? The step of tests/support/events.hpp, whose length is known, on 16
// stages with 128 micro-batches; and flows that all share links with one another.
#include "../tests/support/events.hpp"

#include <benchmark/benchmark.h>

#include <random>

#include "benchmarks.hpp"
#include "engine/event/event_player.hpp"
#include "engine/event/rounds.hpp"

namespace chipmix::bench {
namespace {

void step(benchmark::State& state) {
  const int replicas = static_cast<int>(state.range(0));
  double end = 0;
  int tasks = 0;
  for (auto _ : state) {
    const engine::TaskList list = support::training_step(16, replicas, 128);
    tasks = list.size();
    for (const engine::Span& span : engine::play_events(list)) end = std::max(end, span.end);
  }
  state.counters["step_ms"] = 1e3 * end;
  state.counters["tasks/s"] = {static_cast<double>(tasks), benchmark::Counter::kIsIterationInvariantRate};
}

/// Flows of different sizes, each from a random one of so many ports to another: one group until the end.
void dense(benchmark::State& state) {
  const int flows = static_cast<int>(state.range(0)), ports = flows / 8;
  std::mt19937 random(1);
  engine::TaskList list;
  for (int port = 0; port < 2 * ports; ++port) list.link(1);
  std::uniform_int_distribution<int> any(0, ports - 1);
  std::uniform_real_distribution<double> size(0.5, 1.5);
  for (int flow = 0; flow < flows; ++flow) list.flow(size(random), {any(random), ports + any(random)});
  for (auto _ : state) benchmark::DoNotOptimize(engine::play_events(list));
}

/// An all-reduce of so many ranks round a ring, message by message: 2 (n - 1) n of them. With one port of another width
/// no two rounds are alike, and every message is played.
void ring(benchmark::State& state, double one_port) {
  const int ranks = static_cast<int>(state.range(0));
  constexpr double gigabyte = 0x1p30, rate = 50e9, latency = 5e-6;
  engine::MemberLinks links;
  for (int rank = 0; rank < ranks; ++rank) links.members.push_back({2 * rank, 2 * rank + 1});
  links.capacities.assign(2 * static_cast<std::size_t>(ranks), rate);
  links.capacities.front() *= one_port;
  double end = 0;
  for (auto _ : state)
    end = engine::play_rounds(engine::rounds(engine::Pattern::ring, ranks), gigabyte, latency, links);
  state.counters["all_reduce_ms"] = 1e3 * end;
  state.counters["messages/s"] = {2.0 * (ranks - 1) * ranks, benchmark::Counter::kIsIterationInvariantRate};
}

}  // namespace

void register_events() {
  benchmark::RegisterBenchmark("events/step/replicas", step)->Arg(1)->Arg(32)->Arg(256)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("events/dense/flows", dense)
      ->Arg(256)
      ->Arg(1024)
      ->Arg(4096)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("events/ring/ranks", ring, 1.0)->Arg(512)->Arg(4096)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("events/ring/uneven", ring, 0.9)->Arg(512)->Arg(4096)->Unit(benchmark::kMillisecond);
}

}  // namespace chipmix::bench
