#include "interop/meshes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "interop/arithmetic.hpp"
#include "interop/layer_lists.hpp"

namespace chipmix::interop {
namespace {

constexpr const char* meshes_flag = "--hetero-process-meshes";
constexpr const char* split_flag = "--hetero-pipeline-layer-split";
constexpr std::size_t numbers_of_a_mesh = 5;  // TP, CP, EP, DP, PP
constexpr int most_ranks = 1 << 20;

/// "[2, 1, 1]", "2,1,1" or words.
std::optional<std::vector<int>> numbers(const std::vector<std::string>& words) {
  std::string text = fmt::format("{}", fmt::join(words, ","));
  std::erase_if(text, [](char c) { return c == '[' || c == ']' || c == ' '; });
  auto list = read_numbers(text);
  if (!list || std::any_of(list->begin(), list->end(), [](int n) { return n < 0 || n > most_ranks; }))
    return std::nullopt;
  return list;
}

}  // namespace

std::vector<Mesh> read_meshes(const Given& given) {
  const Arguments& a = given.values();
  const auto list = numbers(a.meshes);
  if (!list || list->empty() || list->size() % numbers_of_a_mesh != 0 ||
      *std::min_element(list->begin(), list->end()) < 1) {
    given.fault_at(meshes_flag, "process meshes are five numbers each: TP, CP, EP, DP, PP",
                   "[2, 1, 1, 4, 1, 4, 1, 1, 2, 1]");
    return {};
  }
  const std::size_t count = list->size() / numbers_of_a_mesh;
  if (!a.mesh_devices.empty() && a.mesh_devices.size() != count) {
    given.fault_at("--hetero-device-types", fmt::format("{} device types for {} meshes", a.mesh_devices.size(), count));
    return {};
  }
  const auto cuts = a.mesh_cuts.empty() ? std::nullopt : numbers(a.mesh_cuts);
  std::vector<Mesh> meshes;
  for (std::size_t i = 0; i < count; ++i) {
    const int* n = list->data() + i * numbers_of_a_mesh;
    Mesh mesh{{n[0], n[1], n[2], n[3]}, n[4], a.mesh_devices.empty() ? "" : a.mesh_devices[i]};
    if (a.experts.value_or(0) > 0) mesh.degrees.expert_tensor = cuts && i < cuts->size() ? (*cuts)[i] : n[0];
    meshes.push_back(std::move(mesh));
  }
  int stages = 0;
  for (const Mesh& mesh : meshes) {
    stages += std::min(mesh.stages, most_ranks);
    if (mesh.degrees.context != meshes.front().degrees.context)
      given.fault_at(meshes_flag, "meshes with different context parallelism: FlagScale has one for all");
    const long long split = 1LL * mesh.degrees.expert * mesh.degrees.expert_tensor;
    if (1LL * mesh.degrees.tensor * mesh.degrees.context * mesh.degrees.data % std::max(1LL, split) != 0)
      given.fault_at(meshes_flag, fmt::format("EP {} x {} ranks that cut an expert do not divide the mesh's ranks",
                                              mesh.degrees.expert, mesh.degrees.expert_tensor));
  }
  if (a.pipeline && *a.pipeline != stages)
    given.fault_at(meshes_flag, fmt::format("the meshes have {} stages, --pipeline-model-parallel-size says {}", stages,
                                            *a.pipeline));
  return given.clean() ? meshes : std::vector<Mesh>{};
}

std::vector<int> mesh_layers(const Given& given, int stages) {
  const Arguments& a = given.values();
  const auto fault = [&](std::string message) {
    given.fault_at(split_flag, std::move(message));
    return std::vector<int>{};
  };
  const int layers = a.layers.value_or(0);
  if (a.mesh_layers.empty()) {
    if (layers % stages != 0) return fault(fmt::format("{} layers cannot be divided over {} stages", layers, stages));
    return std::vector<int>(stages, layers / stages);
  }
  const auto list = numbers(a.mesh_layers);
  if (!list || static_cast<int>(list->size()) != stages)
    return fault(fmt::format("the split has {} numbers, the meshes {} stages", list ? list->size() : 0, stages));
  const int sum = std::accumulate(list->begin(), list->end(), 0);
  if (sum != layers) return fault(fmt::format("the split has {} layers, --num-layers says {}", sum, layers));
  return *list;
}

}  // namespace chipmix::interop
