// Follows a path through JSON values: by key, by index, or by the name of a list element.
#include "io/path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/spelling.hpp"
#include "base/utf8.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> dotted_steps(const std::string& path) {
  std::vector<std::string> steps(1);
  for (const char c : path) {
    if (c == '.')
      steps.emplace_back();
    else
      steps.back() += c;
  }
  return steps;
}

std::optional<std::size_t> index_of(const std::string& step) {
  std::size_t index = 0;
  const auto [end, fault] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (fault != std::errc() || end != step.data() + step.size() || step.empty()) return std::nullopt;
  return index;
}

std::optional<std::string> name_of(const Json& element) {
  if (!element.is_object() || !element.contains("name") || !element["name"].is_string()) return std::nullopt;
  return element["name"].get<std::string>();
}

/// What the children of a value may be called.
std::vector<std::string> child_names(const Json& parent) {
  std::vector<std::string> names;
  if (parent.is_object())
    for (const auto& [key, member] : parent.items()) names.push_back(key);
  if (parent.is_array())
    for (const Json& element : parent)
      if (auto name = name_of(element)) names.push_back(*name);
  return names;
}

class Walk {
 public:
  Walk(Json& root, std::vector<std::string> steps) : here_(&root), steps_(std::move(steps)) {}

  PathFault replace(Json value) {
    if (std::any_of(steps_.begin(), steps_.end(), [](const std::string& step) { return step.empty(); }))
      return {"", "the path has an empty step", "write it as \"options.0.devices\""};
    while (next_ < steps_.size()) {
      if (enter()) continue;
      if (!here_->is_object() || next_ + 1 < steps_.size()) return lost();
      (*here_)[steps_[next_]] = std::move(value);
      return {pointer_ + pointer_token(steps_[next_]), "", ""};
    }
    *here_ = std::move(value);
    return {pointer_, "", ""};
  }

 private:
  /// Goes one level down; keys and names that contain dots take several steps.
  bool enter() {
    std::string step;
    for (std::size_t last = next_; last < steps_.size(); ++last) {
      if (last > next_) step += '.';
      step += steps_[last];
      if (!enter(step)) continue;
      next_ = last + 1;
      return true;
    }
    return false;
  }

  bool enter(const std::string& step) {
    if (here_->is_object() && here_->contains(step)) {
      pointer_ += pointer_token(step);
      here_ = &(*here_)[step];
      return true;
    }
    if (!here_->is_array()) return false;
    const std::size_t index = index_in_list(step);
    if (index >= here_->size()) return false;
    pointer_ += fmt::format("/{}", index);
    here_ = &(*here_)[index];
    return true;
  }

  /// By name first (an option may be called "2"), then by index.
  std::size_t index_in_list(const std::string& step) const {
    for (std::size_t i = 0; i < here_->size(); ++i)
      if (name_of((*here_)[i]) == step) return i;
    return index_of(step).value_or(here_->size());
  }

  PathFault lost() const {
    const std::string step = printable(steps_[next_]);
    const std::string place = pointer_.empty() ? "the file" : fmt::format("'{}'", pointer_.substr(1));
    if (here_->is_array() && index_of(steps_[next_]))
      return {pointer_, fmt::format("{} has {} elements, so none at index {}", place, here_->size(), step),
              "indices begin at 0"};
    if (here_->is_structured())
      return {pointer_, fmt::format("there is no '{}' in {}", step, place), spelling_hint(step, child_names(*here_))};
    return {pointer_, fmt::format("{} is neither an object nor a list, so there is no '{}' in it", place, step), ""};
  }

  Json* here_;
  std::vector<std::string> steps_;
  std::size_t next_ = 0;
  std::string pointer_;
};

}  // namespace

PathFault replace_at(nlohmann::ordered_json& root, const std::string& path, nlohmann::ordered_json value) {
  if (path.empty()) return {"", "the path is empty", "write it as \"options.0.devices\""};
  const bool is_pointer = path.front() == '/';
  return Walk(root, is_pointer ? pointer_tokens(path) : dotted_steps(path)).replace(std::move(value));
}

}  // namespace chipmix::io
