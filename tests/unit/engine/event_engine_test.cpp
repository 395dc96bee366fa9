// The event engine beside the analytical one: the same where nothing is shared, between its bounds where links are, and
// slower where something is wrong.
#include "engine/event/event_engine.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"

namespace chipmix::engine {
namespace {

struct Asked {
  std::string name;
  workload::TrainingJob job;
  hardware::Cluster cluster;
};

std::vector<Asked> jobs() {
  return {{"dense on H100", support::job(support::gpt(8), 2048, 32), support::h100s(32)},
          {"mixture on 910B", support::job(support::mixture(8), 2048, 32),
           support::cluster(support::machine("ascend-910b2", 16))},
          {"latent on MI300X", support::job(support::latent(8), 4096, 16),
           support::cluster(support::machine("mi300x", 16))}};
}

/// Plans that the event engine plays, every n-th of them.
std::vector<plan::UniformPlan> some_plans(const Asked& asked, std::size_t step) {
  support::Grid grid;
  grid.pipeline = {1, 2, 4};
  grid.schedules = {std::nullopt, plan::ScheduleKind::gpipe};
  const auto all = support::legal_plans(grid, asked.job, asked.cluster.groups.front());
  std::vector<plan::UniformPlan> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

/// Four stages and two replicas, each stage of one so many H100.
struct Laid {
  Laid(int tensor, int devices) : cluster(support::h100s(devices)) {
    plan::UniformPlan uniform;
    uniform.degrees = {tensor, 1, 1, 2};
    uniform.pipeline = 4;
    program = support::lowered(uniform, job, cluster);
  }
  workload::TrainingJob job = support::job(support::gpt(8), 2048, 16);
  hardware::Cluster cluster;
  plan::Program program;

  double step(const Disturbance& disturbance = {}) const {
    return EventEngine(cluster, disturbance).step_times(program).total();
  }
};

/// Half a server each.
struct Four : Laid {
  Four() : Laid(4, 32) {}
};
/// A server each: eight of them.
struct Eight : Laid {
  Eight() : Laid(8, 64) {}
};

int exchanges_of(const PlayedStep& step) {
  const auto& all = step.list.transfers;
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const auto& one) { return one.is_exchange; }));
}

/// A mixture of experts in two stages on servers of eight: every stage fills four, experts over two of them.
struct Experts {
  explicit Experts(int expert = 16) {
    plan::UniformPlan uniform;
    uniform.degrees = {1, 1, expert, 32};
    uniform.pipeline = 2;
    program = support::lowered(uniform, job, cluster);
  }
  workload::TrainingJob job = support::job(support::mixture(8), 2048, 256);
  hardware::Cluster cluster = support::h100s(64);
  plan::Program program;

  double step(const Disturbance& disturbance = {}) const {
    return EventEngine(cluster, disturbance).step_times(program).total();
  }
  static Disturbance on(double oversubscription, int servers_per_leaf) {
    Disturbance disturbance;
    disturbance.fabric = Fabric{.fat_tree = FatTree{servers_per_leaf, oversubscription}};
    return disturbance;
  }
};

}  // namespace

TEST_CASE("do exchanges of experts share the ports with what stages send?") {
  const Experts experts;
  EventEngine engine(experts.cluster);
  CHECK(exchanges_of(engine.play(experts.program)) > 0);
  CHECK(exchanges_of(engine.play(Experts(8).program)) == 0);  // a group within a server
  const double alone = AnalyticalEngine(experts.cluster).step_times(experts.program).total();
  const double played = experts.step();
  CHECK(played > alone * (1 - 1e-9));
  CHECK(played < 1.2 * alone);
}

TEST_CASE("is a step of experts on a fabric that never fills the same as without one, and slower on thin spines?") {
  const Experts experts;
  const double without = experts.step();
  CHECK(experts.step(Experts::on(1, 8)) == Approx(without).epsilon(1e-6));  // one leaf holds all
  CHECK(experts.step(Experts::on(1, 1)) == Approx(without).epsilon(1e-2));  // spines as wide as the ports
  double before = experts.step(Experts::on(1, 1));
  for (double thin : {2.0, 4.0, 8.0}) {
    const double step = experts.step(Experts::on(thin, 1));
    CHECK(step > before);
    before = step;
  }
  // two servers under a leaf hold a group of 16: only what stages send and reduce meets the spines
  CHECK(experts.step(Experts::on(4, 2)) < experts.step(Experts::on(4, 1)));
}

