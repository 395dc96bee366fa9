#include "validation/groups.hpp"

#include <utility>

#include "hardware/device_family.hpp"

namespace chipmix::validation {
namespace {

using Family = std::pair<std::string_view, std::string_view>;

/// Beginnings of device ids and the family they belong to; the first that fits decides.
constexpr Family families[] = {
    {"a100", "A100"},
    {"a800", "A800"},
    {"h100", "H100"},
    {"h200", "H200"},
    {"gh200", "GH200"},
    {"h800", "H800"},
    {"h20", "H20"},
    {"gb200", "GB200/GB300"},
    {"gb300", "GB200/GB300"},
    {"b200", "B200/B300"},
    {"b300", "B200/B300"},
    {"mi2", "MI2xx"},
    {"mi3", "MI3xx"},
    {"ascend", "Ascend"},
    {"mixed", "mixed"},
    {"v100", "V100"},
    {"t4", "T4"},
    {"l20", "L20, L40S"},
    {"l40", "L20, L40S"},
    {"rtx", "GeForce, Titan"},
    {"titan", "GeForce, Titan"},
    {"gaudi", "Gaudi"},
    {"tpu", "TPU"},
    {"trainium", "Trainium"},
    {"mtt", "Moore Threads"},
    {"metax", "MetaX"},
    {"t-head", "T-Head"},
    {"mlu", "Cambricon"},
    {"kunlun", "Kunlunxin"},
    {"biren", "Biren"},
    {"iluvatar", "Iluvatar"},
    {"hygon", "Hygon"},
    {"ling-device", "Ling report"},
};

}  // namespace

std::string family_of(std::string_view device) {
  for (const auto& [start, family] : families)
    if (device.starts_with(start)) return std::string(family);
  return "other";
}

std::string die_of(const std::string& device) {
  const hardware::DeviceFamily* family = hardware::device_family(device);
  return family ? family->die : device;
}

std::string class_of(const PublishedRun& run) {
  if (run.tier == "lora") return "LoRA";
  return run.model.moe ? "MoE" : "dense";
}

std::string family_group_of(const PublishedRun& run) {
  const std::string family = family_of(run.cluster.device), kind = class_of(run);
  if (kind == "LoRA") return "LoRA, " + family;
  return kind == "MoE" ? family + ", MoE" : family;
}

std::string project_of(const PublishedRun& run) {
  if (!run.project.empty()) return run.project;
  return run.source.title.empty() ? "not said" : run.source.title;
}

}  // namespace chipmix::validation
