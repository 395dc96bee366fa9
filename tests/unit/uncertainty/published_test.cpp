// What published runs leave unsure: less where more publishers were seen, more for mixtures of experts, and natural
// routing only upward.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "base/normal.hpp"
#include "engine/analytical/analytical.hpp"
#include "hardware/figures.hpp"
#include "uncertainty/sensitivity.hpp"

namespace chipmix::uncertainty {
namespace {

/// Two H100 servers whose figures have no ranges; so many publishers trained there.
hardware::NodeGroup seen(int dense, int moe, const std::string& device = "h100-sxm5-80gb") {
  auto group = support::machine(device, 16, "megatron-core");
  for (Dtype dtype : {Dtype::bf16, Dtype::fp8})
    hardware::for_each_figure(group, dtype, [](const std::string&, auto& figure) { figure.range.reset(); });
  group.stack.residual.range.reset();
  group.device.publisher_spread.reset();
  group.stack.seen = {{"Hopper", {dense, moe}}};
  return group;
}

workload::TrainingJob dense() { return support::job(support::dense(), 2048, 64); }
workload::TrainingJob mixture(bool is_routing_known = true) {
  auto job = support::job(support::mixture(), 2048, 64);
  job.is_routing_known = is_routing_known;
  return job;
}

StepInterval interval(const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  const auto cluster = support::cluster(group);
  return step_interval(job, {{support::laid_out({{1, 1, job.model.moe ? 8 : 1, 16}, 1, 1, 1}, job, cluster)}}, cluster);
}

double up(const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  return std::log(interval(job, group).p90);
}
double down(const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  return -std::log(interval(job, group).p10);
}

/// (R / z)².
double variance_of(const workload::TrainingJob& job, int dense_seen, int moe_seen) {
  return std::pow(up(job, seen(dense_seen, moe_seen)) / z90, 2);
}

}  // namespace

TEST_CASE("do publishers that were seen narrow an interval, as 1 / (1 + n)?") {
  const auto variance = [](int dense_seen, int moe_seen) { return variance_of(dense(), dense_seen, moe_seen); };
  const double unseen = variance(0, 0), on_die = 2 * (unseen - variance(1, 0)), between = unseen - on_die;  // s², d²
  CHECK(on_die > 0);
  CHECK(between > 0);
  CHECK(variance(3, 0) == Approx(between + on_die / 4));
  CHECK(variance(9, 0) == Approx(between + on_die / 10));
  CHECK(variance(1, 2) == Approx(variance(3, 0)));  // those of mixtures count for the die as well
  CHECK(variance(1000, 1000) > between);
  CHECK(down(dense(), seen(3, 0)) == Approx(up(dense(), seen(3, 0))));
}

TEST_CASE("does a die whose publishers lay far off have a wide interval to their side, for dense models alone?") {
  auto group = seen(9, 9);
  const double usual = up(dense(), group), of_experts = up(mixture(), group);
  group.device.publisher_spread = Sourced<double>{};
  group.device.publisher_spread->range = {{-0.01, 0.01}};
  CHECK(up(dense(), group) == Approx(usual));              // never narrower
  group.device.publisher_spread->range = {{-0.16, 0.28}};  // most were slower than predicted
  CHECK(up(dense(), group) / z90 == Approx(0.28));
  CHECK(down(dense(), group) / z90 == Approx(0.16));
  CHECK(up(mixture(), group) == Approx(of_experts));
  CHECK(down(mixture(), group) == Approx(of_experts));
}

TEST_CASE("are publishers of another die, or of none, not counted?") {
  CHECK(up(dense(), seen(4, 4, "a100-sxm4-80gb")) == Approx(up(dense(), seen(0, 0))));
  CHECK(up(dense(), seen(4, 4, "h800-sxm5-80gb")) == Approx(up(dense(), seen(4, 4))));  // the same die
}

TEST_CASE("is a mixture of experts less sure than a dense model, most where none was seen?") {
  const double experts = variance_of(mixture(), 0, 0) - variance_of(dense(), 0, 0);  // m²
  for (int n : {0, 2})
    for (int moe : {0, 1, 4}) {
      const double beyond = variance_of(mixture(), n, moe) - variance_of(dense(), n, moe);
      CHECK(beyond == Approx(experts / (1 + moe)));
      CHECK(up(mixture(), seen(n, moe)) > up(dense(), seen(n, moe)));
      CHECK(up(mixture(), seen(n, moe + 1)) < up(mixture(), seen(n, moe)));
    }
  CHECK(variance_of(mixture(), 4, 0) > variance_of(mixture(), 0, 4));  // dense runs say less about experts
}

TEST_CASE("does routing that nobody forced widen an interval upward only?") {
  const auto group = seen(4, 4);
  const StepInterval known = interval(mixture(), group), open = interval(mixture(false), group);
  CHECK(open.p90 > known.p90);
  CHECK(open.p10 == Approx(known.p10));
  const auto found = std::find_if(open.swings.begin(), open.swings.end(),
                                  [](const Swing& swing) { return swing.figure == "job.expert_imbalance"; });
  REQUIRE(found != open.swings.end());
  CHECK(found->at_low == 1);
  CHECK(found->at_high > 1);
  CHECK(interval(dense(), group).swings.size() == 1);  // a dense model has no routing
  auto uneven = mixture(false);
  uneven.expert_imbalance = 1.5;  // as uneven as any that was published
  CHECK(interval(uneven, group).swings.size() == 1);
}

}  // namespace chipmix::uncertainty
