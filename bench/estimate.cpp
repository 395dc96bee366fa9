// How long does one plan take, with its time ledger and the memory ledger of every stage? Cold: nothing is known but
// the job and the machines. Again: blocks are remembered from plans before it, as in a search.
#include <benchmark/benchmark.h>

#include "benchmarks.hpp"
#include "engine/analytical/analytical.hpp"
#include "plan/lower.hpp"
#include "questions.hpp"

namespace chipmix::bench {
namespace {

/// Megatron's 175B row (arXiv:2205.05198, table 5), the plan Calculon ships as its example.
Question gpt3_175b() {
  return question(written(R"({"model": "gpt-3-175b", "sequence_length": 2048, "global_batch": 64, "tokens": "1T",
                              "dtype": "bf16"})",
                          R"({"device": "a100-sxm4-80gb", "devices": 64, "fabric": "rail-optimised-non-blocking"})",
                          R"({"tensor": 8, "pipeline": 8, "interleave": 3, "micro_batch": 1, "recompute": "selective",
                              "zero": "none"})"),
                  "it");
}

Question llama_405b(int devices, int global_batch) {
  return question(written(R"({"model": "llama-3.1-405b", "sequence_length": 8192, "global_batch": )" +
                              std::to_string(global_batch) + R"(, "tokens": "1T", "dtype": "bf16"})",
                          R"({"device": "b200-sxm-180gb", "fabric": "rail-optimised-non-blocking", "devices": )" +
                              std::to_string(devices) + "}",
                          R"({"tensor": 8, "pipeline": 16, "micro_batch": 1, "recompute": "selective",
                              "zero": "optimizer"})"),
                  "it");
}

Question deepseek_v3() {
  io::Document document =
      shipped("deepseek_v3_h800").with("options.searched.plan", R"({"pipeline": 16, "expert": 64, "micro_batch": 1,
                                                                 "recompute": "full", "zero": "optimizer"})");
  return question(document, "searched");
}

Question ling_plus() {
  io::Document document =
      shipped("ling_plus")
          .with("options.D.plan",
                R"({"pipeline": 16, "context": 2, "expert": 4, "micro_batch": 1, "zero": "optimizer"})");
  return question(document, "D");
}

void estimate_once(plan::Lowering& lowering, engine::AnalyticalEngine& engine, const Question& question,
                   benchmark::State& state) {
  const auto outcome = engine.estimate(lowering.lower(question.plan, question.cluster));
  if (!std::holds_alternative<estimate::Estimate>(outcome)) state.SkipWithError("the plan does not fit");
  benchmark::DoNotOptimize(&outcome);
}

void cold(benchmark::State& state, const Question& question) {
  for (auto _ : state) {
    plan::Lowering lowering(question.job);
    engine::AnalyticalEngine engine(question.cluster);
    estimate_once(lowering, engine, question, state);
  }
}

void again(benchmark::State& state, const Question& question) {
  plan::Lowering lowering(question.job);
  engine::AnalyticalEngine engine(question.cluster);
  for (auto _ : state) estimate_once(lowering, engine, question, state);
}

}  // namespace

void register_estimates() {
  const std::pair<const char*, Question> cases[] = {{"gpt3-175b/64 A100/TP8 PP8 vpp3", gpt3_175b()},
                                                    {"llama-405b/2048 B200/TP8 PP16 DP16", llama_405b(2048, 2048)},
                                                    {"llama-405b/16384 B200/TP8 PP16 DP128", llama_405b(16384, 2048)},
                                                    {"deepseek-v3/2048 H800/PP16 DP128 EP64", deepseek_v3()},
                                                    {"ling-plus/1024 D/PP16 DP32 CP2 EP4", ling_plus()}};
  for (const auto& [name, question] : cases) {
    benchmark::RegisterBenchmark((std::string("cold/") + name).c_str(), cold, question)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark((std::string("again/") + name).c_str(), again, question)
        ->Unit(benchmark::kMicrosecond);
  }
}

}  // namespace chipmix::bench
