#include "hardware/device_family.hpp"

#include <array>

namespace chipmix::hardware {
namespace {

// Dies: makers' names of architecture and part. A800, H800 and H20 are A100 and H100 dies with less of something, H200
// and GH200 the H100 die with other memory, B300 a revised B200 (docs/hardware.md). MI300X, MI308X, MI325X are CDNA 3;
// MI350X, MI355X CDNA 4 (https://www.amd.com/en/technologies/cdna.html). A 910C is two 910B dies (profile, power). What
// the Ling report's devices are taken for stands in their profiles.
constexpr std::array<DeviceFamily, 42> table{{
    {"a100", "A100", "NVIDIA"},
    {"a800", "A100", "NVIDIA"},
    {"h100", "Hopper", "NVIDIA"},
    {"h800", "Hopper", "NVIDIA"},
    {"h20-", "Hopper", "NVIDIA"},
    {"h200", "Hopper", "NVIDIA"},
    {"gh200", "Hopper", "NVIDIA"},
    {"b200", "Blackwell", "NVIDIA"},
    {"b300", "Blackwell", "NVIDIA"},
    {"gb200", "Blackwell", "NVIDIA"},
    {"gb300", "Blackwell", "NVIDIA"},
    {"v100", "Volta", "NVIDIA"},
    {"t4", "Turing", "NVIDIA"},
    {"rtx-20", "Turing", "NVIDIA"},
    {"titan", "Turing", "NVIDIA"},
    {"rtx-30", "GeForce Ampere", "NVIDIA"},
    {"rtx", "Ada", "NVIDIA"},
    {"l20", "Ada", "NVIDIA"},
    {"l40", "Ada", "NVIDIA"},
    {"ascend-910b", "Ascend 910B", "Huawei"},
    {"ascend-910c", "Ascend 910B", "Huawei"},
    {"ascend-950", "Ascend 950", "Huawei"},
    {"ascend-960", "Ascend 960", "Huawei"},
    {"ascend", "Ascend 910", "Huawei"},
    {"mi2", "CDNA 2", "AMD"},
    {"mi35", "CDNA 4", "AMD"},
    {"mi3", "CDNA 3", "AMD"},
    {"mi", "", "AMD"},
    {"gaudi2", "Gaudi 2", "Intel"},
    {"gaudi", "Gaudi 3", "Intel"},
    {"tpu-v5p", "TPU v5p", "Google"},
    {"tpu", "TPU v6e", "Google"},
    {"trainium", "Trainium 2", "AWS"},
    {"mtt-s4", "MTT S4000", "Moore Threads"},
    {"mtt", "MTT S5000", "Moore Threads"},
    {"metax-c5", "MetaX C500", "MetaX"},
    {"t-head-ppu", "T-Head PPU", "Alibaba T-Head"},
    {"ling-device-a", "Ascend 910B", "Huawei", true},
    {"ling-device-b", "T-Head PPU", "Alibaba T-Head", true},
    {"ling-device-c", "A100", "NVIDIA", true},
    {"ling-device-d", "Hopper", "NVIDIA", true},
    {"ling-device-e", "Hopper", "NVIDIA", true},
}};

}  // namespace

const DeviceFamily* device_family(std::string_view device) {
  for (const DeviceFamily& row : table)
    if (device.starts_with(row.start)) return &row;
  return nullptr;
}

}  // namespace chipmix::hardware
