#include "validation/device_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace chipmix::validation {
namespace {

/// Letters and digits, small: "Ascend 910B2" as "ascend910b2".
std::string letters_of(std::string_view name) {
  std::string out;
  for (const unsigned char c : name)
    if (std::isalnum(c) != 0) out += static_cast<char>(std::tolower(c));
  return out;
}

/// The part of an id that makers print: "h100" of h100-sxm5-80gb, "910b2" of ascend-910b2. Empty where none is long
/// enough to be told from other words.
std::string printed_part(const std::string& id) {
  constexpr std::size_t shortest = 4;
  for (std::size_t begin = 0; begin <= id.size();) {
    const std::size_t end = std::min(id.find('-', begin), id.size());
    const std::string part = id.substr(begin, end - begin);
    if (part.find_first_of("0123456789") != std::string::npos) return part.size() >= shortest ? part : std::string();
    begin = end + 1;
  }
  return {};
}

}  // namespace

std::optional<std::string> other_device(const std::string& said, const std::string& device,
                                        const std::vector<std::string>& ids) {
  const std::string own = printed_part(device), words = letters_of(said);
  if (own.empty() || words.find(own) != std::string::npos) return std::nullopt;
  const auto other = std::find_if(ids.begin(), ids.end(), [&](const std::string& id) {
    const std::string part = printed_part(id);
    return !part.empty() && words.find(part) != std::string::npos;
  });
  return other == ids.end() ? std::nullopt : std::optional(*other);
}

std::vector<DeviceWords> device_words(std::string_view log) {
  constexpr std::array<std::string_view, 3> makers = {"NVIDIA ", "AMD Instinct ", "Ascend"};
  constexpr std::size_t longest = 40;  // "NVIDIA RTX 6000 Ada Generation"
  std::vector<DeviceWords> found;
  for (const std::string_view maker : makers)
    for (std::size_t at = log.find(maker); at != std::string_view::npos; at = log.find(maker, at + 1)) {
      const std::string_view words = log.substr(at, longest);
      found.push_back({std::string(words.substr(0, words.find('\n'))), at});
    }
  return found;
}

}  // namespace chipmix::validation
