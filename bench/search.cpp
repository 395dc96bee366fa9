// How long does the search of an option take, on one thread and on two, and how many legal plans does it decide on per
// second? How many plans are evaluated a second, and how many uneven schedules played?
#include <benchmark/benchmark.h>

#include "benchmarks.hpp"
#include "planner/searcher.hpp"
#include "questions.hpp"

namespace chipmix::bench {
namespace {

benchmark::Counter rate(double count) { return {count, benchmark::Counter::kIsIterationInvariantRate}; }

/// Asked for the first time: nothing is known but the job and the machines.
void search(benchmark::State& state, const Question& question) {
  planner::SearchLimits effort;
  effort.jobs = static_cast<int>(state.range(0));
  planner::SearchResult result;
  for (auto _ : state) result = planner::search(question.space, question.job, question.cluster, effort);
  state.counters["plans"] = static_cast<double>(result.considered);
  state.counters["plans/s"] = rate(static_cast<double>(result.considered));
  state.counters["played"] = static_cast<double>(result.evaluated);
}

/// Asked again, for batches around the job's: blocks are remembered.
void search_again(benchmark::State& state, const Question& question) {
  planner::Searcher searcher(question.space, question.job, question.cluster);
  long long plans = 0;
  for (int batch = question.job.global_batch; auto _ : state) {
    plans += searcher.search(batch).considered;
    batch = batch == question.job.global_batch ? batch / 2 : question.job.global_batch;
  }
  state.counters["plans/s"] = {static_cast<double>(plans), benchmark::Counter::kIsRate};
}

/// Memory and bound of every legal plan, blocks remembered: what a search does with all but a few of its plans.
void bounds(benchmark::State& state, const Question& question) {
  const auto& group = question.cluster.groups.front();
  const auto plans =
      planner::candidates(planner::fill_defaults(question.space, question.job, group), question.job, group);
  planner::Evaluator evaluator(question.job, question.cluster);
  const Bytes room = group.device.memory.value / group.device.ranks;
  double sum = 0;
  for (auto _ : state)
    for (const plan::UniformPlan& plan : plans) {
      evaluator.take(plan, question.job.global_batch);
      if (evaluator.fits(room)) sum += evaluator.bound();
    }
  benchmark::DoNotOptimize(sum);
  state.counters["plans/s"] = rate(static_cast<double>(plans.size()));
}

/// No two stages alike, as where kinds of chip share a pipeline.
void play(benchmark::State& state, plan::PipelineShape shape) {
  std::vector<engine::StageTimes> stages(shape.stages);
  for (int stage = 0; stage < shape.stages; ++stage) {
    stages[stage].send = 0.01 * (stage % 5);
    for (int chunk = 0; chunk < shape.interleave; ++chunk) {
      stages[stage].forward.push_back(1 + 0.1 * ((7 * stage + 3 * chunk) % 11));
      stages[stage].backward.push_back(2 + 0.2 * ((5 * stage + chunk) % 7));
      stages[stage].weight.push_back(1);
    }
  }
  engine::PipelinePlayer player;
  for (auto _ : state) benchmark::DoNotOptimize(player.play(shape, stages));
  state.counters["schedules/s"] = rate(1);
  state.counters["passes/s"] = rate(2.0 * shape.stages * shape.interleave * shape.micro_batches);
}

void register_plays() {
  using plan::ScheduleKind;
  const std::pair<const char*, plan::PipelineShape> shapes[] = {
      {"1f1b/8x32", {8, 1, 32, ScheduleKind::one_f_one_b}},
      {"1f1b/16x64", {16, 1, 64, ScheduleKind::one_f_one_b}},
      {"1f1b/16x512", {16, 1, 512, ScheduleKind::one_f_one_b}},
      {"interleaved/8x32x4", {8, 4, 32, ScheduleKind::interleaved}},
      {"zb-h1/8x32", {8, 1, 32, ScheduleKind::zb_h1}}};
  for (const auto& [name, shape] : shapes)
    benchmark::RegisterBenchmark((std::string("play/uneven/") + name).c_str(), play, shape)
        ->Unit(benchmark::kMicrosecond);
}

}  // namespace

void register_searches() {
  const std::pair<const char*, const char*> options[] = {{"gpt3_175b_a100", "calculon"},
                                                         {"gpt3_175b_a100", "all"},
                                                         {"ling_plus", "A"},
                                                         {"ling_plus", "B"},
                                                         {"ling_plus", "C"},
                                                         {"ling_plus", "D"},
                                                         {"ling_plus", "E"},
                                                         {"llama31_405b", "h100"},
                                                         {"llama31_405b", "mi325x"},
                                                         {"llama31_405b", "910c"},
                                                         {"deepseek_v3_h800", "searched"}};
  for (const auto& [scenario, option] : options) {
    const std::string name = std::string(scenario) + "/" + option;
    const Question asked = question(shipped(scenario), option);
    benchmark::RegisterBenchmark(("search/" + name).c_str(), search, asked)
        ->ArgName("jobs")
        ->Arg(1)
        ->Arg(2)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    benchmark::RegisterBenchmark(("again/" + name).c_str(), search_again, asked)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("bounds/" + name).c_str(), bounds, asked)->Unit(benchmark::kMillisecond);
  }
  register_plays();
}

}  // namespace chipmix::bench
