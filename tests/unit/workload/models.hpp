// Models for the tests of this folder: those of models/, and small ones from text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/document.hpp"
#include "workload/hf_config.hpp"
#include "workload/operators.hpp"

namespace chipmix::workload {

/// Throws InputError if the text is not a model.
inline ModelSpec read_model(const std::string& text) {
  const auto document = io::Document::parse("config.json", text);
  io::Diagnostics diagnostics;
  const auto model = read_hf_config(document.root(diagnostics));
  diagnostics.throw_if_any();
  return model.value();
}

inline ModelSpec load_model(const std::string& id) {
  const auto document = io::Document::load(CHIPMIX_SOURCE_DIR "/models/" + id + ".json");
  io::Diagnostics diagnostics;
  const auto model = read_hf_config(document.root(diagnostics));
  diagnostics.throw_if_any();
  return model.value();
}

inline std::vector<std::string> model_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(CHIPMIX_SOURCE_DIR "/models"))
    if (entry.path().extension() == ".json") ids.push_back(entry.path().stem().string());
  return ids;
}

inline std::vector<Operator> operators_of(const Block& block) {
  std::vector<Operator> operators;
  for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph)))
    operators.push_back(block.graph[vertex]);
  return operators;
}

inline const Block& block_of(const ModelGraph& graph, BlockKind kind) {
  for (const Block& block : graph.blocks)
    if (block.kind == kind) return block;
  throw std::logic_error("no such block");
}

inline const Operator* find_operator(const Block& block, const std::string& name) {
  for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph)))
    if (block.graph[vertex].name == name) return &block.graph[vertex];
  return nullptr;
}

/// Bytes per token that a block keeps for the backward pass in 16-bit training.
inline double saved_bytes(const Block& block) {
  double sum = 0;
  for (const Operator& op : operators_of(block)) sum += 2 * op.saved + op.saved_bytes;
  return sum;
}

}  // namespace chipmix::workload
