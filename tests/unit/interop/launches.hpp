// Launches of public scripts (launches/*, each with its source), and what reading arguments says.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "interop/interop.hpp"

namespace chipmix::interop {

struct Launch {
  std::string file;
  Framework framework;
  std::string model;  ///< of the library, as found; empty: none has these sizes
  std::string plan;   ///< as plan::to_text() has it
};

inline const std::vector<Launch>& launches() {
  constexpr Framework megatron = Framework::megatron, mindspeed = Framework::mindspeed;
  static const std::vector<Launch> list = {
      {"megatron_gpt3_175b.sh", megatron, "", "TP8 PP16 DP1 mbs1 no-SP ZeRO-0"},
      {"megatron_llama3_8b.sh", megatron, "", "TP1 PP1 DP8 mbs1 ZeRO-1"},
      {"megatron_mixtral_8x7b.sh", megatron, "", "TP1 PP4 DP16 EP8 mbs1 vpp8 ZeRO-1"},
      {"megatron_mixtral_8x22b.yaml", megatron, "", "TP2 PP8 DP8 EP8 mbs1 ZeRO-1"},
      {"megatron_deepseek_v3_layout.sh", megatron, "", "TP2 PP8 DP64 EP64 mbs1 vpp4 ZeRO-1 recompute-selective"},
      {"megatron_deepseek_v3_ends.sh", megatron, "", "TP1 PP16 DP64 EP64 mbs1 ZeRO-1, 1 layer on the last stage"},
      {"megatron_qwen3_235b.sh", megatron, "", "TP2 PP8 DP16 EP32 mbs1 vpp4 ZeRO-1 recompute-selective"},
      {"megatron_nemotron4_340b.sh", megatron, "", "TP8 PP8 DP2 mbs1 vpp12 ZeRO-1"},
      {"mindspeed_llama3_70b.sh", mindspeed, "", "TP8 PP8 DP1 mbs1 ZeRO-0"},
      {"mindspeed_llama31_405b.sh", mindspeed, "", "TP16 PP8 DP1 mbs1 ZeRO-1 recompute-full"},
      {"mindspeed_qwen25_72b.sh", mindspeed, "qwen2.5-72b", "TP8 PP4 DP1 CP4 mbs1 ZeRO-1"},
      {"mindspeed_llama2_70b.sh", mindspeed, "llama-2-70b", "TP8 PP4 DP1 mbs1 vpp4 ZeRO-0"},
      {"mindspeed_deepseek_v3.sh", mindspeed, "deepseek-v3",
       "TP4 PP8 DP16 EP32 mbs1 ZeRO-1 recompute-full, 5 layers on the last stage"},
      {"mindspeed_qwen3_235b.sh", mindspeed, "",
       "TP2 PP4 DP32 EP64 mbs1 vpp3 ZeRO-1 recompute-full, 22 layers on the last stage"},
      {"mindspeed_glm45_air.sh", mindspeed, "glm-4.5-air", "TP1 PP4 DP32 EP16 mbs1 ZeRO-1 recompute-full"},
  };
  return list;
}

inline std::string text_of(const Launch& launch) {
  std::ifstream stream(CHIPMIX_SOURCE_DIR "/tests/unit/interop/launches/" + launch.file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline Imported import(Framework framework, const std::string& text, const std::string& file = "run.sh") {
  scenario::Library library;
  return import_arguments(framework, file, text, library);
}

inline std::vector<Diagnostic> faults(Framework framework, const std::string& text,
                                      const std::string& file = "run.sh") {
  try {
    import(framework, text, file);
  } catch (const InputError& error) {
    return error.diagnostics();
  }
  return {};
}

/// Whether a fault says the words, and where: "7:5".
inline std::string place_of(const std::vector<Diagnostic>& faults, const std::string& words) {
  for (const Diagnostic& fault : faults)
    if (to_text(fault).find(words) != std::string::npos)
      return std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column);
  return "nowhere";
}

/// A job that a plan file's plan is for; the model by its sizes where the library has none.
inline workload::TrainingJob job_of(const scenario::PlanFile& file) {
  int layers = 0;
  for (const auto& stage : file.lanes.front().stages)
    for (const int count : stage.layers) layers += count;
  workload::ModelSpec model = file.model.empty() ? support::dense(layers) : support::load_model(file.model);
  if (file.model.empty() && file.lanes.front().stages.front().expert > 1) {
    model = support::mixture(layers);
    model.moe->experts = 128;
  }
  return {std::move(model), *file.sequence_length, *file.global_batch, 1e12, *file.dtype};
}

/// The plan of a plan file, on as many H100 as it has ranks.
inline plan::ParallelPlan plan_of(const scenario::PlanFile& file, const workload::TrainingJob& job) {
  int ranks = 0;
  for (const auto& stage : file.lanes.front().stages) ranks += stage.tensor * stage.context * stage.data;
  scenario::Scenario scenario;
  scenario.job = job;
  scenario::Option option;
  option.name = "test";
  option.dtype = job.dtype;
  option.cluster = support::h100s(ranks);
  return scenario::read_plan_file(io::Document::parse("plan.json", scenario::plan_file_text(file)), scenario, option)
      .lanes.front();
}

}  // namespace chipmix::interop
