// How long does it take to read a scenario with the profiles and the model it names, and how long to answer one?
#include <benchmark/benchmark.h>

#include "benchmarks.hpp"
#include "questions.hpp"
#include "scenario/answer.hpp"

namespace chipmix::bench {
namespace {

const std::string path = CHIPMIX_SOURCE_DIR "/scenarios/ling_plus.json";

void read(benchmark::State& state) {
  for (auto _ : state) {
    scenario::Library library;
    const auto scenario = scenario::read_scenario(io::Document::load(path), library);
    benchmark::DoNotOptimize(&scenario);
  }
}

void compare(benchmark::State& state) {
  scenario::Library library;
  const io::Document document = io::Document::load(path);
  const auto scenario = scenario::read_scenario(document, library);
  const scenario::Settings settings{static_cast<int>(state.range(0)), 1, {}};
  for (auto _ : state) benchmark::DoNotOptimize(scenario::compare(scenario, document, library, settings));
}

}  // namespace

void register_readings() {
  benchmark::RegisterBenchmark("read/ling_plus", read)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("compare/ling_plus/jobs", compare)
      ->Arg(1)
      ->Arg(2)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace chipmix::bench
