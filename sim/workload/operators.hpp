// The operators of a model, in order.
//
// A Block is a small graph of operators stored once; the model is a sequence of runs of blocks.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <optional>
#include <string>
#include <vector>

#include "workload/model.hpp"
#include "workload/operator.hpp"

namespace chipmix::workload {

using OperatorGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Operator, Tensor>;

struct Block {
  BlockKind kind = BlockKind::dense_layer;
  std::string name;
  OperatorGraph graph;
  double share = 1;  ///< of a layer, where it is one
};

/// `count` times block number `block`.
struct Run {
  int block = 0;
  int count = 0;
};

/// A layer in two: only the residual stream crosses between them.
struct CutLayer {
  Block attention, mlp;
};

struct ModelGraph {
  std::vector<Block> blocks;  ///< each different block once (layers of a kind may differ: window, borrowed keys)
  std::vector<Run> runs;      ///< embedding, layers in order, prediction layers, head
  std::vector<std::optional<CutLayer>> cuts;  ///< by block: its halves, where it is a layer that can be cut
};

ModelGraph build_graph(const ModelSpec& model);

/// The weights of all operators. Active: those of experts by the share of experts that a token visits.
ParameterCount count_parameters(const ModelGraph& model);

/// FLOPs of one token in the forward pass of all blocks.
double forward_flops_per_token(const ModelGraph& model, double sequence_length);

}  // namespace chipmix::workload