TEST_CASE("is one pipeline that exchanges tokens the same as all replicas played?") {
  const Experts experts;
  const PlayedStep folded = EventEngine(experts.cluster).play(experts.program);
  const PlayedStep all = EventEngine(experts.cluster, {.jitter = Jitter{1e-12, 1}}).play(experts.program);
  CHECK(folded.classes.size() == 1);
  CHECK(all.classes.size() == 32);
  CHECK(all.end == Approx(folded.end).epsilon(1e-9));
}

TEST_CASE("does a slow replica hold up those it exchanges tokens with at every exchange?") {
  const Experts together, apart(8);
  const auto delay = [](const Experts& of) { return of.step({.slow = {{0, 1, 1.3}}}) / of.step(); };
  CHECK(delay(together) > 1.02);
  CHECK(delay(together) <= 1.3);
  CHECK(delay(apart) <= 1.3);
  // one slow port of the group: all wait for its part of the exchange
  CHECK(together.step({.ports = {{0, 1, 0.25}}}) > 1.01 * together.step());
}

TEST_CASE("do both engines agree where nothing is shared?") {
  for (const Asked& asked : jobs()) {
    INFO(asked.name);
    int compared = 0, exchanging = 0;
    for (const plan::UniformPlan& plan : some_plans(asked, 7)) {
      const plan::Degrees& d = plan.degrees;
      const bool reduces = d.data * d.context > 1 || (asked.job.model.moe && d.expert_data() > 1);
      if (reduces && plan.zero < plan::Zero::gradients) continue;
      const plan::Program program = support::lowered(plan, asked.job, asked.cluster);
      EventEngine engine(asked.cluster);
      const PlayedStep played = engine.play(program);
      const bool exchanges = exchanges_of(played) > 0;
      if (exchanges && plan.pipeline > 1) continue;  // shares the ports with what stages send to one another
      const double analytical = AnalyticalEngine(asked.cluster).step_times(program).total();
      REQUIRE(engine.step_times(program).total() == Approx(analytical).epsilon(1e-6));
      ++compared;
      exchanging += exchanges;
    }
    CHECK(compared > 10);
    CHECK(exchanging > 0);
  }
}

TEST_CASE("is waiting for exchanges of a dense model booked where they belong?") {
  plan::UniformPlan uniform;
  uniform.degrees = {1, 16, 1, 2};
  uniform.pipeline = 2;
  const auto job = support::job(support::gpt(8), 8192, 16);
  const hardware::Cluster cluster = support::h100s(64);
  const plan::Program program = support::lowered(uniform, job, cluster);
  const Times played = EventEngine(cluster, {{}, {{0, 2, 0.2}}, {}}).step_times(program);
  const Times alone = AnalyticalEngine(cluster).step_times(program);
  CHECK(played[Spent::expert_communication] == 0);
  CHECK(played[Spent::context_communication] > 1.05 * alone[Spent::context_communication]);
}

TEST_CASE("does a stage reduce its gradients when its own passes end, in both engines?") {
  int shorter = 0;
  for (const Asked& asked : jobs()) {
    INFO(asked.name);
    for (const plan::UniformPlan& plan : some_plans(asked, 9)) {
      if (plan.pipeline == 1 || plan.zero >= plan::Zero::gradients) continue;
      const plan::Program program = support::lowered(plan, asked.job, asked.cluster);
      AnalyticalEngine engine(asked.cluster);
      const Times analytical = engine.step_times(program);
      REQUIRE(EventEngine(asked.cluster).step_times(program).total() >= analytical.total() * (1 - 1e-9));
      REQUIRE(engine.lower_bound(program) <= analytical.total() * (1 + 1e-12));
      const ProgramWork work = engine.work(program);
      double longest = 0;
      for (const StageWork& stage : work.kinds)
        longest = std::max(longest, step_times(stage, {plan.recompute, plan.zero})[Spent::gradient_reduction]);
      REQUIRE(analytical[Spent::gradient_reduction] <= longest * (1 + 1e-9));
      shorter += analytical[Spent::gradient_reduction] < longest * (1 - 1e-6);
    }
  }
  CHECK(shorter > 0);
}

