#include "report/model_page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/number.hpp"
#include "report/strangers.hpp"
#include "workload/operators.hpp"

namespace chipmix::report {
namespace {

Cell count(double parameters) {
  if (parameters <= 0) return {};
  return {parameters, scaled(parameters)};
}

std::string attention_text(const workload::AttentionSpec& a) {
  if (a.latent) return fmt::format("{} heads, latent {}", a.heads, a.latent->kv_rank);
  return a.kv_heads == a.heads ? fmt::format("{} heads", a.heads)
                               : fmt::format("{} heads, {} key/value", a.heads, a.kv_heads);
}

std::string expert_text(const workload::ModelSpec& m) {
  if (!m.moe) return "-";
  std::string text = fmt::format("{} of {}", m.moe->active, m.moe->experts);
  if (m.moe->shared > 0) text += fmt::format(" + {} shared", m.moe->shared);
  return text;
}

/// Sequence length at which a model's operators are shown.
constexpr double shown_length = 4096;

Table operator_table(const workload::ModelGraph& graph) {
  Table table;
  table.title = fmt::format("Operators, forward pass, per token at a sequence of {:g}", shown_length);
  table.columns = {{"block"},
                   numeric("times"),
                   {"operator"},
                   {"kind"},
                   numeric("work", "flop"),
                   numeric("parameters"),
                   numeric("saved", "byte")};
  for (const workload::Run& run : graph.runs) {
    const workload::Block& block = graph.blocks[run.block];
    for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
      const workload::Operator& op = block.graph[vertex];
      const double flops = workload::forward_flops_per_token(op, shown_length);
      const double saved = 2 * op.saved + op.saved_bytes;
      table.add({block.name,
                 run.count,
                 op.name,
                 name(op.kind),
                 {flops, scaled(flops, "FLOP")},
                 count(op.parameters),
                 {saved, grouped(saved) + " B"}});
    }
  }
  return table;
}

}  // namespace

Table model_table(scenario::Library& library, std::vector<std::string>& strangers) {
  Table table;
  table.columns = {{"id", "", Align::left, "", 0, 20},
                   droppable({"name"}, 1),
                   numeric("layers"),
                   numeric("hidden"),
                   {"attention"},
                   {"experts"},
                   numeric("total"),
                   numeric("active"),
                   droppable(numeric("published total"), 2),
                   droppable(numeric("published active"), 2)};
  each("models", library, strangers, [&](const std::string& id) {
    const workload::ModelSpec& m = *library.model(id);
    const auto parameters = workload::count_parameters(m);
    table.add({m.id, m.name, m.layers, Cell{static_cast<double>(m.hidden), grouped(m.hidden)},
               attention_text(m.attention), expert_text(m), count(parameters.total), count(parameters.active),
               count(m.published ? m.published->total : 0), count(m.published ? m.published->active : 0)});
  });
  return table;
}

Page model_page(const workload::ModelSpec& m) {
  const auto parameters = workload::count_parameters(m);
  const workload::ModelGraph graph = workload::build_graph(m);
  const double flops = workload::forward_flops_per_token(graph, shown_length);
  Page page;
  page.title = fmt::format("{}: {} parameters, {} active per token", m.name, scaled(parameters.total),
                           scaled(parameters.active));
  page.tables.push_back(operator_table(graph));
  page.remarks.push_back(
      fmt::format("{} layers, hidden {}, vocabulary {}, {}, experts {}; {} per token in the forward pass.", m.layers,
                  m.hidden, grouped(m.vocabulary), attention_text(m.attention), expert_text(m), scaled(flops, "FLOP")));
  if (parameters.prediction > 0)
    page.remarks.push_back("Multi-token-prediction layers add " + scaled(parameters.prediction) +
                           " parameters to these.");
  for (const std::string& assumed : m.assumed) page.remarks.push_back("Assumed: " + assumed + ".");
  page.json = nlohmann::ordered_json{{"schema_version", schema_version},
                                     {"id", m.id},
                                     {"name", m.name},
                                     {"family", m.family},
                                     {"parameters_total", parameters.total},
                                     {"parameters_active", parameters.active},
                                     {"parameters_prediction", parameters.prediction},
                                     {"source", m.source},
                                     {"forward_flop_per_token", flops},
                                     {"assumed", m.assumed},
                                     {"operators", to_json(page.tables.front())}}
                  .dump(2);
  return page;
}

}  // namespace chipmix::report
