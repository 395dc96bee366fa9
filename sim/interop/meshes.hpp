// FlagScale's process meshes: a pipeline whose runs of stages have degrees and devices of their own
// (https://github.com/FlagOpen/FlagScale, flagscale/train/arguments.py and hetero/parallel_context.py).
#pragma once

#include <string>
#include <vector>

#include "interop/given.hpp"
#include "plan/plan.hpp"

namespace chipmix::interop {

struct Mesh {
  plan::Degrees degrees;
  int stages = 1;
  std::string device;  ///< its type; may be empty
};

/// The meshes of the arguments; none, and a fault, if they contradict themselves or each other.
std::vector<Mesh> read_meshes(const Given& given);

/// Layers of each stage: as the file splits them, or evenly. Nothing if a fault was recorded.
std::vector<int> mesh_layers(const Given& given, int stages);

}  // namespace chipmix::interop