TEST_CASE("does a step that shares links stay between no sharing and everything in a row?") {
  for (const Asked& asked : jobs()) {
    INFO(asked.name);
    int shared = 0;
    for (const plan::UniformPlan& plan : some_plans(asked, 11)) {
      const plan::Program program = support::lowered(plan, asked.job, asked.cluster);
      EventEngine engine(asked.cluster);
      const double step = engine.step_times(program).total();
      const Times alone = AnalyticalEngine(asked.cluster).step_times(program);
      const PlayedStep played = engine.play(program);
      double transfers = 0;
      for (const StepList::Transfer& one : played.list.transfers) transfers += played.list.tasks.task(one.task).amount;
      REQUIRE(step >= alone.total() * (1 - 1e-9));
      REQUIRE(step <= (alone.total() + transfers) * (1 + 1e-9));
      shared += plan.degrees.data > 1 && plan.pipeline > 1;
    }
    CHECK(shared > 5);
  }
}

TEST_CASE("is one pipeline for all replicas the same as every replica played?") {
  const Four four;
  EventEngine engine(four.cluster);
  const PlayedStep folded = engine.play(four.program);
  REQUIRE(folded.classes.size() == 1);
  // a spread too small to be seen makes every replica a class of its own
  EventEngine unfolded(four.cluster, {.jitter = Jitter{1e-12, 1}});
  const PlayedStep all = unfolded.play(four.program);
  CHECK(all.classes.size() == 2);
  CHECK(all.end == Approx(folded.end).epsilon(1e-9));
  CHECK(all.passes_end == Approx(folded.passes_end).epsilon(1e-9));
}

TEST_CASE("does one slow replica of one stage hold up all, by no more than its own delay?") {
  const Four four;
  const double even = four.step();
  const double slow = four.step({.slow = {{2, 1, 1.5}}});
  CHECK(slow > 1.05 * even);
  CHECK(slow < 1.5 * even);
  CHECK(four.step({.slow = {{2, 1, 1}}}) == Approx(even));
  // one of them or all of them: everybody waits at the reduction
  CHECK(four.step({.slow = {{2, 2, 1.5}}}) == Approx(slow).epsilon(1e-3));
  EventEngine engine(four.cluster, {.slow = {{2, 1, 1.5}}});
  CHECK(engine.play(four.program).classes.size() == 2);
}

TEST_CASE("is a step with weaker ports never faster, and slower where a port is what it waits for?") {
  plan::UniformPlan uniform;
  uniform.degrees = {8, 1, 1, 2};
  uniform.pipeline = 2;
  const auto job = support::job(support::gpt(8), 2048, 16);
  const auto cluster = support::h100s(32);
  const plan::Program program = support::lowered(uniform, job, cluster);
  double before = 0;
  for (double share : {1.0, 0.5, 0.25, 0.05}) {
    const double step = EventEngine(cluster, {.ports = {{0, 1, share}}}).step_times(program).total();
    CHECK(step >= before * (1 - 1e-9));
    before = step;
  }
  CHECK(before > 1.1 * EventEngine(cluster).step_times(program).total());
}

TEST_CASE("is jitter the same for the same seed, and worse the wider it is?") {
  const Four four;
  const auto with = [&](double spread, int seed) { return four.step({.jitter = Jitter{spread, seed}}); };
  CHECK(with(0.05, 3) == with(0.05, 3));
  CHECK(with(0.05, 3) != with(0.05, 4));
  CHECK(with(0.2, 3) > with(0.02, 3));
}

TEST_CASE("do the seconds of the ledger add up, and does it keep memory and peak?") {
  const Four four;
  const auto event = std::get<estimate::Estimate>(EventEngine(four.cluster).estimate(four.program));
  const auto analytical = std::get<estimate::Estimate>(AnalyticalEngine(four.cluster).estimate(four.program));
  CHECK(event.time.total().value() == Approx(event.step_time.value()));
  CHECK(event.memory.size() == analytical.memory.size());
  CHECK(event.peak.value() == analytical.peak.value());
}

