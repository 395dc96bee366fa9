// Passes over memory that are easy to forget: gradients added up over micro-batches, fp8 casts, norms without sequence
// parallelism. Are they there, and as large as they should be?
#include <catch2/catch.hpp>

#include "../../support/machines.hpp"
#include "../../support/plans.hpp"
#include "plan/schedule.hpp"
#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

/// Bytes that products move for what they write in another format than their own.
double accumulated(const std::vector<Task>& tasks) {
  double sum = 0;
  for (const Task& task : tasks)
    if (const auto* compute = std::get_if<ComputeTask>(&task)) {
      if (const auto* s = std::get_if<GemmShape>(&compute->shape)) sum += s->c_bytes * s->m * s->n;
      if (const auto* s = std::get_if<GroupedGemmShape>(&compute->shape))
        sum += s->c_bytes * s->groups * s->rows_per_group * s->n;
    }
  return sum;
}

double streamed(const std::vector<Task>& tasks) {
  double sum = 0;
  for (const Task& task : tasks)
    if (const auto* compute = std::get_if<ComputeTask>(&task))
      if (const auto* s = std::get_if<StreamShape>(&compute->shape)) sum += s->moved.value();
  return sum;
}

/// Weights of a layer's matrices: all but the norms'.
double matrix_weights(const workload::ModelSpec& model, const BlockTasks& layer) {
  return layer.parameters.total() - 2 * model.hidden;
}

}  // namespace

TEST_CASE("is each weight's gradient read and written once per micro-batch, in the stack's gradient format?") {
  const auto model = support::dense();
  for (double gradient : {2.0, 4.0})
    for (int micro_batch : {1, 4}) {
      Sharding s = sharding(1, 1, 1, micro_batch);
      s.gradient_bytes = gradient;
      const BlockTasks layer = dense_layer(model, s);
      CHECK(accumulated(layer.backward) == Approx(2 * gradient * matrix_weights(model, layer)));
      CHECK(accumulated(layer.forward) == 0);
    }
}

TEST_CASE("without fused accumulation, is the gradient written, read back and added in a kernel of its own?") {
  const auto model = support::dense();
  Sharding narrow = sharding(1), wide = sharding(1);
  narrow.fused_accumulation = wide.fused_accumulation = false;
  narrow.gradient_bytes = 2;
  wide.gradient_bytes = 4;
  const BlockTasks two = dense_layer(model, narrow), four = dense_layer(model, wide);
  CHECK(accumulated(two.backward) == Approx(2 * matrix_weights(model, two)));
  CHECK(streamed(four.backward) - streamed(two.backward) == Approx(2 * 2 * matrix_weights(model, two)));
}

TEST_CASE("does fp8 cast what no norm or activation function wrote, and the gradients that none takes?") {
  const auto model = support::dense();
  Sharding s = sharding(1);
  const BlockTasks plain = dense_layer(model, s);
  s.dtype = Dtype::fp8;
  const BlockTasks cast = dense_layer(model, s);
  const double tokens = 2 * 2048, h = 1024, kv = 512;                                 // 8 key/value heads of 64
  CHECK(streamed(cast.forward) - streamed(plain.forward) == Approx(4 * tokens * h));  // attention's output
  // gradients of: query, key and value; the attention's and the MLP's projection back
  CHECK(streamed(cast.backward) - streamed(plain.backward) == Approx(4 * tokens * ((h + 2 * kv) + h + h)));
}

TEST_CASE("without sequence parallelism, does every tensor-parallel rank work on the norms of all tokens?") {
  const auto model = support::gpt(8, 1024, 16);
  Sharding split = sharding(4), whole = sharding(4);
  whole.sequence_parallel = false;
  const double saved = streamed(dense_layer(model, whole).forward) - streamed(dense_layer(model, split).forward);
  const double tokens = 2 * 2048, h = 1024;
  // two norms (read, write) and two residuals behind dropout (read twice, write once, a mask of half an element)
  CHECK(saved == Approx(0.75 * 2 * tokens * h * (2 * 2 + 2 * 3.5)));
}

TEST_CASE("does a plan without sequence parallelism lower to all-reduces?") {
  const auto job = support::job(support::dense());
  UniformPlan plan{{4, 1, 1, 4}, 1, 1, 1};
  plan.sequence_parallel = false;
  const Program program = support::lowered(plan, job, support::h100s(16));
  const auto& layer = *program.stages.front().chunks.front()[1].block;
  CHECK(count(collectives(layer.forward, Account::tensor_communication), Collective::all_reduce) == 2);
  CHECK(count(collectives(layer.backward, Account::tensor_communication), Collective::all_reduce) == 2);
}

TEST_CASE("are the chunks in flight after the warm-up those the schedule has started?") {
  for (int stages : {2, 4})
    for (int interleave : {1, 2, 3})
      for (int rounds : {1, 2, 4}) {
        const PipelineShape shape{stages, interleave, rounds * stages};
        for (int stage = 0; stage < stages; ++stage) {
          std::vector<int> started(interleave);
          for (const Slot& slot : schedule(shape, stage)) {
            if (slot.direction == Direction::backward) break;
            ++started[slot.chunk];
          }
          INFO("P" << stages << " V" << interleave << " M" << shape.micro_batches << " stage " << stage);
          REQUIRE(chunks_in_flight(shape, stage) == started);
        }
      }
}

}  // namespace chipmix::plan::test
