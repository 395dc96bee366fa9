#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "cli/output.hpp"
#include "report/number.hpp"
#include "report/width.hpp"

namespace chipmix::cli {
namespace {

constexpr std::size_t bar_cells = 24;
constexpr auto between_draws = std::chrono::milliseconds(100);

}  // namespace

std::string progress_line(const std::string& label, std::size_t done, std::size_t total, std::chrono::seconds elapsed,
                          const std::string& note) {
  const auto seconds =
      report::duration(Seconds(static_cast<double>(elapsed.count()))) + (note.empty() ? "" : "  " + note);
  const auto count = report::grouped(static_cast<double>(done));
  if (total == 0) return fmt::format("{}  {}  {}", label, count, seconds);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * bar_cells);
  const std::string bar = std::string(filled, '#') + std::string(bar_cells - filled, '.');
  return fmt::format("{}  [{}] {:3.0f} %  {} / {}  {}", label, bar, 100 * share, count,
                     report::grouped(static_cast<double>(total)), seconds);
}

Progress::Progress(std::string label, std::size_t total, bool quiet)
    : Progress(std::move(label), total, !quiet && stderr_is_terminal() ? &std::cerr : nullptr) {}

Progress::Progress(std::string label, std::size_t total, std::ostream* out)
    : label_(std::move(label)), total_(total), out_(out) {}

Progress::~Progress() {
  if (out_ && drawn_width_ > 0) *out_ << '\r' << std::string(drawn_width_, ' ') << '\r' << std::flush;
}

void Progress::advance(std::size_t steps) {
  if (!out_) return;
  const std::lock_guard lock(mutex_);
  done_ += steps;
  draw();
}

void Progress::set(std::size_t done, std::size_t total, std::string note) {
  if (!out_) return;
  const std::lock_guard lock(mutex_);
  note_ = std::move(note);
  done_ = done;
  total_ = total;
  draw();
}

void Progress::draw() {
  const auto now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + between_draws;
  const auto line =
      progress_line(label_, done_, total_, std::chrono::duration_cast<std::chrono::seconds>(now - begin_), note_);
  const std::size_t cells_now = report::display_width(line);
  const std::size_t rest = drawn_width_ > cells_now ? drawn_width_ - cells_now : 0;
  *out_ << '\r' << line << std::string(rest, ' ') << std::flush;
  drawn_width_ = cells_now;
}

}  // namespace chipmix::cli
