// Tasks of one block on one rank. Equations in lower.hpp; T is the rank's tokens per micro-batch.
#include <algorithm>
#include <boost/graph/topological_sort.hpp>
#include <numeric>
#include <set>

#include "plan/attention_tasks.hpp"
#include "plan/block_facts.hpp"
#include "plan/live_set.hpp"
#include "plan/lower.hpp"
#include "plan/remade.hpp"
#include "plan/routing_tasks.hpp"
#include "workload/operators.hpp"

namespace chipmix::plan {
namespace {

using workload::Operator;
using workload::OpKind;
using workload::Shard;

constexpr double weight_product_bytes = 2;  // a weight's gradient as a 16-bit product writes it
constexpr double cast_bytes = 2 + 1 + 1;    // fp8: 16 bit read, written by rows and by columns

/// A launch from a loop in C++ beside one from Python: an estimate, about 5 us of 36; no measurement of it was read.
constexpr double looped_launch = 0.15;

class BlockLowering {
 public:
  BlockLowering(const workload::Block& block, const Sharding& sharding)
      : block_(block),
        s_(sharding),
        element_bytes_(activation_bytes(sharding.dtype)),
        saved_(boost::num_vertices(block.graph)) {
    tasks_.kind = block.kind;
    using workload::BlockKind;
    tasks_.layers = block.kind == BlockKind::embedding || block.kind == BlockKind::head ? 0 : block.share;
  }

  BlockTasks run() {
    const std::size_t operators = boost::num_vertices(block_.graph);
    std::vector<std::size_t> order;
    order.reserve(operators);
    backward_.reserve(operators);
    tasks_.forward.reserve(2 * operators);
    boost::topological_sort(block_.graph, std::back_inserter(order));
    for (auto vertex = order.rbegin(); vertex != order.rend(); ++vertex) lower(*vertex);
    count_live(order);
    std::reverse(backward_.begin(), backward_.end());
    tasks_.backward.reserve(std::accumulate(backward_.begin(), backward_.end(), std::size_t{0},
                                            [](std::size_t sum, const auto& tasks) { return sum + tasks.size(); }));
    for (auto& tasks : backward_) tasks_.backward.insert(tasks_.backward.end(), tasks.begin(), tasks.end());
    return std::move(tasks_);
  }

 private:
  double tensor() const { return s_.degrees.tensor; }
  /// Tokens of a micro-batch that pass through an uncut tensor-parallel operator.
  double tokens() const { return static_cast<double>(s_.micro_batch) * s_.sequence_length / s_.degrees.context; }
  /// Tokens of the rank's slice where sequence parallelism divides them.
  double slice() const { return tokens() / (s_.sequence_parallel ? tensor() : 1); }
  static bool is_tensor(const Operator& op) { return op.shard == Shard::tensor; }
  static bool on_slice(const Operator& op) { return op.shard == Shard::sequence || op.shard == Shard::whole; }

  void lower(std::size_t vertex) {
    const Operator& op = block_.graph[vertex];
    backward_.emplace_back();
    const std::size_t first = tasks_.forward.size();
    if (op.kind == OpKind::dispatch && s_.waits_for_routing && !s_.graphs.everything) tasks_.waits_at = first;
    enter(vertex);
    cast(vertex);
    const std::size_t computed = tasks_.forward.size();
    std::visit([&](const auto& work) { compute(op, work); }, op.work);
    leave(vertex);
    if (is_in_module(op, s_.remade))
      mark_recomputed(first);
    else if (is_again(vertex))
      mark_recomputed(computed);
    if (!is_graphed(op) && is_again(vertex) && !has_cheap_input(block_, vertex, s_.remade)) ++tasks_.checkpoints;
    count_parameters(op);
    count_saved(vertex);
  }

  bool is_again(std::size_t vertex) const {
    return is_made_again(block_, vertex, s_.remade) ||
           (block_.graph[vertex].kind == OpKind::attention && s_.remade.attention);
  }

  /// The forward tasks from number `first` on are what selective recomputation does again.
  void mark_recomputed(std::size_t first) {
    for (std::size_t i = first; i < tasks_.forward.size(); ++i)
      std::visit([](auto& task) { task.recomputed = true; }, tasks_.forward[i]);
  }

