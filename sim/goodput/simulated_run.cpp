#include <algorithm>
#include <deque>
#include <limits>
#include <random>

#include "goodput/goodput.hpp"

namespace chipmix::goodput {

double simulated_run(const Interruptions& plan, Seconds recovery, Seconds work, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> failure(1 / plan.mtbf.value());
  double now = 0, done = 0, next = failure(random);
  double stored = 0, written = 0, written_at = 0;  // work in the last stored checkpoint, and in the one being written
  const auto recover = [&] {
    now = next;
    next = now + failure(random);
    for (double end = now + recovery.value(); next < end; end = now + recovery.value()) {
      now = next;
      next = now + failure(random);
    }
    now += recovery.value();
  };
  while (done < work.value()) {
    const double interval = std::min(plan.interval.value(), work.value() - done);
    const double end = now + interval + plan.blocking.value();
    if (next < end) {
      if (written_at <= next) stored = written;
      done = written = stored;
      recover();
      continue;
    }
    now = end;
    done += interval;
    stored = written;
    written = done;
    written_at = now + plan.writing.value();
  }
  return now;
}

namespace {

/// A run with replicas that fail, are away for a while, and come back.
class Shrinking {
 public:
  Shrinking(const Interruptions& plan, double recovery, double repair, int replicas, std::uint64_t seed)
      : plan_(plan), recovery_(recovery), repair_(repair), replicas_(replicas), random_(seed) {
    draw();
  }

  double run(double work) {
    double done = 0;
    while (done < work) {
      const double interval = std::min(plan_.interval.value(), work - done);
      if (works(interval) && waits(plan_.blocking.value())) done += interval;
    }
    return now_;
  }

 private:
  int up() const { return replicas_ - static_cast<int>(back_.size()); }

  /// Fewer replicas fail less often.
  void draw() {
    if (up() == 0) {
      failure_ = std::numeric_limits<double>::infinity();
      return;
    }
    failure_ = now_ + std::exponential_distribution<double>(up() / (replicas_ * plan_.mtbf.value()))(random_);
  }

  /// What is left of `amount` at `rate` runs until something happens; false: a failure took it.
  bool goes_on(double amount, bool is_work) {
    while (true) {
      const double rate = is_work ? static_cast<double>(up()) / replicas_ : 1;
      const double end = rate > 0 ? now_ + amount / rate : std::numeric_limits<double>::infinity();
      const double joins = back_.empty() ? std::numeric_limits<double>::infinity() : back_.front();
      if (end <= std::min(failure_, joins)) {
        now_ = end;
        return true;
      }
      amount -= rate * (std::min(failure_, joins) - now_);
      if (joins <= failure_) {
        now_ = joins;
        back_.pop_front();
        draw();
        continue;
      }
      now_ = failure_;
      back_.push_back(now_ + repair_);
      draw();
      return false;
    }
  }

  bool works(double seconds) { return goes_on(seconds, true) || recovers(); }
  bool waits(double seconds) { return goes_on(seconds, false) || recovers(); }
  bool recovers() {
    while (!goes_on(recovery_, false)) {
    }
    return false;
  }

  const Interruptions& plan_;
  double recovery_, repair_;
  int replicas_;
  std::mt19937_64 random_;
  std::deque<double> back_;  ///< when replicas that are away come back
  double now_ = 0, failure_ = 0;
};

}  // namespace

double simulated_shrinking_run(const Interruptions& plan, Seconds recovery, Seconds repair, int replicas, Seconds work,
                               std::uint64_t seed) {
  return Shrinking(plan, recovery.value(), repair.value(), replicas, seed).run(work.value());
}

}  // namespace chipmix::goodput
