// How long does the search of an option take, on one thread, and how many legal plans does it decide on per second?
#include <benchmark/benchmark.h>

#include "benchmarks.hpp"
#include "questions.hpp"

namespace chipmix::bench {
namespace {

void search(benchmark::State& state, const Question& question) {
  planner::SearchResult result;
  for (auto _ : state) result = planner::search(question.space, question.job, question.cluster, 1);
  const auto rate = [&](long long plans) {
    return benchmark::Counter(static_cast<double>(plans), benchmark::Counter::kIsIterationInvariantRate);
  };
  state.counters["plans"] = static_cast<double>(result.considered);
  state.counters["plans/s"] = rate(result.considered);
  state.counters["costed/s"] = rate(result.fitting);
}

}  // namespace

void register_searches() {
  const std::pair<const char*, const char*> options[] = {
      {"ling_plus", "A"},         {"ling_plus", "B"},       {"ling_plus", "C"},
      {"ling_plus", "D"},         {"ling_plus", "E"},       {"llama31_405b", "h100"},
      {"llama31_405b", "mi325x"}, {"llama31_405b", "910c"}, {"deepseek_v3_h800", "searched"}};
  for (const auto& [scenario, option] : options)
    benchmark::RegisterBenchmark((std::string("search/") + scenario + "/" + option).c_str(), search,
                                 question(shipped(scenario), option))
        ->Unit(benchmark::kMillisecond);
}

}  // namespace chipmix::bench
