#include "scenario/mix_spec.hpp"

#include "base/words.hpp"
#include "scenario/ownership_spec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "scenario/most_devices.hpp"

namespace chipmix::planner {

const io::Names<Way>& names_of(io::Type<Way>) {
  static const io::Names<Way> names = {{name(Way::pipeline), Way::pipeline},
                                       {name(Way::data), Way::data},
                                       {name(Way::both), Way::both},
                                       {name(Way::islands), Way::islands},
                                       {name(Way::campaign), Way::campaign}};
  return names;
}

}  // namespace chipmix::planner

namespace chipmix::scenario {
namespace {

constexpr double most_links = 1 << 24;
constexpr int most_islands = 6;  // all of their orders are tried
constexpr int most_steps = 1 << 20;

/// Names once, links between two different known islands, each pair once.
void check_island_names(const MixSpec& mix, const io::Value& value) {
  std::vector<std::string> names;
  const auto islands = value.find("islands")->as_list();
  for (std::size_t i = 0; i < mix.islands.size(); ++i) {
    const std::string& name = mix.islands[i].name;
    if (std::find(names.begin(), names.end(), name) != names.end())
      islands[i].find("name")->error(fmt::format("a second island named '{}'", name), "give each island its own name");
    names.push_back(name);
  }
  const auto links = value.find("links");
  if (!links) return;
  std::vector<std::vector<std::string>> pairs;
  const auto list = links->as_list();
  for (std::size_t i = 0; i < mix.links.size(); ++i) {
    std::vector<std::string> pair = mix.links[i].between;
    const io::Value at = *list[i].find("between");
    if (pair.size() != 2 || pair[0] == pair[1]) {
      at.error("a link joins two different islands");
      continue;
    }
    for (const std::string& name : pair)
      if (std::find(names.begin(), names.end(), name) == names.end())
        at.error(fmt::format("no island named '{}'", name), spelling_hint(name, names));
    std::sort(pair.begin(), pair.end());
    if (std::find(pairs.begin(), pairs.end(), pair) != pairs.end())
      at.error(fmt::format("a second link between '{}' and '{}'", pair[0], pair[1]), "raise the count of the first");
    pairs.push_back(pair);
  }
}

}  // namespace

const io::Shape<IslandSpec>& shape_of(io::Type<IslandSpec>) {
  static const auto shape =
      io::Shape<IslandSpec>("island", "Like devices in like servers on one fabric, and their price.")
          .optional("name", &IslandSpec::name, "Short name, used in links and plans; its device if left out.",
                    io::not_empty<std::string>())
          .required("device", &IslandSpec::device, "Id or alias of a device.")
          .required("devices", &IslandSpec::devices, "Number of packages.", io::between(1, most_devices))
          .optional("node", &IslandSpec::node, "Id of a server; the device's usual one if left out.")
          .optional("fabric", &IslandSpec::fabric, "Id of a fabric; rail-optimised-non-blocking if left out.")
          .optional("stack", &IslandSpec::stack, "Id of a software stack; the device's usual one if left out.")
          .optional("dtype", &IslandSpec::dtype, "Number format on this island, instead of the option's.")
          .optional("own", &IslandSpec::own, "Cost of buying the devices instead of renting them.")
          .optional("tariff", &IslandSpec::tariff, "Price of its electricity, instead of the scenario's.",
                    io::positive<Tariff>())
          .optional("rent", &IslandSpec::rent, "Price per device-hour, for example \"27.5 CNY/h\".",
                    io::positive<Rent>());
  return shape;
}

const io::Shape<IslandLinkSpec>& shape_of(io::Type<IslandLinkSpec>) {
  static const auto shape =
      io::Shape<IslandLinkSpec>("island link", "What joins two islands.")
          .required("between", &IslandLinkSpec::between, "Names of two islands.")
          .required("link", &IslandLinkSpec::link, "Id of a link.")
          .required("count", &IslandLinkSpec::count, "How many of them, shared by all that crosses.",
                    io::between(1.0, most_links));
  return shape;
}

const io::Shape<MixSpec>& shape_of(io::Type<MixSpec>) {
  static const auto shape =
      io::Shape<MixSpec>("mix", "Islands of different devices that train one model.")
          .required("islands", &MixSpec::islands, "Two to six islands.")
          .optional("links", &MixSpec::links, "What joins them; a quarter of their ports if left out.")
          .optional("ways", &MixSpec::ways, "How they may be used; every way is tried if left out.")
          .optional("sync_interval", &MixSpec::sync_interval,
                    "Optimizer steps between synchronisations of islands that train apart; 128 if left out.",
                    io::between(2, most_steps))
          .check([](const MixSpec& mix, const io::Value& value) {
            const auto count = static_cast<int>(mix.islands.size());
            if (count < 2 || count > most_islands)
              value.find("islands")->error(fmt::format("{}; a mix has 2 to {}", counted(count, "island"), most_islands),
                                           "one island is a \"cluster\"");
            check_island_names(mix, value);
          });
  return shape;
}

}  // namespace chipmix::scenario
