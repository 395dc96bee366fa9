// Max-min fair sharing of links.
//
// Every flow gets the same rate until a link is full; flows on it keep that rate, the others go on rising (progressive
// filling, Bertsekas and Gallager, Data Networks, 1992, section 6.5.2). With R_l the capacity of link l not yet given
// away and n_l its flows not yet fixed, the link with the least R_l / n_l is full next, and that is their rate.
#pragma once

#include <vector>

namespace chipmix::engine {

/// Flows that share links with one another, directly or through others.
struct SharingGroup {
  struct Flow {
    const int* links = nullptr;  ///< indices into `capacities`
    int count = 0;
    double rate = 0;  ///< the answer
  };
  std::vector<Flow> flows;
  std::vector<int> links;  ///< all links of the flows
};

/// Fair rates of a group after another. Remembers nothing between groups but its arrays.
class MaxMin {
 public:
  explicit MaxMin(const std::vector<double>& capacities);

  /// Sets the rates of the flows. O(flow-links · log).
  void solve(SharingGroup& group);

 private:
  struct Candidate {
    double share = 0;
    int link = 0;
    bool operator<(const Candidate& other) const {
      return share != other.share ? share > other.share : link > other.link;
    }
  };
  void offer(int link);
  void fix(SharingGroup& group, int flow, double rate);

  const std::vector<double>& capacities_;
  std::vector<double> left_;             ///< R, by link
  std::vector<int> open_;                ///< n, by link
  std::vector<std::vector<int>> flows_;  ///< of the group, by link
  std::vector<char> is_fixed_;
  std::vector<Candidate> heap_;
};

}  // namespace chipmix::engine
