// Is the graph of operators whole, and does it say of sizes and saved activations what the papers say?
#include <catch2/catch.hpp>

#include <boost/graph/topological_sort.hpp>
#include <set>

#include "models.hpp"

using namespace chipmix::workload;

namespace {

double graph_parameters(const ModelGraph& graph) {
  double sum = 0;
  for (const Run& run : graph.runs)
    for (const Operator& op : operators_of(graph.blocks[run.block])) sum += run.count * op.parameters;
  return sum;
}

std::set<OpKind> kinds(const ModelGraph& graph) {
  std::set<OpKind> found;
  for (const Block& block : graph.blocks)
    for (const Operator& op : operators_of(block)) found.insert(op.kind);
  return found;
}

/// Elements on the edges between two operators of a block, 0 if there are none.
double carried(const Block& block, const std::string& from, const std::string& to) {
  double sum = 0;
  const OperatorGraph& g = block.graph;
  for (const auto edge : boost::make_iterator_range(boost::edges(g)))
    if (g[boost::source(edge, g)].name == from && g[boost::target(edge, g)].name == to) sum += g[edge].elements;
  return sum;
}

const char* const gpt_without_dropout = R"({"model_type": "gpt2", "n_layer": 2, "n_embd": 64, "n_head": 4,
  "n_positions": 32, "vocab_size": 100, "resid_pdrop": 0.0})";

}  // namespace

TEST_CASE("do the operators' parameters add up to the model's?") {
  for (const std::string& id : model_ids()) {
    INFO(id);
    const ModelSpec model = load_model(id);
    const ParameterCount count = count_parameters(model);
    CHECK(graph_parameters(build_graph(model)) == count.total + count.prediction);
  }
}

TEST_CASE("is every block a graph without cycles, in an order that runs, with one source and one sink?") {
  for (const std::string& id : model_ids()) {
    const ModelGraph graph = build_graph(load_model(id));
    for (const Block& block : graph.blocks) {
      INFO(id << ": " << block.name);
      int sources = 0, sinks = 0;
      for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
        sources += boost::in_degree(vertex, block.graph) == 0;
        sinks += boost::out_degree(vertex, block.graph) == 0;
      }
      CHECK(sources == 1);
      CHECK(sinks == 1);
      for (const auto edge : boost::make_iterator_range(boost::edges(block.graph)))
        CHECK(boost::source(edge, block.graph) < boost::target(edge, block.graph));
      std::vector<std::size_t> order;
      CHECK_NOTHROW(boost::topological_sort(block.graph, std::back_inserter(order)));
    }
  }
}

TEST_CASE("does every operator of a block have a name of its own?") {
  for (const std::string& id : model_ids())
    for (const Block& block : build_graph(load_model(id)).blocks) {
      std::set<std::string> names;
      for (const Operator& op : operators_of(block)) {
        INFO(id << ": " << block.name << ": " << op.name);
        CHECK(names.insert(op.name).second);
      }
    }
}

TEST_CASE("does a mixture of experts with latent attention have operators of every kind?") {
  const auto found = kinds(build_graph(load_model("deepseek-v3")));
  for (const OpKind kind : {OpKind::embedding, OpKind::norm, OpKind::projection, OpKind::rotary, OpKind::attention,
                            OpKind::router, OpKind::dispatch, OpKind::experts, OpKind::combine, OpKind::activation,
                            OpKind::residual, OpKind::head, OpKind::loss}) {
    INFO(name(kind));
    CHECK(found.count(kind) == 1);
  }
}

TEST_CASE("does the model run its layers in order between embedding and head?") {
  const ModelGraph graph = build_graph(load_model("deepseek-v3"));
  std::vector<std::pair<BlockKind, int>> runs;
  for (const Run& run : graph.runs) runs.emplace_back(graph.blocks[run.block].kind, run.count);
  CHECK(runs == std::vector<std::pair<BlockKind, int>>{{BlockKind::embedding, 1},
                                                       {BlockKind::dense_layer, 3},
                                                       {BlockKind::moe_layer, 58},
                                                       {BlockKind::prediction_layer, 1},
                                                       {BlockKind::head, 1}});
}

TEST_CASE("do every second layer's window and borrowed keys make blocks of their own?") {
  const ModelGraph alternating = build_graph(load_model("gpt-oss-120b"));
  CHECK(alternating.blocks.size() == 4);  // embedding, two kinds of layer, head
  CHECK(alternating.runs.size() == 38);
  const ModelGraph sharing = build_graph(load_model("hunyuan-large"));
  REQUIRE(sharing.blocks.size() == 4);
  CHECK(find_operator(sharing.blocks[1], "attention.qkv") != nullptr);
  CHECK(find_operator(sharing.blocks[2], "attention.qkv") == nullptr);
  CHECK(find_operator(sharing.blocks[2], "attention.q") != nullptr);
}