TEST_CASE("is what the plan has not refused with what there is?") {
  const Four four;
  const auto reason = [&](const Disturbance& disturbance, plan::Program program) {
    const auto outcome = EventEngine(four.cluster, disturbance).estimate(program);
    REQUIRE(std::holds_alternative<estimate::Infeasible>(outcome));
    return std::get<estimate::Infeasible>(outcome).explanation;
  };
  CHECK(reason({{{4, 1, 2}}, {}, {}}, four.program).find("the plan has 4 (0 to 3)") != std::string::npos);
  CHECK(reason({{}, {{0, 3, 0.5}}, {}}, four.program).find("the plan has 2") != std::string::npos);
  const std::string all = reason({{{4, 1, 2}, {99, 9, 2}}, {{7, 1, 0.5}}, {}}, four.program);  // at once
  for (const char* fault :
       {"slow devices on stage 4", "slow devices on stage 99", "slow devices on 9 replicas", "weak ports on stage 7"})
    CHECK(all.find(fault) != std::string::npos);
}

namespace {

Fabric leaves(int nodes_per_leaf, double oversubscription, Paths paths = Paths::spread) {
  return {.fat_tree = FatTree{nodes_per_leaf, oversubscription, paths, 1}};
}

}  // namespace

TEST_CASE("does a fabric that never fills change nothing, and an oversubscribed one only slow down?") {
  const Eight eight;
  const double alone = eight.step();
  CHECK(eight.step({.fabric = leaves(8, 1)}) == Approx(alone).epsilon(1e-9));
  CHECK(eight.step({.fabric = leaves(1, 1)}) == Approx(alone).epsilon(1e-9));
  double before = alone;
  for (double oversubscription : {1.0, 2.0, 8.0, 64.0}) {
    const double step = eight.step({.fabric = leaves(2, oversubscription)});
    CHECK(step >= before * (1 - 1e-9));
    before = step;
  }
  CHECK(before > 1.05 * alone);
}

TEST_CASE("does a second job on the same leaves slow the first, and not one that has leaves of its own?") {
  const Eight eight;
  Fabric shared = leaves(4, 16), own = leaves(1, 16);
  shared.jobs = own.jobs = 2;
  CHECK(eight.step({.fabric = shared}) > eight.step({.fabric = leaves(2, 8)}) * (1 - 1e-9));
  CHECK(eight.step({.fabric = own}) == Approx(eight.step({.fabric = leaves(1, 16)})));
}

TEST_CASE("do hashed paths collide for some seed, and are they the same for the same seed?") {
  const Eight eight;
  const double spread = eight.step({.fabric = leaves(4, 4)});
  double worst = 0;
  for (int seed = 1; seed <= 5; ++seed) {
    Fabric fabric = leaves(4, 1, Paths::hashed);
    fabric.fat_tree->seed = seed;
    const double step = eight.step({.fabric = fabric});
    CHECK(step == eight.step({.fabric = fabric}));
    worst = std::max(worst, step);
  }
  CHECK(worst > eight.step() * (1 + 1e-9));
  CHECK(spread > eight.step());
}

TEST_CASE("do reductions message by message take what whole flows take, where ports are alike?") {
  const Eight eight;
  Fabric steps = leaves(8, 1);
  steps.reductions = Reductions::steps;
  CHECK(eight.step({.fabric = steps}) == Approx(eight.step({.fabric = leaves(8, 1)})).epsilon(1e-6));
}

TEST_CASE("does an outage cost at most its own length, and nothing once the step is over?") {
  const Eight eight;
  const double alone = eight.step();
  const double out = eight.step({.outages = {{1, 1, 0, Seconds{0.1 * alone}, Seconds{0.5 * alone}}}});
  CHECK(out > 1.2 * alone);
  CHECK(out < 1.5 * alone * (1 + 1e-9));
  CHECK(eight.step({.outages = {{1, 1, 0, Seconds{2 * alone}, Seconds{alone}}}}) == Approx(alone));
}

TEST_CASE("is a fabric for other servers than the plan's refused with both numbers?") {
  const Eight eight;
  const Fabric fabric{.torus = Torus{{3, 3}}};
  const auto outcome = EventEngine(eight.cluster, {.fabric = fabric}).estimate(eight.program);
  REQUIRE(std::holds_alternative<estimate::Infeasible>(outcome));
  CHECK(std::get<estimate::Infeasible>(outcome).explanation == "a torus of 3 × 3 has 9 servers, the plan's jobs 8");
}

}  // namespace chipmix::engine
