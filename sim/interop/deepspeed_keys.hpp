// The keys of DeepSpeed's configuration (https://www.deepspeed.ai/docs/config-json/; deepspeed/runtime/constants.py and
// zero/config.py of https://github.com/microsoft/DeepSpeed), and what they say.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/value.hpp"

namespace chipmix::interop::deepspeed {

inline constexpr int most = 1 << 18;

struct Settings {
  std::optional<int> batch, micro_batch, accumulation, stage, stages, tensor, sequence_ranks, group;
  std::optional<bool> fp16, bf16;
  double states_in_host = 0, weights_in_host = 0;
  std::optional<double> weight_bytes, gradient_bytes, optimizer_bytes;
  std::vector<std::pair<std::string, io::Value>> automatic{};  ///< keys that are "auto"
};

struct Key {
  std::string path;                                         ///< "zero_optimization.stage"
  std::function<void(const io::Value&, Settings&)> read{};  ///< none: the key is ignored
};

const std::vector<Key>& keys();

}  // namespace chipmix::interop::deepspeed