TEST_CASE("does a GPT layer keep s b h 34 bytes, as Korthikanti et al. count them?") {
  // arXiv:2205.05198, equation 1, without the scores, which a flash kernel does not keep; to which come, in fp32, one
  // number per head of the attention kernel and two per norm.
  const ModelSpec gpt = load_model("gpt-3-175b");
  const double h = gpt.hidden, extra = 4.0 * gpt.attention.heads + 2 * 8;
  CHECK(saved_bytes(block_of(build_graph(gpt), BlockKind::dense_layer)) == 34 * h + extra);
}

TEST_CASE("does a GPT layer without dropout keep its two masks less?") {
  const ModelSpec gpt = read_model(gpt_without_dropout);
  CHECK(saved_bytes(block_of(build_graph(gpt), BlockKind::dense_layer)) == 32 * 64.0 + 4 * 4 + 2 * 8);
}

TEST_CASE("does a SwiGLU layer keep gate, up and product?") {
  const ModelSpec llama = load_model("llama-3.1-8b");
  const double h = 4096, f = 14336, kv = 1024, elements = 2 * h + h + (h + 2 * kv) + h + h + 3 * f;
  // norms' inputs, input of q k v, q k v, attention's output, MLP's input, gate up product
  CHECK(saved_bytes(block_of(build_graph(llama), BlockKind::dense_layer)) == 2 * elements + 4 * 32 + 2 * 4);
}

TEST_CASE("do routed activations grow with the experts a token visits?") {
  ModelSpec model = load_model("mixtral-8x7b");
  const double before = saved_bytes(block_of(build_graph(model), BlockKind::moe_layer));
  model.moe->active += 1;
  const double after = saved_bytes(block_of(build_graph(model), BlockKind::moe_layer));
  CHECK(after - before == 2 * (4096 + 3.0 * 14336));  // input of one expert more, its gate, up, product
}

TEST_CASE("does latent attention keep latents and expanded heads?") {
  const ModelSpec model = load_model("deepseek-v3");
  const ModelGraph graph = build_graph(model);
  const Block& layer = block_of(graph, BlockKind::dense_layer);
  CHECK(find_operator(layer, "attention.q_up")->saved == 1536);
  CHECK(find_operator(layer, "attention.kv_up")->saved == 512);
  CHECK(find_operator(layer, "attention.core")->saved == 128 * (192 + 192 + 128.0));
  CHECK(find_operator(layer, "attention.q_down")->shard == Shard::whole);
  CHECK(find_operator(layer, "attention.kv_down")->shard == Shard::whole);
  CHECK(find_operator(layer, "attention.kv_up")->shard == Shard::tensor);
}

TEST_CASE("can a tensor-parallel group find what to gather and what to reduce?") {
  const ModelGraph graph = build_graph(load_model("llama-3.1-8b"));
  const Block& layer = block_of(graph, BlockKind::dense_layer);
  CHECK(carried(layer, "attention.norm", "attention.qkv") == 4096);
  CHECK(carried(layer, "attention.rotary", "attention.core") == 4096 + 1024);
  CHECK(carried(layer, "attention.qkv", "attention.core") == 1024);
  CHECK(carried(layer, "attention.output", "attention.residual") == 4096);
  CHECK(find_operator(layer, "attention.output")->cuts_input);
  CHECK(find_operator(layer, "mlp.down")->cuts_input);
  CHECK_FALSE(find_operator(layer, "attention.qkv")->cuts_input);
  CHECK_FALSE(find_operator(layer, "mlp.up")->cuts_input);
}

TEST_CASE("does the loss keep fp32 logits?") {
  const ModelGraph graph = build_graph(load_model("llama-3.1-8b"));
  const Block& head = block_of(graph, BlockKind::head);
  CHECK(find_operator(head, "head.loss")->saved_bytes == 4 * 128256.0);
  CHECK(find_operator(head, "head.logits")->shard == Shard::tensor);
}

TEST_CASE("is a fused kernel never more work than the kernels it replaces?") {
  for (const std::string& id : model_ids())
    for (const Block& block : build_graph(load_model(id)).blocks)
      for (const Operator& op : operators_of(block))
        if (const auto* work = std::get_if<Elementwise>(&op.work)) {
          INFO(id << ": " << op.name);
          CHECK(work->fused > 0);
          CHECK(work->fused <= work->unfused);
          CHECK(work->kernels >= 1);
        }
}

TEST_CASE("do layers of the parallel kind have one residual sum?") {
  const ModelGraph neox = build_graph(load_model("gpt-neox-20b"));
  const Block& layer = block_of(neox, BlockKind::dense_layer);
  CHECK(find_operator(layer, "layer.residual") != nullptr);
  CHECK(find_operator(layer, "mlp.norm") != nullptr);
  const ModelGraph falcon = build_graph(load_model("falcon-7b"));
  CHECK(find_operator(block_of(falcon, BlockKind::dense_layer), "mlp.norm") == nullptr);
}
