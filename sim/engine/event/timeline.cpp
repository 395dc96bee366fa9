#include "engine/event/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/event/critical_path.hpp"

namespace chipmix::engine {
namespace {

constexpr int rows_per_stage = 3;
enum Row { compute = 0, sends = 1, reductions = 2 };

double microseconds(double seconds) { return 1e6 * seconds; }

int row(int stage, Row what) { return rows_per_stage * stage + what; }

/// Text within quotes.
std::string quoted(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return '"' + safe + '"';
}

std::string slice(const std::string& name, int process, int thread, const Span& span) {
  return fmt::format(R"("ph":"X","name":{},"pid":{},"tid":{},"ts":{:.4f},"dur":{:.4f})", quoted(name), process, thread,
                     microseconds(span.start), microseconds(span.end - span.start));
}

/// What a pass does; of a split one the whole backward pass stands with its first part.
std::string work_of(const StepList::Pass& pass, const PassWorks& works) {
  const auto found = works.find({pass.stage, pass.slot.chunk, pass.slot.direction});
  if (found == works.end() || pass.is_weight) return {};
  const PassWork& work = found->second;
  return fmt::format(R"("TFLOP":{:.4f},"GiB moved":{:.4f},"GiB exchanged":{:.4f},)", work.flops / 1e12,
                     work.moved / 0x1p30, work.exchanged / 0x1p30) +
         fmt::format(R"("kernels":{:.0f},"bound by":"{}","largest":{})", work.kernels,
                     work.is_memory_bound ? "memory" : "compute", quoted(work.largest));
}

/// ,"args":{...}; slices on the critical path are red where colours are shown.
std::string arguments(std::string members, bool is_critical) {
  const std::string said = fmt::format(R"("critical path":{})", is_critical);
  return fmt::format(R"(,"args":{{{}{}{}}})", members, members.empty() ? "" : ",", said) +
         (is_critical ? R"(,"cname":"terrible")" : "");
}

}  // namespace

Timeline::Timeline(std::ostream& out) : out_(out) { out_ << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":["; }

Timeline::~Timeline() { out_ << "\n]}\n"; }

void Timeline::event(const std::string& fields) {
  out_ << (is_first_ ? "\n{" : ",\n{") << fields << '}';
  is_first_ = false;
}

void Timeline::rows(const PlayedStep& step, const std::string& name) {
  const auto named = [&](const char* what, int process, int thread, const std::string& text) {
    event(fmt::format(R"("ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":{}}})", what, process, thread,
                      quoted(text)));
  };
  for (std::size_t one = 0; one < step.classes.size(); ++one) {
    const int process = processes_ + static_cast<int>(one), stages = static_cast<int>(step.classes[one].slow.size());
    const int replicas = step.classes[one].replicas;
    named("process_name", process, 0, fmt::format("{} ({} replica{})", name, replicas, replicas > 1 ? "s alike" : ""));
    for (int stage = 0; stage < stages; ++stage) {
      named("thread_name", process, row(stage, compute), fmt::format("stage {}", stage));
      named("thread_name", process, row(stage, sends), fmt::format("stage {} sends", stage));
      named("thread_name", process, row(stage, reductions), fmt::format("stage {} gradients", stage));
    }
  }
}

void Timeline::passes(const PlayedStep& step, const PassWorks& works) {
  for (const StepList::Pass& pass : step.list.passes) {
    const bool is_forward = pass.slot.direction == plan::Direction::forward;
    const char* direction = is_forward ? "forward" : pass.is_weight ? "weights" : "backward";
    const bool has_chunks = step.list.interleave > 1;
    event(slice(has_chunks ? fmt::format("{} {} chunk {}", direction, pass.slot.micro_batch, pass.slot.chunk)
                           : fmt::format("{} {}", direction, pass.slot.micro_batch),
                processes_ + pass.replica_class, row(pass.stage, compute), pass.span(step.spans)) +
          arguments(work_of(pass, works), critical_[pass.task] || critical_[pass.last]));
  }
}

void Timeline::transfers(const PlayedStep& step) {
  std::vector<std::pair<double, int>> changes;  // of transfers under way
  for (const StepList::Transfer& one : step.list.transfers) {
    const Span& span = step.spans[one.task];
    const int process = processes_ + one.replica_class;
    const char* name = one.is_reduction ? "reduction" : one.is_exchange ? "exchange" : "send";
    const double amount = step.list.tasks.task(one.task).amount;
    event(slice(name, process, row(one.stage, one.is_reduction ? reductions : sends), span) +
          arguments(fmt::format(R"("ms alone":{:.4f})", 1e3 * amount), critical_[one.task]));
    if (one.replica_class == 0) {
      changes.emplace_back(span.start, 1);
      changes.emplace_back(span.end, -1);
    }
    if (one.is_reduction || one.is_exchange) continue;
    const int arrow = arrows_++;
    const auto end = [&](const char* phase, int thread, double time) {
      event(fmt::format(R"("ph":"{}","bp":"e","cat":"send","name":"send","id":{},"pid":{},"tid":{},"ts":{:.4f})", phase,
                        arrow, process, thread, microseconds(time)));
    };
    end("s", row(one.stage, sends), span.start);
    end("f", row(one.to_stage, compute), step.spans[one.feeds].start);
  }
  std::sort(changes.begin(), changes.end());
  int under_way = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    under_way += changes[i].second;
    if (i + 1 < changes.size() && changes[i + 1].first == changes[i].first) continue;
    event(fmt::format(R"("ph":"C","name":"transfers under way","pid":{},"ts":{:.4f},"args":{{"transfers":{}}})",
                      processes_, microseconds(changes[i].first), under_way));
  }
}

