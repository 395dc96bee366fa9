#include "validation/device_family.hpp"

#include <array>

namespace chipmix::validation {
namespace {

// Dies: makers' names of architecture and part. A800, H800 and H20 are A100 and H100 dies with less of something, H200
// and GH200 the H100 die with other memory, B300 a revised B200 (docs/hardware.md). MI300X, MI308X, MI325X are CDNA 3;
// MI350X, MI355X CDNA 4 (https://www.amd.com/en/technologies/cdna.html). A 910C is two 910B dies (profile, power). What
// the Ling report's devices are taken for stands in their profiles.
constexpr std::array<DeviceFamily, 43> table{{
    {"a100", "A100, A800", "A100", "NVIDIA"},
    {"a800", "A100, A800", "A100", "NVIDIA"},
    {"h100", "H100", "Hopper", "NVIDIA"},
    {"h800", "H800", "Hopper", "NVIDIA"},
    {"h20-", "H20", "Hopper", "NVIDIA"},
    {"h200", "H200", "Hopper", "NVIDIA"},
    {"gh200", "GH200", "Hopper", "NVIDIA"},
    {"b200", "B200, B300", "Blackwell", "NVIDIA"},
    {"b300", "B200, B300", "Blackwell", "NVIDIA"},
    {"gb200", "GB200", "Blackwell", "NVIDIA"},
    {"gb300", "GB300", "Blackwell", "NVIDIA"},
    {"v100", "V100", "Volta", "NVIDIA"},
    {"t4", "other", "Turing", "NVIDIA"},
    {"rtx-20", "RTX", "Turing", "NVIDIA"},
    {"titan", "RTX", "Turing", "NVIDIA"},
    {"rtx-30", "RTX", "GeForce Ampere", "NVIDIA"},
    {"rtx", "RTX", "Ada", "NVIDIA"},
    {"l20", "L20, L40S", "Ada", "NVIDIA"},
    {"l40", "L20, L40S", "Ada", "NVIDIA"},
    {"ascend-910b", "Ascend", "Ascend 910B", "Huawei"},
    {"ascend-910c", "Ascend", "Ascend 910B", "Huawei"},
    {"ascend-950", "Ascend", "Ascend 950", "Huawei"},
    {"ascend-960", "Ascend", "Ascend 960", "Huawei"},
    {"ascend", "Ascend", "Ascend 910", "Huawei"},
    {"mi2", "AMD Instinct", "CDNA 2", "AMD"},
    {"mi35", "AMD Instinct", "CDNA 4", "AMD"},
    {"mi3", "AMD Instinct", "CDNA 3", "AMD"},
    {"mi", "AMD Instinct", "", "AMD"},
    {"gaudi2", "Gaudi", "Gaudi 2", "Intel"},
    {"gaudi", "Gaudi", "Gaudi 3", "Intel"},
    {"tpu-v5p", "TPU", "TPU v5p", "Google"},
    {"tpu", "TPU", "TPU v6e", "Google"},
    {"trainium", "Trainium", "Trainium 2", "AWS"},
    {"mtt-s4", "Moore Threads", "MTT S4000", "Moore Threads"},
    {"mtt", "Moore Threads", "MTT S5000", "Moore Threads"},
    {"metax-c5", "other", "MetaX C500", "MetaX"},
    {"t-head-ppu", "other", "T-Head PPU", "Alibaba T-Head"},
    {"mixed", "mixed devices", "", ""},
    {"ling-device-a", "other", "Ascend 910B", "Huawei", true},
    {"ling-device-b", "other", "T-Head PPU", "Alibaba T-Head", true},
    {"ling-device-c", "other", "A100", "NVIDIA", true},
    {"ling-device-d", "other", "Hopper", "NVIDIA", true},
    {"ling-device-e", "other", "Hopper", "NVIDIA", true},
}};

}  // namespace

const DeviceFamily* device_family(std::string_view device) {
  for (const DeviceFamily& row : table)
    if (device.starts_with(row.start)) return &row;
  return nullptr;
}

}  // namespace chipmix::validation
