// What a block of tasks costs: exchanges once per node, host launches in graphs, moments at which the host waits.
#include <catch2/catch.hpp>
#include <cmath>

#include "../../support/machines.hpp"
#include "engine/analytical/block_cost.hpp"
#include "engine/analytical/stage_work.hpp"
#include "laws/collectives.hpp"

namespace chipmix::engine {
namespace {

using plan::Account;

/// Four H100 servers whose collectives are a benchmark's, so that laws can be asked directly; 10 µs a launch.
hardware::NodeGroup servers() {
  auto group = support::machine("h100-sxm5-80gb", 32, "megatron-core");
  group.stack.collective_rate.value = group.stack.network_rate.value = 1;
  group.stack.network_latency.value = Seconds{};
  group.stack.host_per_kernel.value = Seconds{10e-6};
  group.stack.tensor_overlap.value = group.stack.expert_overlap.value = 0;
  group.stack.overlaps_batches = false;
  group.node.host_speed.reset();
  return group;
}

plan::CollectiveTask exchange(double copies, double crossing = 1) {
  plan::CollectiveTask task{Account::expert_communication, plan::Collective::all_to_all, Bytes{256e6}, {32, 1}};
  task.copies = copies;
  task.crossing = crossing;
  return task;
}

/// A copy of 3.35 GB in so many kernels: a millisecond and more.
plan::ComputeTask copy(double kernels, bool graphed = false) {
  plan::ComputeTask task{Account::elementwise, plan::StreamShape{Bytes{3.35e9}, kernels}};
  task.graphed = graphed;
  return task;
}

plan::BlockTasks block(std::vector<plan::Task> forward, std::size_t waits_at = 0) {
  plan::BlockTasks tasks;
  tasks.forward = std::move(forward);
  tasks.waits_at = waits_at;
  return tasks;
}

double host_time(const plan::BlockTasks& tasks, const hardware::NodeGroup& group = servers()) {
  return block_cost(tasks, Machine(group)).forward[Spent::host];
}

/// (device⁴ + host⁴)^(1/4) - device
double excess(double device, double host) { return std::pow(std::pow(device, 4) + std::pow(host, 4), 0.25) - device; }

}  // namespace

TEST_CASE("tokens that cross to each node and rank once take their share of both networks' time") {
  const auto group = servers();
  const auto tiers = laws::collective_tiers(plan::Collective::all_to_all, Bytes{256e6}, {32, 1}, group);
  const Machine machine(group);
  CHECK(task_time(exchange(0), machine) == Approx((tiers.inside + tiers.across).value()));
  // 8 copies to the 8 ranks of each of 4 nodes reach 5.25 of them; they pass on while more arrive
  const Seconds inside = tiers.inside * (4 * (1 - std::pow(0.875, 8)));
  const double once = 4 * (1 - std::pow(0.75, 8)) / 8;  // 0.45: 8 copies on 4 nodes
  CHECK(task_time(exchange(8), machine) == Approx(max(inside, tiers.across * once).value()));
  // bound to fewer nodes by the router: the smaller share counts
  CHECK(task_time(exchange(8, 0.25), machine) == Approx(max(inside, tiers.across * 0.25).value()));
  CHECK(task_time(exchange(8, 0.9), machine) == Approx(task_time(exchange(8), machine)));
}

TEST_CASE("the host launches what no graph holds, and a faster host sooner") {
  const Machine machine(servers());
  const double device = task_time(copy(300), machine);
  CHECK(host_time(block({copy(300)})) == Approx(excess(device, 300 * 10e-6)));
  CHECK(host_time(block({copy(300, true)})) == 0);
  plan::ComputeTask looped = copy(300);
  looped.launches = 2.5;  // by the host; the kernels are as many
  CHECK(host_time(block({looped})) == Approx(excess(device, 2.5 * 10e-6)).margin(1e-15));
  auto fast = servers();
  fast.node.host_speed = Sourced<double>{.value = 2};
  CHECK(host_time(block({copy(300)}), fast) == Approx(excess(device, 300 * 5e-6)));
}

TEST_CASE("where the host waits it cannot run ahead: both parts count by themselves") {
  // First many launches, then much work for the device. Without the wait one would hide the other.
  const Machine machine(servers());
  plan::ComputeTask small = copy(0), large = copy(0);
  small.launches = 1000;
  small.shape = plan::StreamShape{Bytes{3.35e6}, 1};
  large.launches = 1;
  large.shape = plan::StreamShape{Bytes{33.5e9}, 1};
  const double few = task_time(small, machine), much = task_time(large, machine);
  CHECK(host_time(block({small, large})) == Approx(excess(few + much, 1001 * 10e-6)));
  CHECK(host_time(block({small, large}, 1)) == Approx(excess(few, 1000 * 10e-6) + excess(much, 10e-6)));
  CHECK(host_time(block({small, large}, 1)) > 2 * host_time(block({small, large})));
}

TEST_CASE("8-bit products run at the stack's share of the device's rate") {
  auto group = servers();
  group.stack.fp8_rate.value = 1;
  const plan::ComputeTask gemm{Account::matrix_products, plan::GemmShape{8192, 8192, 8192, 1}, plan::Direction::forward,
                               Dtype::fp8};
  plan::ComputeTask wide = gemm;
  wide.dtype = Dtype::bf16;
  const double whole = task_time(gemm, Machine(group)), bf16 = task_time(wide, Machine(group));
  group.stack.fp8_rate.value = 0.5;
  CHECK(task_time(gemm, Machine(group)) > 1.8 * whole);
  CHECK(task_time(gemm, Machine(group)) < 2.01 * whole);
  CHECK(task_time(wide, Machine(group)) == bf16);
}

// A gather and a reduction that hide behind one backward pass must share its time: a slower pass is not a faster step.
TEST_CASE("does a longer backward pass never shorten a step whose passes gather and reduce?") {
  hardware::SoftwareStack stack;
  stack.shard_rate.value = 1;
  stack.parameter_overlap.value = stack.gradient_overlap.value = 1;
  const auto total = [&](double backward) {
    StageWork work;
    work.stack = &stack;
    laws::StepWork& step = work.step[static_cast<int>(plan::Zero::parameters)];
    step.gradient_reduction = Seconds{3};
    step.parameter_gather = Seconds{2};
    ChunkTimes chunk;
    chunk.forward[Spent::host] = 1;
    chunk.backward[Spent::host] = backward;
    add(chunk, work);
    return micro_batch_times(work, {plan::Recompute::none, plan::Zero::parameters}).total();
  };
  // forward 1 and what is left of its gather 1; then gather and reduction, 5 together, or what is longer
  CHECK(total(1) == Approx(2 + 5));
  CHECK(total(2) == Approx(2 + 5));
  CHECK(total(5) == Approx(2 + 5));
  CHECK(total(6) == Approx(2 + 6));
}

TEST_CASE("what runs again is launched again, and each module by a call of two launches more") {
  plan::BlockTasks tasks = block({copy(300), copy(20)});
  std::get<plan::ComputeTask>(tasks.forward[1]).recomputed = true;
  tasks.backward = {copy(600)};
  tasks.checkpoints = 3;
  const Machine machine(servers());
  const double back = task_time(copy(600), machine), again = task_time(copy(20), machine);
  const auto total = [](double device, double host) { return device + excess(device, host); };
  const double expected = total(back + again, (600 + 20 + 3 * 2) * 10e-6) - total(back, 600 * 10e-6);
  const BlockCost cost = block_cost(tasks, machine);
  CHECK(cost.again_selective == Approx(expected));
}

}  // namespace chipmix::engine
