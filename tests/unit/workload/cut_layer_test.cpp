// Layers cut between attention and MLP: do the halves hold what the layer holds, no more and no less?
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "../../support/models.hpp"
#include "workload/operators.hpp"

namespace chipmix::workload {
namespace {

struct Held {
  double flops = 0, parameters = 0, saved = 0, saved_bytes = 0;
  std::map<std::string, int> operators{};

  void add(const Block& block) {
    for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
      const Operator& op = block.graph[vertex];
      flops += forward_flops_per_token(op, 2048);
      parameters += op.parameters;
      saved += op.saved;
      saved_bytes += op.saved_bytes;
      ++operators[op.name];
    }
  }
};

}  // namespace

TEST_CASE("do the halves of a layer have its operators, work, weights and activations?") {
  for (const auto& model : {support::dense(), support::gpt(), support::mixture(), support::latent()}) {
    INFO(model.name);
    const ModelGraph graph = build_graph(model);
    REQUIRE(graph.cuts.size() == graph.blocks.size());
    int cut_blocks = 0;
    for (std::size_t i = 0; i < graph.blocks.size(); ++i) {
      if (!graph.cuts[i]) continue;
      ++cut_blocks;
      Held whole, halves;
      whole.add(graph.blocks[i]);
      halves.add(graph.cuts[i]->attention);
      halves.add(graph.cuts[i]->mlp);
      CHECK(halves.operators == whole.operators);
      CHECK(halves.flops == Approx(whole.flops).epsilon(1e-12));
      CHECK(halves.parameters == Approx(whole.parameters).epsilon(1e-12));
      CHECK(halves.saved == Approx(whole.saved).epsilon(1e-12));
      CHECK(halves.saved_bytes == Approx(whole.saved_bytes).epsilon(1e-12));
      CHECK(graph.cuts[i]->attention.share + graph.cuts[i]->mlp.share == graph.blocks[i].share);
    }
    CHECK(cut_blocks == (model.moe ? 2 : 1));
  }
}

TEST_CASE("is a layer whose attention and MLP read the same input left whole?") {
  ModelSpec model = support::dense();
  model.parallel_residual = true;
  for (const auto& cut : build_graph(model).cuts) CHECK_FALSE(cut.has_value());
}

}  // namespace chipmix::workload
