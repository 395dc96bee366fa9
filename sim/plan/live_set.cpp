#include "plan/live_set.hpp"

#include <algorithm>

#include "workload/operators.hpp"

namespace chipmix::plan {
namespace {

using workload::Operator;
using workload::OpKind;
using workload::Shard;

constexpr double softmax_bytes = 4;  // fp32
// Written out, PyTorch's loss holds 16-bit logits (2), their fp32 copy (4), the logarithm of the softmax (4), its
// gradient (4) and the gradient in 16 bit (2).
constexpr double unfused_bytes = 16;
constexpr double gradient_bytes = 2;  // of a logit and of a weight, as a 16-bit product writes it

/// Sizes of a block's tensors on one rank.
class Sizes {
 public:
  explicit Sizes(const Sharding& s) : s_(s) {}

  double tensor() const { return s_.degrees.tensor; }
  double element() const { return activation_bytes(s_.dtype); }
  double tokens() const { return static_cast<double>(s_.micro_batch) * s_.sequence_length / s_.degrees.context; }
  double slice() const { return tokens() / (s_.sequence_parallel ? tensor() : 1); }

  static bool is_column_parallel(const Operator& op) {
    return op.shard == Shard::tensor && std::holds_alternative<workload::Gemm>(op.work) && !op.cuts_input;
  }
  /// Of an output of `elements` per token.
  Bytes output(const Operator& op, double elements) const {
    const bool is_cut = op.shard == Shard::tensor && !op.cuts_input;
    return Bytes{elements * element() * (is_cut ? tokens() / tensor() : slice())};
  }
  /// Of the gradient that `reader` makes for an input of `elements` per token.
  Bytes made(const Operator& reader, const Operator& maker, double elements) const {
    return is_column_parallel(reader) ? Bytes{elements * element() * tokens()} : output(maker, elements);
  }

  /// Of the whole gradient that a row-parallel product collects from the ranks' slices.
  Bytes gathered(const Operator& op) const {
    const auto* gemm = std::get_if<workload::Gemm>(&op.work);
    const bool collects = op.shard == Shard::tensor && op.cuts_input && gemm && slice() < tokens();
    return collects ? Bytes{gemm->out * element() * tokens()} : Bytes{};
  }

 private:
  const Sharding& s_;
};

/// Gradients alive while operators run backward, one after the other.
class BackwardPass {
 public:
  BackwardPass(const workload::Block& block, const Sharding& sharding, const std::vector<Bytes>& saved)
      : graph_(block.graph), sizes_(sharding), saved_(saved), gradient_(boost::num_vertices(block.graph)) {}

  void run(std::size_t vertex) {
    const auto inputs = boost::make_iterator_range(boost::in_edges(vertex, graph_));
    if (graph_[vertex].kind == OpKind::loss) return start(vertex);
    if (boost::out_degree(vertex, graph_) == 0)
      for (auto edge : inputs) begin(vertex, sizes_.output(graph_[vertex], graph_[edge].elements));
    if (graph_[vertex].kind == OpKind::residual) return pass_on(vertex);
    Bytes made = sizes_.gathered(graph_[vertex]);
    for (auto edge : inputs) made += sizes_.made(graph_[vertex], maker(edge), graph_[edge].elements);
    most_ = max(most_, live_ + made - given_back_);
    for (auto edge : inputs) add(boost::source(edge, graph_), sizes_.output(maker(edge), graph_[edge].elements));
    live_ -= gradient_[vertex];
    given_back_ += saved_[vertex];
  }

  Bytes most() const { return most_; }

