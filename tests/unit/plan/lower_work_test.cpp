// Lowering: do the ranks together do the model's work and hold its weights, no more and no less?
#include <catch2/catch.hpp>

#include "../../support/machines.hpp"
#include "../../support/plans.hpp"
#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

/// Every layer sees half of a sequence of 2,048 tokens.
workload::ModelSpec windowed() {
  workload::ModelSpec model = support::dense();
  model.id = "windowed";
  model.attention.window = 1024;
  return model;
}

std::vector<workload::ModelSpec> models() {
  return {support::dense(),
          support::gpt(),
          support::mixture(),
          support::latent(),
          support::load_model("deepseek-v3"),
          support::load_model("gpt-3-175b"),
          windowed(),
          support::load_model("gpt-oss-120b")};
}

struct Sums {
  double products = 0, attention = 0;
};

Sums sum(const workload::ModelGraph& graph, const Sharding& s, bool forward) {
  Sums sums;
  for (const workload::Run& run : graph.runs) {
    const BlockTasks tasks = lower_block(graph.blocks[run.block], s);
    sums.products += run.count * flops(forward ? tasks.forward : tasks.backward, false);
    sums.attention += run.count * flops(forward ? tasks.forward : tasks.backward, true);
  }
  return sums;
}

/// Weights that every tensor-parallel rank holds whole.
double replicated(const workload::Block& block) {
  double sum = 0;
  for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
    const workload::Operator& op = block.graph[vertex];
    if (op.shard == workload::Shard::sequence || op.shard == workload::Shard::whole) sum += op.parameters;
  }
  return sum;
}

double held(const workload::ModelSpec& model, const Program& program) {
  double sum = 0;
  for (const StageProgram& stage : program.stages) sum += stage.parameters.total();
  return sum - workload::count_parameters(model).prediction;
}

}  // namespace

TEST_CASE("do the ranks' products and attention add up to the model's forward FLOPs?") {
  for (const auto& model : models()) {
    const workload::ModelGraph graph = workload::build_graph(model);
    for (int tensor : {1, 2, 4})
      for (int context : {1, 2, 4})
        for (int expert : {1, 2, 4}) {
          const Sharding s = sharding(tensor, context, expert);
          const Sums forward = sum(graph, s, true);
          const double tokens = static_cast<double>(s.micro_batch) * s.sequence_length;
          INFO(model.id << " TP" << tensor << " CP" << context << " EP" << expert);
          REQUIRE((forward.products + forward.attention) * tensor * context ==
                  Approx(tokens * workload::forward_flops_per_token(graph, s.sequence_length)).epsilon(1e-12));
        }
  }
}

TEST_CASE("does the backward pass run two products for each of the forward pass?") {
  for (const auto& model : models()) {
    const workload::ModelGraph graph = workload::build_graph(model);
    for (int tensor : {1, 4}) {
      const Sharding s = sharding(tensor, 2, 2);
      INFO(model.id << " TP" << tensor);
      REQUIRE(sum(graph, s, false).products == Approx(2 * sum(graph, s, true).products).epsilon(1e-12));
      REQUIRE(sum(graph, s, false).attention == Approx(sum(graph, s, true).attention));  // one task; its law knows 2.5
    }
  }
}

TEST_CASE("do tensor and expert ranks together hold each weight of a block once, but what all of them hold?") {
  for (const auto& model : models())
    for (const workload::Block& block : workload::build_graph(model).blocks) {
      const RankParameters whole = lower_block(block, sharding(1)).parameters;
      for (int tensor : {2, 4})
        for (int expert : {1, 4}) {
          const RankParameters part = lower_block(block, sharding(tensor, 1, expert)).parameters;
          INFO(model.id << " " << block.name << " TP" << tensor << " EP" << expert);
          REQUIRE((part.dense - replicated(block)) * tensor + replicated(block) == Approx(whole.dense).epsilon(1e-12));
          REQUIRE(part.experts * expert == Approx(whole.experts).epsilon(1e-12));
        }
    }
}

TEST_CASE("do the stages together hold the model's published parameters?") {
  const hardware::Cluster cluster = support::h100s(16);
  for (const auto& model : models()) {
    const auto job = support::job(model);
    for (int pipeline : {1, 4})
      for (int interleave : {1, 2}) {
        if (pipeline == 1 && interleave == 2) continue;
        const UniformPlan plan{{1, 1, 1, 16 / pipeline}, pipeline, interleave, 1};
        // A tied table stands on the first and on the last stage.
        const double copy = model.tied_embeddings && pipeline > 1 ? workload::count_parameters(model).head : 0;
        INFO(model.id << " PP" << pipeline);
        CHECK(held(model, support::lowered(plan, job, cluster)) - copy ==
              Approx(workload::count_parameters(model).total).epsilon(1e-12));
      }
  }
}

TEST_CASE("is the FLOP count of a step three forward passes over its tokens?") {
  const auto job = support::job(support::dense(), 2048, 32);
  const Program program = support::lowered({{1, 1, 1, 16}, 1, 1, 1}, job, support::h100s(16));
  const double forward = workload::forward_flops_per_token(workload::build_graph(job.model), 2048);
  CHECK(program.model_flops == Approx(3 * forward * 2048 * 32));
}

TEST_CASE("is what a stage hands on the hidden state of its slice of the micro-batch?") {
  const auto job = support::job(support::dense(), 2048, 32);
  const Program program = support::lowered({{4, 1, 1, 2}, 2, 1, 2}, job, support::h100s(16));
  CHECK(program.stages.front().boundary.value() == Approx(2.0 * 1024 * 2 * 2048 / 4));
  CHECK(program.stages.front().next == Group{2, 8});
}

TEST_CASE("does fp8 training leave router, head and attention in 16 bit?") {
  Sharding s = sharding(1);
  s.dtype = Dtype::fp8;
  const workload::ModelGraph graph = workload::build_graph(support::mixture());
  for (const workload::Block& block : graph.blocks)
    for (const Task& task : lower_block(block, s).forward)
      if (const auto* compute = std::get_if<ComputeTask>(&task)) {
        if (compute->account == Account::attention || compute->account == Account::head_and_loss)
          CHECK((compute->dtype == Dtype::bf16 || std::holds_alternative<StreamShape>(compute->shape)));
        if (compute->account == Account::experts) CHECK(compute->dtype == Dtype::fp8);
      }
}

}  // namespace chipmix::plan::test
