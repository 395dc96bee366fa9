#include "scenario/defaults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "practice/usual_batch.hpp"
#include "scenario/batches.hpp"
#include "scenario/library.hpp"

namespace chipmix::scenario {
namespace {

constexpr int usual_sequence = 4096;
constexpr const char* usual_fabric = "rail-optimised-non-blocking";
constexpr const char* usual_currency = "USD";

using Found = std::optional<io::Value>;

Found in(const Found& value, const char* key) { return value && value->is_object() ? value->find(key) : std::nullopt; }

std::string text_of(const Found& value) { return value && value->is_text() ? *value->as_text() : std::string(); }

std::optional<int> integer_of(const Found& value) {
  if (!value || !value->is_number()) return std::nullopt;
  const double number = *value->as_number();
  const bool is_one = number >= 1 && number <= 1 << 24 && number == std::floor(number);
  return is_one ? std::optional(static_cast<int>(number)) : std::nullopt;
}

/// Tokens as they may be written: a number, or text such as "5T".
std::optional<double> count_of(const Found& value) {
  if (!value) return std::nullopt;
  if (value->is_number()) return value->as_number();
  return value->is_text() ? io::parse_count(*value->as_text()).value : std::nullopt;
}

std::vector<io::Value> list_of(const Found& value) {
  return value && value->is_list() ? value->as_list() : std::vector<io::Value>{};
}

std::string json_of(const std::string& text) { return nlohmann::json(text).dump(); }

/// The three capitals of "14 CNY/h".
std::string currency_in(const std::string& price) {
  for (std::size_t i = 0; i + 3 <= price.size(); ++i)
    if (std::all_of(price.begin() + static_cast<std::ptrdiff_t>(i), price.begin() + static_cast<std::ptrdiff_t>(i) + 3,
                    [](unsigned char c) { return std::isupper(c); }))
      return price.substr(i, 3);
  return {};
}

class Filler {
 public:
  Filler(const io::Document& document, Library& library) : root_(document.root(unused_)), library_(library) {}

  std::vector<Default> run() {
    if (!root_.is_object()) return {};
    const Found job = in(root_, "job");
    if (!in(root_, "name")) name_file(job);
    if (!in(root_, "currency")) currency();
    if (job && job->is_object()) fill_job(*job);
    std::set<std::string> names;
    for (const io::Value& option : list_of(in(root_, "options")))
      if (option.is_object()) fill_option(option, names);
    return std::move(defaults_);
  }

 private:
  void add(const io::Value& object, const char* key, std::string json, std::string reason, bool is_name = false) {
    defaults_.push_back({object.pointer() + "/" + key, std::move(json), std::move(reason), is_name});
  }

  void name_file(const Found& job) {
    const std::string model = text_of(in(job, "model"));
    add(root_, "name", json_of(model.empty() ? "scenario" : "Training " + model), "of the model", true);
  }

  /// Prices stand on options and islands, and in the budget.
  void currency() {
    std::string found;
    const auto look = [&](const Found& price) {
      if (found.empty()) found = currency_in(text_of(in(price, "value") ? in(price, "value") : price));
    };
    for (const io::Value& option : list_of(in(root_, "options"))) {
      look(in(option, "rent"));
      for (const io::Value& island : list_of(in(in(option, "mix"), "islands"))) look(in(island, "rent"));
    }
    look(in(in(root_, "job"), "budget"));
    add(root_, "currency", json_of(found.empty() ? usual_currency : found),
        found.empty() ? "no price says another" : "that of the first price");
  }

  /// Packages of each option, as far as they are written; 0 where none are.
  std::vector<int> devices() const {
    std::vector<int> all;
    for (const io::Value& option : list_of(in(root_, "options"))) {
      all.push_back(integer_of(in(in(option, "cluster"), "devices")).value_or(0));
      for (const io::Value& island : list_of(in(in(option, "mix"), "islands")))
        all.back() += integer_of(in(island, "devices")).value_or(0);
    }
    return all;
  }