/// What the passes of the first class hold, forward to backward (of split ones, to the one for weights).
void Timeline::memory(const PlayedStep& step) {
  std::vector<std::vector<std::pair<double, int>>> changes(step.memory.size());
  for (const StepList::Pass& pass : step.list.passes) {
    if (pass.replica_class != 0) continue;
    const Span span = pass.span(step.spans);
    if (pass.slot.direction == plan::Direction::forward)
      changes[pass.stage].emplace_back(span.start, 1);
    else if (pass.slot.part != plan::Part::inputs)
      changes[pass.stage].emplace_back(span.end, -1);
  }
  for (std::size_t stage = 0; stage < changes.size(); ++stage) {
    std::sort(changes[stage].begin(), changes[stage].end());
    int held = 0;
    const StageHold& hold = step.memory[stage];
    const auto count = [&](double time) {
      event(fmt::format(R"("ph":"C","name":"stage {} memory","pid":{},"ts":{:.4f},"args":{{"GiB":{:.3f}}})", stage,
                        processes_, microseconds(time), (hold.always + hold.each * held).value() / 0x1p30));
    };
    count(0);
    for (const auto& [time, change] : changes[stage]) {
      held += change;
      count(time);
    }
  }
}

/// The critical path as one row of the first class of replicas, below its stages.
void Timeline::critical_row(const PlayedStep& step) {
  const int process = processes_, thread = row(static_cast<int>(step.classes.front().slow.size()), compute);
  event(fmt::format(R"("ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":"critical path"}})", process,
                    thread));
  for (const StepList::Pass& pass : step.list.passes)
    for (const int task : std::set<int>{pass.task, pass.last})
      if (critical_[task])
        event(slice(fmt::format("stage {} {} {}", pass.stage,
                                pass.slot.direction == plan::Direction::forward ? "forward" : "backward",
                                pass.slot.micro_batch),
                    process, thread, step.spans[task]));
  for (const StepList::Transfer& one : step.list.transfers)
    if (critical_[one.task])
      event(slice(fmt::format("stage {} {}", one.stage, one.is_reduction ? "reduction" : "send"), process, thread,
                  step.spans[one.task]));
}

void Timeline::add(const PlayedStep& step, const std::string& name, const PassWorks& works) {
  critical_.assign(step.spans.size(), false);
  for (const int task : critical_path(step.list.tasks, step.spans)) critical_[task] = true;
  rows(step, name);
  passes(step, works);
  transfers(step);
  memory(step);
  critical_row(step);
  processes_ += static_cast<int>(step.classes.size());
}

}  // namespace chipmix::engine
