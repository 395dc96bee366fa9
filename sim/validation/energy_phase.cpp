#include "validation/energy_phase.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "base/lower_case.hpp"

namespace chipmix::validation {
namespace {

using Word = std::pair<const char*, Phase>;

/// The first that is found decides: "decode attention (memory-bound)" streams the cache, "TF32 GEMM" is no vector work.
constexpr Word words[] = {{"copies", Phase::waiting},
                          {"idle", Phase::idle},
                          {"checkpoint", Phase::checkpoint},
                          {"infrastructure", Phase::other},
                          {"inference", Phase::other},
                          {"burn", Phase::matrix},
                          {"gemm", Phase::matrix},
                          {"matmul", Phase::matrix},
                          {"linpack", Phase::matrix},
                          {"decode", Phase::memory},
                          {"attention", Phase::attention},
                          {"all-reduce", Phase::communication},
                          {"allreduce", Phase::communication},
                          {"all-gather", Phase::communication},
                          {"all-to-all", Phase::communication},
                          {"nccl", Phase::communication},
                          {"two servers", Phase::communication},
                          {"smallest kernels", Phase::waiting},
                          {"launch-bound", Phase::waiting},
                          {"vector", Phase::other},
                          {"fp32", Phase::other},
                          {"memory", Phase::memory},
                          {"bandwidth", Phase::memory},
                          {"gb/s", Phase::memory}};

/// Jobs whose size does not grow with the devices: fine-tuning and the smaller benchmarks of MLPerf training.
constexpr std::array fixed_jobs = {"lora",      "fine-tun", "bert", "resnet", "retinanet", "ssd",
                                   "diffusion", "unet",     "dlrm", "gnn",    "mask",      "rnn"};
constexpr std::array liquid = {"immersion", "cold plate", "cold-plate", "water-cooled", "water cooled",
                               "liquid",    "dlc",        "smc",        "hypercube",    "neptune"};
constexpr double largest_server = 8;

bool has(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

}  // namespace

const char* name(Phase phase) {
  constexpr std::array names = {"matrix products", "attention",         "memory-bound", "communication",
                                "waiting",         "checkpoint",        "idle",         "training in one server",
                                "pre-training",    "job of fixed size", "other"};
  return names.at(static_cast<std::size_t>(phase));
}

Phase phase_of(const EnergyRow& row) {
  for (const std::string& text : {lower_case(row.model.empty() ? row.conditions : row.model), lower_case(row.id)})
    for (const auto& [word, phase] : words)
      if (has(text, word)) return phase;
  if (row.devices && *row.devices <= largest_server) return Phase::one_server;
  const std::string text = lower_case(row.model);
  const bool is_fixed = std::any_of(fixed_jobs.begin(), fixed_jobs.end(), [&](auto* word) { return has(text, word); });
  return is_fixed && row.devices ? Phase::fixed_job : Phase::pretraining;
}

bool is_liquid_cooled(const EnergyRow& row) {
  const std::string text = lower_case(row.id + " " + row.conditions);
  return std::any_of(liquid.begin(), liquid.end(), [&](auto* word) { return has(text, word); });
}

}  // namespace chipmix::validation