  void fill_job(const io::Value& job) {
    const std::vector<io::Value> stages = list_of(in(job, "stages"));
    double tokens = count_of(in(job, "tokens")).value_or(0);
    if (tokens <= 0)
      for (const io::Value& stage : stages) tokens += count_of(in(stage, "tokens")).value_or(0);
    const Found stated = in(job, "sequence_length");
    int sequence = integer_of(stated).value_or(usual_sequence);
    if (!stated) {
      const auto first = stages.empty() ? std::nullopt : integer_of(in(stages.front(), "sequence_length"));
      sequence = first.value_or(usual_sequence);
      add(job, "sequence_length", std::to_string(sequence),
          first ? "that of the first stage" : "the length most runs begin with");
    }
    if (!in(job, "global_batch") && tokens > 0) fill_batches(job, stages, tokens, sequence);
    if (!in(job, "dtype")) add(job, "dtype", json_of("bf16"), "the number format that most devices have");
    if (!in(job, "practice")) add(job, "practice", json_of("typical"), "an experienced team with its usual software");
  }

  /// Sequences of a step of each option where the batch is not stated; 0 of one without devices. Each has its own, so
  /// that none looks dearer for a batch that suits another.
  std::vector<int> usual_batches(double tokens, int sequence) const {
    constexpr double largest = 1 << 20;
    const double wanted = std::clamp(practice::usual_batch_tokens(tokens) / sequence, 1.0, largest);
    std::vector<int> batches;
    for (const int count : devices()) batches.push_back(count > 0 ? batch_near(wanted, count) : 0);
    if (std::all_of(batches.begin(), batches.end(), [](int batch) { return batch == 0; }))
      batches.push_back(batch_near(wanted, 1));
    return batches;
  }

  /// The batch that most of the options take; the first of them where several are as many.
  static int most_taken(const std::vector<int>& batches) {
    const auto taken = [&](int batch) { return batch == 0 ? 0 : std::count(batches.begin(), batches.end(), batch); };
    return *std::max_element(batches.begin(), batches.end(), [&](int a, int b) { return taken(a) < taken(b); });
  }

  void fill_batches(const io::Value& job, const std::vector<io::Value>& stages, double tokens, int sequence) {
    std::vector<std::vector<int>> all;  // of the job, or of each stage: what each option takes
    std::vector<int> taken;             // ... and the job
    const auto fill = [&](const io::Value& object, int length, bool is_added) {
      const std::vector<int> batches = usual_batches(tokens, length);
      const int batch = most_taken(batches);
      const bool is_shared = std::all_of(batches.begin(), batches.end(), [&](int b) { return b == 0 || b == batch; });
      if (is_added)
        add(object, "global_batch", std::to_string(batch),
            fmt::format("published runs take about {:.2g}M tokens a step for {:.3g}T tokens; {}",
                        practice::usual_batch_tokens(tokens) / 1e6, tokens / 1e12,
                        is_shared ? "divides among the devices" : "options that it does not suit have their own"));
      all.push_back(batches);
      taken.push_back(batch);
    };
    fill(job, sequence, true);
    if (!stages.empty()) all.clear(), taken.clear();
    for (const io::Value& stage : stages) {
      const int length = integer_of(in(stage, "sequence_length")).value_or(sequence);
      if (const auto stated = integer_of(in(stage, "global_batch"))) {
        taken.push_back(*stated);
        all.emplace_back(devices().size(), *stated);
      } else {
        fill(stage, length, length != sequence);
      }
    }
    fill_own_batches(all, taken);
  }

  /// Options with another batch than the job in one of its stages.
  void fill_own_batches(const std::vector<std::vector<int>>& all, const std::vector<int>& taken) {
    const std::vector<io::Value> options = list_of(in(root_, "options"));
    const std::vector<int> devices = this->devices();
    for (std::size_t i = 0; i < options.size(); ++i) {
      if (!options[i].is_object() || devices[i] <= 0 || in(options[i], "global_batch")) continue;
      std::vector<int> batches;
      bool is_bad = false;
      for (const std::vector<int>& stage : all) {
        batches.push_back(stage[i]);
        is_bad = is_bad || divides_badly(stage[i], devices[i]);
      }
      if (batches == taken) continue;
      add(options[i], "global_batch",
          batches.size() == 1 ? std::to_string(batches.front()) : nlohmann::json(batches).dump(),
          is_bad ? fmt::format("no usual batch divides well among {} devices", devices[i])
                 : fmt::format("the usual batch that divides best among {} devices", devices[i]));
    }
  }

