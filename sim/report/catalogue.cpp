#include "report/catalogue.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/spelling.hpp"
#include "report/answer_json.hpp"
#include "report/model_page.hpp"
#include "report/number.hpp"
#include "report/strangers.hpp"

namespace chipmix::report {
namespace {

Cell rate(const hardware::DeviceSpec& device, Dtype dtype) {
  const auto found = device.peak.find(dtype);
  if (found == device.peak.end()) return {};
  return {found->second.value.value(), significant(found->second.value.value() / 1e12, 5)};
}

/// Ids are typed again on the command line: they are not broken.
Column id_column() {
  Column id{"id"};
  id.least = 24;
  return id;
}

using Strangers = std::vector<std::string>;

Table device_table(scenario::Library& library, Strangers& strangers) {
  Table table;
  table.columns = {id_column(),
                   droppable({"name"}, 2),
                   droppable({"vendor"}, 3),
                   droppable(numeric("year"), 1),
                   numeric("bf16 TFLOP/s", "", "bf16_flop_per_s"),
                   numeric("fp8 TFLOP/s", "", "fp8_flop_per_s"),
                   numeric("memory", "gib"),
                   numeric("bandwidth", "byte_per_s"),
                   numeric("power", "w"),
                   numeric("ranks"),
                   {"evidence"}};
  each("devices", library, strangers, [&](const std::string& id) {
    const hardware::DeviceSpec& d = *library.device(id);
    const double bandwidth = d.memory_bandwidth.value.value();
    const Evidence grade = d.peak.count(Dtype::bf16)
                               ? weakest(d.peak.at(Dtype::bf16).grade, d.efficiency.gemm.at(Dtype::bf16).grade)
                               : d.memory.grade;
    table.add({d.id,
               d.name,
               d.vendor,
               {1.0 * d.year, std::to_string(d.year)},
               rate(d, Dtype::bf16),
               rate(d, Dtype::fp8),
               {gib(d.memory.value), bytes(d.memory.value)},
               {bandwidth, scaled(bandwidth, "B/s")},
               {d.power.value.value(), grouped(d.power.value.value()) + " W"},
               d.ranks,
               name(grade)});
  });
  return table;
}

Table link_table(scenario::Library& library, Strangers& strangers) {
  Table table;
  table.columns = {id_column(),      {"name"},           numeric("one direction", "byte_per_s"),
                   numeric("links"), numeric("reached"), numeric("latency", "s"),
                   {"evidence"}};
  each("links", library, strangers, [&](const std::string& id) {
    const hardware::LinkSpec& l = *library.link(id);
    const double rate = l.bandwidth.value.value();
    table.add({l.id,
               l.name,
               {rate, scaled(rate, "B/s")},
               l.links.value,
               {l.efficiency.value, percent(l.efficiency.value)},
               {l.latency.value.value(), duration(l.latency.value)},
               name(l.bandwidth.grade)});
  });
  return table;
}

Table node_table(scenario::Library& library, Strangers& strangers) {
  Table table;
  table.columns = {id_column(),     droppable({"name"}, 1),    {"device"}, numeric("devices"), {"inside"}, {"between"},
                   numeric("NICs"), numeric("host power", "w")};
  each("nodes", library, strangers, [&](const std::string& id) {
    const hardware::NodeSpec& n = *library.node(id);
    Cell power;
    if (n.host_power) power = {n.host_power->value.value(), grouped(n.host_power->value.value()) + " W"};
    table.add({n.id, n.name, n.device, n.devices, n.scale_up, n.scale_out, n.nics.value, power});
  });
  return table;
}

Table fabric_table(scenario::Library& library, Strangers& strangers) {
  Table table;
  table.columns = {id_column(), {"name"}, {"layout"}, numeric("oversubscription"), numeric("nodes per leaf")};
  each("fabrics", library, strangers, [&](const std::string& id) {
    const hardware::FabricSpec& f = *library.fabric(id);
    std::string layout;
    for (const auto& [name, value] : names_of(io::Type<hardware::Layout>{}))
      if (value == f.layout) layout = name;
    table.add({f.id, f.name, layout, f.oversubscription.value, f.nodes_per_leaf.value});
  });
  return table;
}

Table stack_table(scenario::Library& library, Strangers& strangers) {
  Table table;
  table.columns = {id_column(),
                   {"name"},
                   {"attention"},
                   numeric("gradient overlap"),
                   numeric("tensor overlap"),
                   numeric("expert overlap"),
                   numeric("host per kernel", "s")};
  each("stacks", library, strangers, [&](const std::string& id) {
    const hardware::SoftwareStack& s = *library.stack(id);
    table.add({s.id,
               s.name,
               s.flash_attention ? "fused" : "plain",
               {s.gradient_overlap.value, percent(s.gradient_overlap.value)},
               {s.tensor_overlap.value, percent(s.tensor_overlap.value)},
               {s.expert_overlap.value, percent(s.expert_overlap.value)},
               {s.host_per_kernel.value.value(), duration(s.host_per_kernel.value)}});
  });
  return table;
}

/// Rows for every figure with a source below a JSON value, named by its path.
void add_figures(const io::Value& value, const std::string& path, Table& table) {
  if (!value.is_object()) {
    if (path != "/$schema" && !value.is_list())
      table.add({path.substr(1), value.is_text() ? *value.as_text() : value.to_json(), {}, {}, {}});
    return;
  }
  const auto figure = value.find("value"), grade = value.find("grade"), source = value.find("source");
  if (!figure || !grade || !source) {
    for (const auto& [key, member] : value.members()) add_figures(member, path + "/" + key, table);
    return;
  }
  const auto text = [](const io::Value& v) { return v.is_text() ? *v.as_text() : v.to_json(); };
  const auto low = value.find("low"), high = value.find("high"), note = value.find("note");
  table.add({path.substr(1), text(*figure), low && high ? Cell{text(*low) + " to " + text(*high)} : Cell{},
             text(*grade), text(*source) + (note ? " - " + text(*note) : "")});
}

Page figure_page(const std::string& kind, const std::string& id, scenario::Library& library) {
  const io::Document document = io::Document::load(library.file(kind, id));
  io::Diagnostics diagnostics;
  Table table;
  table.columns = {{"figure"}, {"value"}, {"range"}, {"evidence"}, {"source"}};
  add_figures(document.root(diagnostics), "", table);
  return {id,
          {table},
          {},
          nlohmann::ordered_json{{"schema_version", schema_version}, {"id", id}, {"figures", to_json(table)}}.dump(2)};
}

/// The nearest spelling, or where all of them are listed.
std::string known_hint(const std::string& kind, const std::string& id, const std::vector<std::string>& known) {
  const std::string near = spelling_hint(id, known);
  return near.empty() ? fmt::format("'chipmix {}' lists them", kind) : near;
}

[[noreturn]] void unknown(const std::string& kind, const std::string& id, const std::vector<std::string>& known) {
  throw InputError({Diagnostic{
      "command line", {}, "", fmt::format("no '{}' among the {}", id, kind), known_hint(kind, id, known), ""}});
}

}  // namespace

Page list_page(const std::string& kind, scenario::Library& library) {
  Strangers strangers;
  Table table = kind == "devices"   ? device_table(library, strangers)
                : kind == "nodes"   ? node_table(library, strangers)
                : kind == "links"   ? link_table(library, strangers)
                : kind == "fabrics" ? fabric_table(library, strangers)
                : kind == "stacks"  ? stack_table(library, strangers)
                                    : model_table(library, strangers);
  const std::string json = nlohmann::ordered_json{{"schema_version", schema_version}, {kind, to_json(table)}}.dump(2);
  return {kind, {std::move(table)}, std::move(strangers), json};
}

Page detail_page(const std::string& kind, const std::string& id, scenario::Library& library) {
  if (kind == "models") {
    const workload::ModelSpec* model = library.model(id);
    if (!model) unknown(kind, id, library.ids(kind));
    return model_page(*model);
  }
  std::string found = id;
  if (kind == "devices") {
    const hardware::DeviceSpec* device = library.device(id);
    if (!device) unknown(kind, id, library.device_names());
    found = device->id;
  }
  if (library.file(kind, found).empty()) unknown(kind, id, library.ids(kind));
  return figure_page(kind, found, library);
}

}  // namespace chipmix::report