  /// Router and head stay in 16 bit when the rest is trained in fp8 (DeepSeek-V3 report, section 3.3.1).
  Dtype dtype(const Operator& op) const {
    const bool sensitive = op.kind == OpKind::router || op.kind == OpKind::head;
    return s_.dtype == Dtype::fp8 && sensitive ? Dtype::bf16 : s_.dtype;
  }
  Dtype sixteen_bit() const { return s_.dtype == Dtype::fp8 ? Dtype::bf16 : s_.dtype; }

  template <class Shape>
  ComputeTask task(const Operator& op, Shape shape, Direction direction) const {
    ComputeTask made{account_of(op), shape, direction, dtype(op), false};
    made.graphed = is_graphed(op);
    return made;
  }
  bool is_graphed(const Operator& op) const {
    if (s_.graphs.everything) return true;
    if (op.kind == OpKind::router) return s_.graphs.router;
    return s_.graphs.attention && op.name.rfind("attention.", 0) == 0;
  }
  void forward(Task t) { tasks_.forward.push_back(std::move(t)); }
  void backward(Task t) { backward_.back().push_back(std::move(t)); }
  void weight_gradient(ComputeTask t) {
    t.makes_gradients = true;
    backward(std::move(t));
  }

  void compute(const Operator& op, const workload::Gemm& gemm) {
    const double cut = is_tensor(op) ? tensor() : 1;
    const double in = gemm.in / (op.cuts_input ? cut : 1), out = gemm.out / (op.cuts_input ? 1 : cut);
    const double rows = is_tensor(op) ? tokens() : slice();
    forward(task(op, GemmShape{rows, out, in, 1}, Direction::forward));
    backward(task(op, GemmShape{rows, in, out, 1}, Direction::backward));
    if (s_.is_base_frozen) return;
    weight_gradient(task(op, GemmShape{out, in, rows, 1, added_bytes()}, Direction::backward));
    add_gradients(op, out * in);
  }

  void compute(const Operator& op, const workload::GroupedGemm& gemm) {
    const double groups = gemm.experts / s_.degrees.expert, cut = s_.degrees.expert_tensor;
    const double rows = expert_tokens(gemm.active) * busiest() / groups;
    const double in = gemm.in / (op.cuts_input ? cut : 1), out = gemm.out / (op.cuts_input ? 1 : cut);
    forward(of_experts(op, {groups, rows, out, in}, Direction::forward));
    backward(of_experts(op, {groups, rows, in, out}, Direction::backward));
    if (s_.is_base_frozen) return;
    weight_gradient(of_experts(op, {groups, out, in, rows, added_bytes()}, Direction::backward));
    add_gradients(op, groups * out * in);
  }

  /// Products of a rank's experts: in several streams, or one after another. In streams a loop in C++ launches them, in
  /// fp8 after two kernels that cast the tokens of all (Transformer Engine, grouped_linear.py and
  /// gemm/cublaslt_gemm.cu).
  ComputeTask of_experts(const Operator& op, const GroupedGemmShape& g, Direction direction) const {
    ComputeTask made = s_.grouped_experts
                           ? task(op, g, direction)
                           : task(op, GemmShape{g.rows_per_group, g.n, g.k, g.groups, g.c_bytes}, direction);
    made.launches = s_.grouped_experts ? 1 + looped_launch * g.groups + (s_.dtype == Dtype::fp8 ? 2 : 0) : g.groups;
    return made;
  }

  /// Tokens of the rank's experts, counted once for each of their active experts; routing even.
  double expert_tokens(double active) const { return slice() * active * s_.degrees.expert_tensor; }

  /// Gradients of weights are added up over micro-batches: read and written by the product that makes them, or by a
  /// kernel that also reads what the product wrote.
  double added_bytes() const { return s_.fused_accumulation ? 2 * s_.gradient_bytes : weight_product_bytes; }
  void add_gradients(const Operator& op, double weights) {
    if (s_.fused_accumulation) return;
    weight_gradient(
        task(op, StreamShape{Bytes{(weight_product_bytes + 2 * s_.gradient_bytes) * weights}, 1}, Direction::backward));
  }