  void fill_option(const io::Value& option, std::set<std::string>& names) {
    const Found cluster = in(option, "cluster"), mix = in(option, "mix");
    if (!in(option, "name")) add(option, "name", json_of(name_of(option, names)), "of its devices", true);
    names.insert(text_of(in(option, "name")));
    if (cluster && cluster->is_object()) {
      fill_cluster(*cluster);
      fill_dtype(option, *cluster);
    }
    if (!mix || !mix->is_object()) return;
    std::set<std::string> islands;
    std::vector<std::string> island_names;
    for (const io::Value& island : list_of(in(mix, "islands"))) {
      if (!island.is_object()) continue;
      std::string name = text_of(in(island, "name"));
      if (name.empty()) {
        name = unlike(text_of(in(island, "device")), islands);
        add(island, "name", json_of(name), "its device", true);
      }
      islands.insert(name);
      island_names.push_back(name);
      fill_cluster(island);
      fill_dtype(island, island);
    }
    if (!in(mix, "links")) fill_links(*mix, island_names);
  }

  /// A name that is not taken yet.
  static std::string unlike(std::string name, const std::set<std::string>& taken) {
    if (name.empty()) name = "option";
    if (!taken.count(name)) return name;
    for (int i = 2;; ++i)
      if (const std::string other = fmt::format("{}-{}", name, i); !taken.count(other)) return other;
  }

  static std::string name_of(const io::Value& option, std::set<std::string>& names) {
    const auto part = [](const io::Value& cluster) {
      return fmt::format("{}x{}", integer_of(in(cluster, "devices")).value_or(0), text_of(in(cluster, "device")));
    };
    std::string name;
    if (const Found cluster = in(option, "cluster")) name = part(*cluster);
    for (const io::Value& island : list_of(in(in(option, "mix"), "islands")))
      name += (name.empty() ? "" : "+") + part(island);
    name = unlike(name, names);
    names.insert(name);
    return name;
  }

  void fill_cluster(const io::Value& cluster) {
    const hardware::DeviceSpec* device = library_.device(text_of(in(cluster, "device")));
    const std::string usual = "the usual one of its device";
    if (!in(cluster, "node") && device && !device->node.empty()) add(cluster, "node", json_of(device->node), usual);
    if (!in(cluster, "fabric")) add(cluster, "fabric", json_of(usual_fabric), "what large clusters are built with");
    if (!in(cluster, "stack") && device && !device->stack.empty()) add(cluster, "stack", json_of(device->stack), usual);
  }

  /// Devices without bf16 train in fp16, unless the job says what it trains in.
  void fill_dtype(const io::Value& object, const io::Value& cluster) {
    const hardware::DeviceSpec* device = library_.device(text_of(in(cluster, "device")));
    const bool is_stated = in(object, "dtype") || in(in(root_, "job"), "dtype");
    if (!device || is_stated || device->peak.count(Dtype::bf16) || !device->peak.count(Dtype::fp16)) return;
    add(object, "dtype", json_of("fp16"), "its device has no bf16");
  }

  /// The ports of an island.
  struct Ports {
    const hardware::DeviceSpec* device = nullptr;
    const hardware::LinkSpec* link = nullptr;
    double count = 0;
  };

  Ports ports_of(const io::Value& island) const {
    Ports ports;
    ports.device = library_.device(text_of(in(island, "device")));
    std::string server = text_of(in(island, "node"));
    if (server.empty() && ports.device) server = ports.device->node;
    const hardware::NodeSpec* node = server.empty() ? nullptr : library_.node(server);
    if (!node) return ports;
    ports.link = library_.link(node->scale_out);
    ports.count = node->nics.value * integer_of(in(island, "devices")).value_or(0) / node->devices;
    return ports;
  }

