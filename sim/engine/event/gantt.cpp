#include "engine/event/gantt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace chipmix::engine {
namespace {

/// Characters and the time they take of each column, of one stage.
class Line {
 public:
  Line(double end, int columns) : width_(end / columns), columns_(columns) {}

  void add(char what, const Span& span) {
    const int first = std::clamp(static_cast<int>(span.start / width_), 0, last());
    for (int column = first; column <= last() && column * width_ < span.end; ++column)
      columns_[column][what] += std::min(span.end, (column + 1) * width_) - std::max(span.start, column * width_);
  }

  /// Columns that nothing fills take `idle`.
  std::string text() const {
    std::string line;
    for (const auto& shares : columns_) {
      const auto most = std::max_element(shares.begin(), shares.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      line += most == shares.end() || most->second < 0.25 * width_ ? '.' : most->first;
    }
    return line;
  }

 private:
  int last() const { return static_cast<int>(columns_.size()) - 1; }

  double width_;
  std::vector<std::map<char, double>> columns_;
};

double length(const Span& span) { return span.end - span.start; }

/// Whether most passes fill a column.
bool are_wide(const PlayedStep& step, double column) {
  double sum = 0;
  for (const StepList::Pass& pass : step.list.passes) sum += length(pass.span(step.spans));
  return sum / static_cast<double>(step.list.passes.size()) >= column;
}

char sign(const StepList::Pass& pass, bool are_wide) {
  const bool is_forward = pass.slot.direction == plan::Direction::forward;
  if (pass.is_weight) return 'w';
  if (!are_wide) return is_forward ? 'f' : 'b';
  return static_cast<char>((is_forward ? '0' : 'A') + pass.slot.micro_batch % 10);
}

}  // namespace

std::string gantt(const PlayedStep& step, int columns) {
  double end = 0;
  for (const Span& span : step.spans) end = std::max(end, span.end);
  const int stages = static_cast<int>(step.classes.front().slow.size());
  std::vector<Line> passes(stages, Line(end, columns)), reductions = passes;
  const bool wide = are_wide(step, end / columns);
  for (const StepList::Pass& pass : step.list.passes)
    if (pass.replica_class == 0) passes[pass.stage].add(sign(pass, wide), pass.span(step.spans));
  for (const StepList::Transfer& one : step.list.transfers)
    if (one.replica_class == 0 && one.is_reduction) reductions[one.stage].add('=', step.spans[one.task]);
  const std::size_t name = std::to_string(stages - 1).size();
  std::string text;
  for (int stage = 0; stage < stages; ++stage) {
    std::string line = passes[stage].text();
    const std::string under = reductions[stage].text();
    for (std::size_t i = 0; i < line.size(); ++i)
      if (line[i] == '.') line[i] = under[i];
    text += fmt::format("stage {:>{}} |{}|\n", stage, name, line);
  }
  return text;
}

}  // namespace chipmix::engine
