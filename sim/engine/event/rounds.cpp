#include "engine/event/rounds.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "engine/event/sharing.hpp"

namespace chipmix::engine {
namespace {

Rounds ring_rounds(int n) {
  return {n, 2 * (n - 1),
          [n](int, int i) {
            return Rounds::Send{(i + 1) % n, 1.0 / n};
          },
          [n](int, int i) { return (i + n - 1) % n; }, true};
}

Rounds halving_rounds(int n) {
  if ((n & (n - 1)) != 0) throw std::logic_error("halving and doubling needs a power of two");
  int bits = 0;
  while ((1 << bits) < n) ++bits;
  const auto bit = [bits](int round) {
    return round < bits ? bits - 1 - round : round - bits;
  };  // n/2 ... 1, 1 ... n/2
  const auto partner = [bit](int round, int i) { return i ^ (1 << bit(round)); };
  return {n, 2 * bits,
          [=](int round, int i) {
            return Rounds::Send{partner(round, i), static_cast<double>(1 << bit(round)) / n};
          },
          partner, false};
}

Rounds pair_rounds(int n) {
  return {n, n - 1,
          [n](int round, int i) {
            return Rounds::Send{(i + round + 1) % n, 1.0 / n};
          },
          [n](int round, int i) { return (i + n - round - 1) % n; }, false};
}

class RoundPlayer {
 public:
  RoundPlayer(const Rounds& rounds, double payload, double latency, const MemberLinks& links)
      : rounds_(rounds),
        payload_(payload),
        latency_(latency),
        links_(links),
        members_(rounds.members),
        sharing_(links.capacities, rounds.members) {}

  double run() {
    if (rounds_.count == 0) return 0;
    double now = 0;
    for (int member = 0; member < rounds_.members; ++member) start(member, now);
    while (!heap_.empty()) {
      now = heap_.front().time;
      while (!heap_.empty() && heap_.front().time == now) {
        std::pop_heap(heap_.begin(), heap_.end());
        const Event event = heap_.back();
        heap_.pop_back();
        if (event.version == members_[event.member].version) happen(event.member, now);
      }
      for (const Sharing::Ending& one : sharing_.share_again(now)) push(one.time, one.flow);
      if (const auto end = skip(now)) return *end;
    }
    return end_ + skipped_;
  }

 private:
  struct Event {
    double time = 0;
    std::uint64_t number = 0;
    std::uint32_t member = 0, version = 0;
    bool operator<(const Event& other) const { return time != other.time ? time > other.time : number > other.number; }
  };
  struct Sender {
    int sent = 0;  ///< messages
    bool is_busy = false;
    double since = 0;
    std::uint32_t version = 0;
    std::vector<int> links{};  ///< of its message
  };

  void push(double time, std::uint32_t member) {
    heap_.push_back({time, numbers_++, member, ++members_[member].version});
    std::push_heap(heap_.begin(), heap_.end());
  }

  /// Its next message, if it may.
  void start(int member, double now) {
    Sender& own = members_[member];
    const int round = own.sent;
    if (own.is_busy || round == rounds_.count) return;
    if (round > 0 && members_[rounds_.giver(round - 1, member)].sent < round) return;
    own.is_busy = true;
    own.since = now;
    push(now + latency_, member);
  }

  void happen(int member, double now) {
    Sender& own = members_[member];
    const Rounds::Send send = rounds_.send(own.sent, member);
    if (!sharing_.is_under_way(member)) {
      own.links = {links_.members[member].up, links_.members[send.to].down};
      if (links_.between)
        for (int link : links_.between(member, send.to)) own.links.push_back(link);
      return sharing_.set_out(member, send.share * payload_, own.links.data(), static_cast<int>(own.links.size()), now);
    }
    sharing_.arrive(member);
    end_ = now;
    ++own.sent;
    own.is_busy = false;
    start(member, now);
    start(send.to, now);
  }

  /// Skips whole periods when all members set out at this moment; the end, if none is left.
  std::optional<double> skip(double now) {
    if (!rounds_.are_alike || has_skipped_) return std::nullopt;
    const int round = members_.front().sent;
    for (const Sender& one : members_)
      if (!one.is_busy || one.since != now || one.sent != round) return std::nullopt;
    if (round == met_round_) return std::nullopt;
    const int period = round - met_round_;
    const double seconds = now - met_at_;
    met_round_ = round;
    met_at_ = now;
    const int periods = (rounds_.count - round) / period;
    has_skipped_ = true;
    skipped_ = periods * seconds;
    for (Sender& one : members_) one.sent += periods * period;
    if (members_.front().sent == rounds_.count) return now + skipped_;
    return std::nullopt;
  }

  const Rounds& rounds_;
  double payload_, latency_;
  const MemberLinks& links_;
  std::vector<Sender> members_;
  Sharing sharing_;
  std::vector<Event> heap_;
  std::uint64_t numbers_ = 0;
  int met_round_ = 0;  ///< when all set out at one moment, first at the start
  double met_at_ = 0, skipped_ = 0, end_ = 0;
  bool has_skipped_ = false;
};

}  // namespace

Rounds rounds(Pattern pattern, int n) {
  if (n < 1) throw std::logic_error("a collective without members");
  if (pattern == Pattern::ring) return ring_rounds(n);
  if (pattern == Pattern::halving_doubling) return halving_rounds(n);
  if (pattern == Pattern::all_to_all) return pair_rounds(n);
  throw std::logic_error("a pattern that is not one message a member and round");
}

double play_rounds(const Rounds& rounds, double payload, double latency, const MemberLinks& links) {
  return RoundPlayer(rounds, payload, latency, links).run();
}

}  // namespace chipmix::engine