  /// Elements a product reads and writes in its forward pass.
  struct Ends {
    double in = 0, out = 0;
  };
  Ends ends(const Operator& op, const workload::Gemm& gemm) const {
    const double cut = is_tensor(op) ? tensor() : 1, rows = is_tensor(op) ? tokens() : slice();
    return {rows * gemm.in / (op.cuts_input ? cut : 1), rows * gemm.out / (op.cuts_input ? 1 : cut)};
  }
  Ends ends(const Operator&, const workload::GroupedGemm& gemm) const {
    const double rows = expert_tokens(gemm.active), cut = s_.degrees.expert_tensor;
    return {rows * gemm.in, rows * gemm.out / cut};
  }
  template <class Other>
  Ends ends(const Operator&, const Other&) const {
    return {};
  }

  /// fp8: the product's input, and in the backward pass the gradient of its output.
  void cast(std::size_t vertex) {
    const Operator& op = block_.graph[vertex];
    if (dtype(op) != Dtype::fp8) return;
    const Ends e = std::visit([&](const auto& work) { return ends(op, work); }, op.work);
    const auto moved = [&](double elements) {
      ComputeTask run = task(op, StreamShape{Bytes{cast_bytes * elements}, 1}, Direction::forward);
      run.account = Account::elementwise;
      return run;
    };
    if (e.in > 0 && !has_cheap_input(block_, vertex, s_.remade)) forward(moved(e.in));
    if (e.out > 0 && !is_activated(vertex)) backward(moved(e.out));
  }

  bool is_activated(std::size_t vertex) const {
    const auto edges = boost::make_iterator_range(boost::out_edges(vertex, block_.graph));
    return std::any_of(edges.begin(), edges.end(), [&](auto edge) {
      return block_.graph[boost::target(edge, block_.graph)].kind == OpKind::activation;
    });
  }

  void compute(const Operator& op, const workload::AttentionCore& core) {
    for (Direction direction : {Direction::forward, Direction::backward}) {
      ComputeTask run{account_of(op), attention_shape(core, s_), direction, sixteen_bit(), !s_.flash};
      run.graphed = is_graphed(op);
      const auto add = [&](Task t) {
        direction == Direction::forward ? forward(std::move(t)) : backward(std::move(t));
      };
      for (CollectiveTask& exchange : attention_exchanges(core, s_, direction)) add(std::move(exchange));
      add(std::move(run));
    }
  }

  double rows_of(const Operator& op) const { return is_tensor(op) ? tokens() / tensor() : slice(); }

  /// A backward kernel reads what forward read and wrote and writes what forward read: (2r + w) for (r + w), which is
  /// 3/2 for the usual r = w.
  void compute(const Operator& op, const workload::Elementwise& work) {
    const double elements = (s_.fused ? work.fused : work.unfused) * work.active * rows_of(op);
    const double kernels = op.kind == OpKind::router ? router_kernels : s_.fused ? 1.0 : work.kernels;
    const StreamShape shape{Bytes{elements * element_bytes_}, kernels};
    ComputeTask run = task(op, shape, Direction::forward);
    forward(run);
    backward(task(op, StreamShape{shape.moved * 1.5, shape.kernels}, Direction::backward));
  }

  /// Routed tokens of the busiest rank over the mean; a rank that holds every expert has them all anyway.
  double busiest() const { return s_.degrees.expert > 1 ? s_.expert_imbalance : 1; }

  void compute(const Operator& op, const workload::Routing& routing) {
    auto out = dispatch_tasks(routing, s_, slice()), back = combine_tasks(routing, s_, slice());
    if (op.kind == OpKind::combine) std::swap(out, back);
    for (Task& t : out) forward(std::move(t));
    for (Task& t : back) backward(std::move(t));
  }

  void exchange(Bytes payload, bool entering) {
    if (payload == Bytes{}) return;
    const Group group{s_.degrees.tensor, 1};
    const auto account = Account::tensor_communication;
    const auto gather = Collective::all_gather, scatter = Collective::reduce_scatter;
    if (s_.sequence_parallel) {
      forward(CollectiveTask{account, entering ? gather : scatter, payload, group});
      backward(CollectiveTask{account, entering ? scatter : gather, payload, group});
    } else if (entering) {
      backward(CollectiveTask{account, Collective::all_reduce, payload, group});
    } else {
      forward(CollectiveTask{account, Collective::all_reduce, payload, group});
    }
  }