  /// Id of the link that joins two islands; empty where their ports are not known.
  std::string link_between(const Ports& a, const Ports& b) const {
    if (!a.link || !b.link || !a.device || !b.device) return {};
    const auto rate = [](const hardware::LinkSpec& link) { return link.bandwidth.value; };
    const hardware::LinkSpec& slower = rate(*a.link) <= rate(*b.link) ? *a.link : *b.link;
    if (a.device->vendor == b.device->vendor) return slower.id;
    for (const char* mixed : {"rdma-mixed-400", "rdma-mixed-200"})
      if (const auto* link = library_.link(mixed); link && rate(*link) <= rate(slower)) return link->id;
    return slower.id;
  }

  void fill_links(const io::Value& mix, const std::vector<std::string>& names) {
    constexpr double joined = 0.25;  // 4:1, as between the pods of a large site
    const std::vector<io::Value> islands = list_of(in(mix, "islands"));
    nlohmann::ordered_json links = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < islands.size() && names.size() == islands.size(); ++i)
      for (std::size_t j = i + 1; j < islands.size(); ++j) {
        const Ports a = ports_of(islands[i]), b = ports_of(islands[j]);
        const std::string link = link_between(a, b);
        if (link.empty()) continue;
        links.push_back({{"between", {names[i], names[j]}},
                         {"link", link},
                         {"count", std::max(1.0, std::floor(joined * std::min(a.count, b.count)))}});
      }
    if (!links.empty())
      add(mix, "links", links.dump(), "a quarter of the ports of the side with fewer, of the slower side's rate");
  }

  io::Diagnostics unused_;
  io::Value root_;
  Library& library_;
  std::vector<Default> defaults_;
};

}  // namespace

std::vector<Default> missing_values(const io::Document& document, Library& library) {
  return Filler(document, library).run();
}

io::Document with_defaults(const io::Document& document, const std::vector<Default>& defaults) {
  io::Changes changes;
  for (const Default& one : defaults) changes.emplace_back(one.key, one.value);
  return document.filled(changes);
}

std::vector<Default> marked_defaults(const io::Document& document) {
  std::vector<Default> list;
  io::Diagnostics unused;
  const Found marks = in(document.root(unused), "defaults");
  for (const io::Value& mark : list_of(marks)) {
    const auto spec = io::read<DefaultSpec>(mark);
    if (!spec || !document.has(spec->key)) continue;
    const auto now = nlohmann::ordered_json::parse(document.json()).at(nlohmann::ordered_json::json_pointer(spec->key));
    if (now == nlohmann::ordered_json::parse(spec->value.text))
      list.push_back({spec->key, spec->value.text, spec->reason, spec->key.ends_with("/name")});
  }
  return list;
}

nlohmann::ordered_json defaults_json(const std::vector<Default>& defaults) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Default& one : defaults)
    list.push_back({{"key", one.key},
                    {"value", nlohmann::ordered_json::parse(one.value)},
                    {"grade", "default"},
                    {"reason", one.reason}});
  return list;
}

std::string written_out(const io::Document& document, const std::vector<Default>& defaults) {
  auto json = nlohmann::ordered_json::parse(with_defaults(document, defaults).json());
  if (!defaults.empty()) json["defaults"] = defaults_json(defaults);
  return json.dump(2) + "\n";
}

const io::Shape<DefaultSpec>& shape_of(io::Type<DefaultSpec>) {
  static const auto shape =
      io::Shape<DefaultSpec>(
          "default", "A default, used because the scenario states no value; to change it, edit the value itself.")
          .required("key", &DefaultSpec::key, "JSON pointer of the value.")
          .required("value", &DefaultSpec::value, "The value used; no longer a default once the value differs.")
          .required("grade", &DefaultSpec::grade, "\"default\".")
          .required("reason", &DefaultSpec::reason, "Why it was used.");
  return shape;
}

}  // namespace chipmix::scenario