 private:
  template <class Edge>
  const Operator& maker(Edge edge) const {
    return graph_[boost::source(edge, graph_)];
  }
  void begin(std::size_t vertex, Bytes size) {
    live_ += max(Bytes{}, size - gradient_[vertex]);
    gradient_[vertex] = max(gradient_[vertex], size);
  }
  void add(std::size_t vertex, Bytes size) {
    gradient_[vertex] += size;
    live_ += size;
  }
  /// The loss writes the gradient of the logits over what it kept; live_loss says what it holds meanwhile.
  void start(std::size_t vertex) {
    given_back_ += saved_[vertex];
    for (auto edge : boost::make_iterator_range(boost::in_edges(vertex, graph_)))
      add(boost::source(edge, graph_), sizes_.output(maker(edge), graph_[edge].elements));
  }
  /// One tensor is the gradient of all terms of the sum; the earliest operator among them uses it last.
  void pass_on(std::size_t vertex) {
    std::size_t earliest = vertex;
    for (auto edge : boost::make_iterator_range(boost::in_edges(vertex, graph_)))
      earliest = std::min(earliest, boost::source(edge, graph_));
    gradient_[earliest] += gradient_[vertex];
    most_ = max(most_, live_ - given_back_);
    given_back_ += saved_[vertex];
  }

  const workload::OperatorGraph& graph_;
  const Sizes sizes_;
  const std::vector<Bytes>& saved_;
  std::vector<Bytes> gradient_;
  Bytes live_, given_back_, most_;
};

const Operator* head_of(const workload::Block& block) {
  for (auto vertex : boost::make_iterator_range(boost::vertices(block.graph)))
    if (block.graph[vertex].kind == OpKind::head) return &block.graph[vertex];
  return nullptr;
}

}  // namespace

double kept_logit_bytes(const Sharding& sharding) { return std::min(softmax_bytes, sharding.logit_bytes); }

Bytes live_gradients(const workload::Block& block, const Sharding& sharding, const std::vector<std::size_t>& order,
                     const std::vector<Bytes>& saved) {
  BackwardPass pass(block, sharding, saved);
  for (auto vertex = order.rbegin(); vertex != order.rend(); ++vertex) pass.run(*vertex);
  return pass.most();
}

Bytes live_loss(const workload::Block& block, const Sharding& sharding, Bytes kept) {
  const Operator* head = head_of(block);
  if (head == nullptr) return {};
  const Sizes sizes(sharding);
  const auto& gemm = std::get<workload::Gemm>(head->work);
  const double cut = sharding.whole_vocabulary ? 1 : sizes.tensor(), logits = gemm.out * sizes.tokens() / cut;
  const bool is_wide = sizes.element() > gradient_bytes;  // fp32 logits need no fp32 copy
  const double written = sharding.fused ? sharding.logit_bytes : std::max(sharding.logit_bytes, unfused_bytes);
  const double each = written - (is_wide ? gradient_bytes : 0);
  const double forward = each * logits;
  const double input = sizes.element() * gemm.in * (sizes.tokens() + (sizes.tensor() > 1 ? sizes.slice() : 0));
  const double weights = sharding.is_base_frozen ? 0 : sizes.element() * gemm.out * gemm.in / sizes.tensor();
  const double gradients = std::min(static_cast<double>(sizes.element()), sharding.logit_bytes);  // of one piece
  return Bytes{std::max(forward, gradients * logits + input + weights)} - kept;
}

std::vector<WeightShape> weight_shapes(const workload::Block& block, const Sharding& sharding) {
  std::vector<WeightShape> shapes;
  for (auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
    const Operator& op = block.graph[vertex];
    const double cut = op.shard == Shard::tensor ? sharding.degrees.tensor : 1;
    if (const auto* gemm = std::get_if<workload::Gemm>(&op.work); gemm && op.kind == OpKind::projection)
      shapes.push_back({gemm->out / (op.cuts_input ? 1 : cut), gemm->in / (op.cuts_input ? cut : 1)});
    if (const auto* gemm = std::get_if<workload::GroupedGemm>(&op.work)) shapes.push_back({gemm->out, gemm->in});
  }
  return shapes;
}

}  // namespace chipmix::plan