  /// The gather before cut operators, once per activation however many operators read it.
  void enter(std::size_t vertex) {
    if (tensor() == 1 || !is_tensor(block_.graph[vertex])) return;
    for (auto edge : boost::make_iterator_range(boost::in_edges(vertex, block_.graph))) {
      const auto from = boost::source(edge, block_.graph);
      if (!on_slice(block_.graph[from]) || !gathered_.insert(from).second) continue;
      exchange(Bytes{block_.graph[edge].elements * tokens() * element_bytes_}, true);
    }
    if (boost::in_degree(vertex, block_.graph) == 0 && block_.graph[vertex].kind == OpKind::head)
      exchange(Bytes{std::get<workload::Gemm>(block_.graph[vertex].work).in * tokens() * element_bytes_}, true);
  }

  /// The reduction after cut operators. Logits stay cut by vocabulary for the loss.
  void leave(std::size_t vertex) {
    const Operator& op = block_.graph[vertex];
    if (tensor() == 1 || !is_tensor(op)) return;
    for (auto edge : boost::make_iterator_range(boost::out_edges(vertex, block_.graph))) {
      const Operator& next = block_.graph[boost::target(edge, block_.graph)];
      if (!on_slice(next) || next.kind == OpKind::loss) continue;
      return exchange(Bytes{block_.graph[edge].elements * tokens() * element_bytes_}, false);
    }
    if (op.kind == OpKind::embedding)  // a look-up reads a row and writes a row: half of what it moves is its output
      exchange(Bytes{std::get<workload::Elementwise>(op.work).fused / 2 * tokens() * element_bytes_}, false);
  }

  void count_parameters(const Operator& op) {
    if (op.shard == Shard::expert)
      tasks_.parameters.experts += op.parameters / (s_.degrees.expert * s_.degrees.expert_tensor);
    else
      tasks_.parameters.dense += op.parameters / (is_tensor(op) ? tensor() : 1);
  }

  /// Bytes of an element kept for the backward pass: products in fp8 keep their input as the product read it.
  double kept_bytes(const Operator& op) const {
    const bool product =
        std::holds_alternative<workload::Gemm>(op.work) || std::holds_alternative<workload::GroupedGemm>(op.work);
    return product ? bytes_per_element(dtype(op)) : element_bytes_;
  }

  /// A column-parallel product keeps the uncut activation it was given: the slice, or all tokens where there is none.
  double saved_rows(const Operator& op) const {
    const bool uncut_input = std::holds_alternative<workload::Gemm>(op.work) && !op.cuts_input;
    const bool gathered = op.shard == Shard::expert && !op.cuts_input && op.kind == OpKind::experts;
    if (gathered) return slice() * s_.degrees.expert_tensor;  // every rank of a cut expert has all of its tokens
    return is_tensor(op) && uncut_input ? slice() : rows_of(op);
  }

  void count_saved(std::size_t vertex) {
    const Operator& op = block_.graph[vertex];
    const double elements = op.saved + (s_.written_out ? op.saved_written_out : 0);
    Bytes saved{(elements * kept_bytes(op) + op.saved_bytes) * saved_rows(op)};
    if (op.shard == Shard::expert) saved = saved * busiest();
    if (op.kind == OpKind::loss) saved = kept_logits(vertex);
    if (s_.is_base_frozen && has_no_adapter(op)) saved = {};
    if (op.kind == OpKind::attention) saved += exchanged(op);
    saved_[vertex] = saved;
    tasks_.saved.none += saved;
    tasks_.saved.selective += kept_by_selection(vertex);
    if (boost::in_degree(vertex, block_.graph) == 0) tasks_.saved.full += written_out_apart(op, saved);
    if (op.kind == OpKind::attention && !s_.flash) tasks_.saved.none += scores(op);
  }

