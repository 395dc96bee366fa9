// From arguments to a plan file: the other way of describe.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "interop/given.hpp"
#include "scenario/library.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::interop {

/// Layers of every chunk in pipeline order (stage 0's first chunk, stage 1's first chunk, ...), without those that do
/// nothing. Nothing if a fault was recorded.
std::optional<std::vector<int>> chunk_layers(const Given& given);

/// The plan, without its model's name. What contradicts itself, or has no like here, is a fault.
scenario::PlanFile understand_plan(Given& given);

/// What is recomputed, waits in host memory, or changes the bytes of a weight; `counts`: layers of each chunk.
void understand_memory(Given& given, const std::vector<int>& counts, int stages, scenario::PlanLaneSpec& lane,
                       scenario::PlanFile& file);

/// Of what a layer keeps for its backward pass, the shares of its parts.
struct KeptShares {
  double attention = 0;   ///< all inside the attention: its input, queries, keys, values, latents, output
  double input = 0;       ///< of that its input alone
  double qkv = 0;         ///< queries, keys and values
  double output = 0;      ///< what the projection takes
  double mlp = 0;         ///< inside the MLP or the experts
  double mlp_input = 0;   ///< of that its input, for each expert of a token
  double gates = 0;       ///< what the activation function takes
  double activation = 0;  ///< what it makes
  double norms = 0;       ///< inputs of the two norms
};
KeptShares kept_shares(const Arguments& arguments);

/// Id of the library's model that has the sizes which the arguments state; empty, with a remark that names the nearest
/// one and what differs, if there is none.
std::string understand_model(Given& given, scenario::Library& library);

}  // namespace chipmix::interop
