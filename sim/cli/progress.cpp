#include "cli/progress.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "cli/output.hpp"
#include "report/number.hpp"
#include "report/width.hpp"

namespace chipmix::cli {
namespace {

constexpr std::size_t bar_cells = 24;
constexpr auto between_draws = std::chrono::milliseconds(100);

std::string bar(const std::string& label, double share) {
  const auto filled = static_cast<std::size_t>(share * bar_cells);
  return fmt::format("{}  [{}{}]", label, std::string(filled, '#'), std::string(bar_cells - filled, '.'));
}

std::string time_and(const std::string& note, std::chrono::seconds elapsed) {
  return report::seconds(Seconds(static_cast<double>(elapsed.count()))) + (note.empty() ? "" : "  " + note);
}

/// Ctrl-C while a bar stands: the line is cleared, then the program ends as ever. Only what a handler may call.
void clear_and_end(int signal_number) {
  constexpr char clear[] = "\r\x1b[K";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, clear, sizeof clear - 1);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

/// Unless somebody else listens.
void clear_on_interrupt() {
  struct sigaction now = {};
  sigaction(SIGINT, nullptr, &now);
  if (now.sa_handler == SIG_DFL) signal(SIGINT, clear_and_end);
}

void forget_interrupt() {
  struct sigaction now = {};
  sigaction(SIGINT, nullptr, &now);
  if (now.sa_handler == clear_and_end) signal(SIGINT, SIG_DFL);
}

}  // namespace

std::string share_line(const std::string& label, double share, std::chrono::seconds elapsed, const std::string& note) {
  return fmt::format("{} {:3.0f} %  {}", bar(label, share), std::floor(100 * share), time_and(note, elapsed));
}

std::string progress_line(const std::string& label, std::size_t done, std::size_t total, std::chrono::seconds elapsed,
                          const std::string& note) {
  const auto seconds = time_and(note, elapsed);
  const auto count = report::grouped(static_cast<double>(done));
  if (total == 0) return fmt::format("{}  {}  {}", label, count, seconds);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  return fmt::format("{} {:3.0f} %  {} / {}  {}", bar(label, share), std::floor(100 * share), count,
                     report::grouped(static_cast<double>(total)), seconds);
}

Progress::Progress(std::string label, std::size_t total, bool quiet)
    : Progress(std::move(label), total, !quiet && stderr_is_terminal() ? &std::cerr : nullptr) {
  if (!out_) return;
  most_width_ = static_cast<std::size_t>(std::max(20, stderr_columns())) - 1;  // the last cell would begin a new line
  clear_on_interrupt();
}

Progress::Progress(std::string label, std::size_t total, std::ostream* out)
    : label_(std::move(label)), total_(total), out_(out) {}

Progress::~Progress() { finish(); }

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (out_ && drawn_width_ > 0) *out_ << '\r' << std::string(drawn_width_, ' ') << '\r' << std::flush;
  if (out_ && most_width_ > 0) forget_interrupt();
  out_ = nullptr;
}

void Progress::advance(std::size_t steps) {
  const std::lock_guard lock(mutex_);
  if (!out_) return;
  done_ += steps;
  draw();
}

void Progress::set(std::size_t done, std::size_t total, std::string note) {
  const std::lock_guard lock(mutex_);
  if (!out_) return;
  note_ = std::move(note);
  done_ = done;
  total_ = total;
  draw();
}

void Progress::set_share(double share, std::string note) {
  const std::lock_guard lock(mutex_);
  if (!out_) return;
  note_ = std::move(note);
  share_ = std::clamp(share, share_.value_or(0), 1.0);
  draw();
}

std::string Progress::line(std::chrono::seconds elapsed) const {
  std::string text =
      share_ ? share_line(label_, *share_, elapsed, note_) : progress_line(label_, done_, total_, elapsed, note_);
  if (most_width_ > 0 && report::display_width(text) > most_width_) text = report::wrap(text, most_width_).front();
  return text;
}

void Progress::draw() {
  const auto now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + between_draws;
  const std::string text = line(std::chrono::duration_cast<std::chrono::seconds>(now - begin_));
  const std::size_t cells_now = report::display_width(text);
  const std::size_t rest = drawn_width_ > cells_now ? drawn_width_ - cells_now : 0;
  *out_ << '\r' << text << std::string(rest, ' ') << std::flush;
  drawn_width_ = cells_now;
}

}  // namespace chipmix::cli