  /// Of the first operator only its input waits for the recomputation.
  Bytes written_out_apart(const Operator& op, Bytes saved) const {
    if (!s_.written_out || op.saved_written_out == 0) return saved;
    return saved - Bytes{op.saved_written_out * kept_bytes(op) * saved_rows(op)};
  }

  /// A product of frozen weights needs its input only for an adapter's gradient, and adapters sit at attention's
  /// products (arXiv:2106.09685, section 4.2).
  static bool has_no_adapter(const Operator& op) {
    const bool product =
        std::holds_alternative<workload::Gemm>(op.work) || std::holds_alternative<workload::GroupedGemm>(op.work);
    return product && op.name.rfind("attention", 0) != 0;
  }

  Bytes kept_logits(std::size_t vertex) {
    double width = 0;
    for (auto edge : boost::make_iterator_range(boost::in_edges(vertex, block_.graph)))
      width += block_.graph[edge].elements;
    const double rows = s_.whole_vocabulary ? tokens() : rows_of(block_.graph[vertex]);
    return Bytes{width * rows * kept_logit_bytes(s_)};
  }

  /// Context parallelism: attention's output is kept as it came from the kernel and as its ranks exchanged it
  /// (Transformer Engine, context_parallel.py, all-to-all).
  Bytes exchanged(const Operator& op) const {
    if (s_.degrees.context == 1) return {};
    const auto& core = std::get<workload::AttentionCore>(op.work);
    return Bytes{core.heads * core.v_dim * element_bytes_ * rows_of(op)};
  }

  /// The largest live set: what is kept and the most that gradients or the loss hold beside it.
  void count_live(const std::vector<std::size_t>& topological) {
    const std::vector<std::size_t> order(topological.rbegin(), topological.rend());
    Bytes kept;
    for (std::size_t vertex : order)
      if (block_.graph[vertex].kind == OpKind::loss) kept += saved_[vertex];
    const Bytes most = max(live_gradients(block_, s_, order, saved_), live_loss(block_, s_, kept));
    tasks_.saved.working = tasks_.saved.none + max(Bytes{}, most);
    tasks_.weights = weight_shapes(block_, s_);
  }

  /// Selective recomputation keeps what is dear to make again: the inputs of all but cheap operators (Megatron); or,
  /// where it runs a share of the products again, the other products' outputs, attention's and the layer's input
  /// (torchtitan, activation_checkpoint.py: selective by operator, every second product).
  Bytes kept_by_selection(std::size_t vertex) const {
    const Operator& op = block_.graph[vertex];
    if (s_.selective_products == 0 || tasks_.layers == 0)
      return has_cheap_input(block_, vertex, s_.remade) ? Bytes{} : saved_[vertex];
    if (boost::in_degree(vertex, block_.graph) == 0) return saved_[vertex];
    if (const auto* core = std::get_if<workload::AttentionCore>(&op.work))
      return Bytes{(core->heads * core->v_dim * element_bytes_ + op.saved_bytes) * rows_of(op)};
    const double out = std::visit([&](const auto& work) { return ends(op, work).out; }, op.work);
    return Bytes{(1 - s_.selective_products) * out * element_bytes_};
  }

  /// Written scores: the softmax's output in the number format, and with dropout its mask and output, 5 bytes per score
  /// in 16 bit (arXiv:2205.05198, equation 1).
  Bytes scores(const Operator& op) const {
    const double each = drops_out(block_) ? 2 * element_bytes_ + 1 : element_bytes_;
    const auto& core = std::get<workload::AttentionCore>(op.work);
    return Bytes{each * core.heads / tensor() * tokens() * core.keys.value_or(s_.sequence_length)};
  }

  const workload::Block& block_;
  const Sharding& s_;
  const double element_bytes_;  ///< of an activation
  BlockTasks tasks_;
  std::vector<std::vector<Task>> backward_;
  std::set<std::size_t> gathered_;
  std::vector<Bytes> saved_;  ///< by operator
};

}  // namespace

double activation_bytes(Dtype dtype) { return std::max(2.0, bytes_per_element(dtype)); }

BlockTasks lower_block(const workload::Block& block, const Sharding& sharding) {
  return BlockLowering(block, sharding).run();
}

}  // namespace chipmix::plan
