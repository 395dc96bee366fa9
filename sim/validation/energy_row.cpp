#include "validation/energy_row.hpp"

#include <iterator>
#include <set>
#include <utility>

#include "validation/run_members.hpp"

namespace chipmix::validation {
namespace {

using economics::Boundary;

constexpr std::pair<const char*, Boundary> boundaries[] = {{"gpu", Boundary::device},
                                                           {"device", Boundary::device},
                                                           {"server", Boundary::server},
                                                           {"it", Boundary::it},
                                                           {"facility", Boundary::facility}};

void read_boundary(const Members& m, const io::Value& row, EnergyRow& to) {
  const std::string text = m.text("boundary");
  if (text.empty()) return row.error("a row needs 'boundary'", "gpu, server, it or facility");
  for (const auto& [name, boundary] : boundaries)
    if (text == name) {
      to.boundary = boundary;
      return;
    }
  m.find("boundary")->error("unknown boundary '" + text + "'", "gpu, server, it or facility");
}

std::optional<double> positive(const Members& m, const char* key) {
  const auto number = m.number(key);
  if (number && !(*number > 0)) {
    m.find(key)->error("must be more than 0", "null where it is not known");
    return std::nullopt;
  }
  return number;
}

std::optional<double> pue_of(const Members& m) {
  const auto number = positive(m, "pue");
  if (number && *number < 1) {
    m.find("pue")->error("must be at least 1: facility power over IT power");
    return std::nullopt;
  }
  return number;
}

void read_source(const Members& m, EnergyRow& row) {
  const auto source = m.find("source");
  if (!source) return;
  if (!source->is_object()) return source->expected("an object with title and url");
  const Members s(*source);
  row.title = s.text("title");
  row.url = s.text("url");
  row.locator = s.text("locator");
}

EnergyRow read_row(const io::Value& value, const Members& m) {
  EnergyRow row;
  row.id = m.text("id");
  if (row.id.empty()) value.error("a row needs 'id'");
  row.kind = m.text("kind");
  row.device = m.text("device");
  row.model = m.text("model");
  row.conditions = m.text("conditions");
  row.notes = m.text("notes");
  row.method = m.text("method");
  row.grade = m.text("grade");
  row.devices = positive(m, "devices");
  row.device_hours = positive(m, "device_hours");
  row.energy_mwh = positive(m, "energy_mwh");
  row.watts = positive(m, "avg_w_per_device");
  row.limit = positive(m, "tdp_w");
  row.pue = pue_of(m);
  read_boundary(m, value, row);
  read_source(m, row);
  m.pass_over({"tokens", "idle_w", "carbon_t", "grid_kg_per_kwh"});
  return row;
}

void move_into(std::vector<Diagnostic>& to, std::vector<Diagnostic> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

EnergyTable read_energy(const io::Value& table) {
  EnergyTable read;
  std::set<std::string> ids;
  io::Diagnostics& noted = table.diagnostics();
  for (const io::Value& element : table.as_list()) {
    if (!element.is_object()) {
      element.expected("an object that describes a measurement");
      continue;
    }
    const Members members(element);
    const std::size_t before = noted.size();
    EnergyRow row = read_row(element, members);
    if (!row.id.empty() && !ids.insert(row.id).second) element.error("a second row with the id '" + row.id + "'");
    const std::size_t faults = noted.size();
    if (faults == before) read.rows.push_back(std::move(row));
    members.report_unknown();
    move_into(read.unknown, noted.take(faults));
  }
  move_into(read.faults, noted.take(0));
  return read;
}

}  // namespace chipmix::validation
