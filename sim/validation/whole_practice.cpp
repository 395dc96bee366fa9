#include "validation/whole_practice.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "base/lower_case.hpp"

namespace chipmix::validation {
namespace {

/// Systems that only their publisher runs, and whose steps in published_runs are the publisher's own.
constexpr std::array<std::string_view, 2> systems_of_one_publisher{"hai-llm", "megascale"};

/// "nvidia", or "amd-agi" of AMD: a project named after the vendor, or a part of it.
bool is_vendor(const std::string& project, const std::string& vendor) {
  const std::string wanted = lower_case(vendor), said = lower_case(project);
  if (wanted.empty() || said.rfind(wanted, 0) != 0) return false;
  return said.size() == wanted.size() || std::isalnum(static_cast<unsigned char>(said[wanted.size()])) == 0;
}

bool has_layout(const PrintedDegrees& d) { return d.tensor || d.pipeline || d.context || d.expert || d.zero; }

bool is_own_system(const WholeRun& run) {
  const std::string stack = lower_case(run.stack) + " ";
  if (has_layout(run.degrees) && stack.rfind("own ", 0) == 0) return true;
  return std::any_of(systems_of_one_publisher.begin(), systems_of_one_publisher.end(),
                     [&](std::string_view system) { return stack.find(system) != std::string::npos; });
}

}  // namespace

practice::Practice practice_of(const WholeRun& run, const hardware::DeviceSpec& device) {
  if (run.practice) return *run.practice;
  if (is_vendor(run.project, device.vendor) || is_own_system(run)) return practice::Practice::tuned;
  return device.vendor == "NVIDIA" ? practice::Practice::typical : practice::Practice::first;
}

}  // namespace chipmix::validation
