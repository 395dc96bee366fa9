#include "sweep/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace chipmix::sweep {
namespace {

constexpr std::size_t most_missing = 10;
constexpr std::size_t id_size = 8;  // the digits of a key that name the sweep

std::vector<std::size_t> gaps(const std::vector<StoredLine>& lines) {
  std::vector<std::size_t> missing;
  std::size_t next = 0;
  for (const StoredLine& line : lines) {
    for (; next < line.label.point && missing.size() < most_missing; ++next) missing.push_back(next);
    next = line.label.point + 1;
  }
  return missing;
}

class Merger {
 public:
  void add(const std::string& path, LineFormat format) {
    StoredLines stored = read_lines(path, format);
    if (stored.is_torn) torn_.push_back(path);
    if (first_.empty()) first_ = path;
    if (header_.empty()) header_ = stored.header;
    if (!stored.header.empty() && stored.header != header_)
      throw FileError(path, fmt::format("has different columns than {}", first_));
    for (StoredLine& line : stored.lines) add(std::move(line), path);
  }

  Merged result() && {
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const StoredLine& a, const StoredLine& b) { return a.label.point < b.label.point; });
    Merged merged{std::move(header_), lines_.size(), gaps(lines_), std::move(torn_)};
    for (const StoredLine& line : lines_) merged.text += line.text;
    return merged;
  }

 private:
  void add(StoredLine line, const std::string& path) {
    const std::string id = line.label.key.substr(0, id_size);
    if (id_.empty()) id_ = id;
    if (id != id_)
      throw FileError(
          path,
          fmt::format(
              "belongs to another sweep than {}: a different scenario, profiles, options or version of the program",
              first_));
    const auto [known, is_new] = places_.try_emplace(line.label.key, lines_.size());
    if (is_new)
      lines_.push_back(std::move(line));
    else if (lines_[known->second].text != line.text)
      throw FileError(path, fmt::format("differs in point {} from the files before it", line.label.point));
  }

  std::string first_, id_, header_;
  std::vector<std::string> torn_;
  std::vector<StoredLine> lines_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

Merged merge(const std::vector<std::string>& paths, LineFormat format) {
  Merger merger;
  for (const std::string& path : paths) merger.add(path, format);
  return std::move(merger).result();
}

}  // namespace chipmix::sweep
