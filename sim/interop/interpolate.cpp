// "${...}" of configurations: environment, other keys, and a little arithmetic (OmegaConf; NeMo's launcher, main.py).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "interop/arithmetic.hpp"
#include "interop/yaml.hpp"

namespace chipmix::interop {
namespace {

constexpr int deepest_value = 20;
constexpr std::size_t longest_value = 4096;  // letters of a value

using Keys = std::vector<std::string>;

std::string joined(const Keys& path) { return fmt::format("{}", fmt::join(path, ".")); }

std::string without_ends(std::string text) {
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

class Interpolation {
 public:
  Interpolation(const std::vector<Leaf>& leaves, const std::map<std::string, std::string>& set) : set_(set) {
    for (const Leaf& leaf : leaves)
      if (!leaf.is_element) values_.emplace(joined(leaf.path), &leaf);
  }

  /// The text with every "${...}" that has a value replaced.
  std::string of(const std::string& text, const Keys& path, int depth = 0) const {
    if (depth > deepest_value || text.size() > longest_value) return text;
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.compare(at, 2, "${") == 0 ? closing(text, at) : std::string::npos;
      if (end == std::string::npos) {
        made += text[at++];
        continue;
      }
      made += one(text.substr(at + 2, end - at - 2), path, depth).value_or(text.substr(at, end + 1 - at));
      at = end + 1;
    }
    return made;
  }

 private:
  static std::size_t closing(const std::string& text, std::size_t begin) {
    int open = 0;
    for (std::size_t at = begin + 1; at < text.size(); ++at) {
      if (text[at] == '{') ++open;
      if (text[at] == '}' && --open == 0) return at;
    }
    return std::string::npos;
  }

  /// NAME:default, oc.env:NAME,default, function:a,b, or a key: from the top, or with dots from where it stands.
  std::optional<std::string> one(const std::string& inner, const Keys& path, int depth) const {
    const std::size_t colon = inner.find(':');
    const std::string head = inner.substr(0, colon);
    if (colon == std::string::npos) {
      if (const auto found = set_.find(head); found != set_.end()) return found->second;
      return key(head, path, depth);
    }
    std::string rest = inner.substr(colon + 1);
    if (head == "oc.env" || head == "env") {
      const std::size_t comma = rest.find(',');
      const std::string name = without_ends(rest.substr(0, comma));
      if (const auto found = set_.find(name); found != set_.end()) return found->second;
      if (comma == std::string::npos) return std::nullopt;
      return of(without_ends(rest.substr(comma + 1)), path, depth + 1);
    }
    if (head == "oc.decode") return of(without_ends(rest), path, depth + 1);
    if (const auto number = function(head, rest, path, depth)) return number;
    if (const auto found = set_.find(head); found != set_.end()) return found->second;
    if (std::any_of(head.begin(), head.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return std::nullopt;
    if (rest.starts_with('-') && !whole_number(rest)) rest.erase(0, 1);  // ${NAME:-default}
    return of(rest, path, depth + 1);
  }

  std::optional<std::string> key(std::string name, const Keys& path, int depth) const {
    std::size_t up = 0;
    while (name.starts_with('.')) name.erase(0, 1), ++up;
    if (up > path.size()) return std::nullopt;
    const Keys above(path.begin(), path.end() - static_cast<std::ptrdiff_t>(up));
    std::string full = up == 0 || above.empty() ? name : joined(above) + "." + name;
    auto found = values_.find(full);
    // Launchers read the file as a block of a larger one: ${training.model.x}
    if (found == values_.end() && full.find('.') != std::string::npos)
      found = values_.find(full.substr(full.find('.') + 1));
    if (found == values_.end()) return std::nullopt;
    return of(found->second->value, found->second->path, depth + 1);
  }

  std::optional<std::string> function(const std::string& name, const std::string& list, const Keys& path,
                                      int depth) const {
    constexpr std::array names{"multiply", "mult", "add", "sum", "divide", "divide_floor", "divide_ceil", "int_div"};
    if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
    const std::string made = of(list, path, depth + 1);
    std::optional<long long> total;
    for (std::size_t begin = 0; begin <= made.size();) {
      const std::size_t end = std::min(made.find(',', begin), made.size());
      const auto value = whole_number(without_ends(made.substr(begin, end - begin)));
      if (!value || std::abs(*value) > 1'000'000'000) return std::nullopt;
      if (!total)
        total = *value;
      else if (name[0] == 'm')
        total = *total * *value;
      else if (name == "add" || name == "sum")
        total = *total + *value;
      else if (*value == 0)
        return std::nullopt;
      else
        total = (*total + (name == "divide_ceil" ? *value - 1 : 0)) / *value;
      if (std::abs(*total) > 1'000'000'000) return std::nullopt;
      begin = end + 1;
    }
    return total ? std::optional(std::to_string(*total)) : std::nullopt;
  }

  const std::map<std::string, std::string>& set_;
  std::map<std::string, const Leaf*> values_;
};

}  // namespace

void interpolate(std::vector<Leaf>& leaves, std::map<std::string, std::string>& set) {
  std::vector<std::string> values;
  {
    const Interpolation interpolation(leaves, set);
    for (const Leaf& leaf : leaves) values.push_back(interpolation.of(leaf.value, leaf.path));
  }
  std::erase_if(set, [&](const auto& given) {
    return std::any_of(leaves.begin(), leaves.end(), [&](const Leaf& leaf) {
      return leaf.value.find("${" + given.first) != std::string::npos ||
             leaf.value.find("env:" + given.first) != std::string::npos;
    });
  });
  for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i].value = std::move(values[i]);
}

}  // namespace chipmix::interop
