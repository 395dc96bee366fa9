#include "economics/account.hpp"

#include <array>

namespace chipmix::economics {
namespace {

constexpr const char *compute = "Compute", *other = "Other";

constexpr std::array<AccountFacts, account_count> table{{
    {"rent", compute, Kind::rent},
    {"rent while not training", compute, Kind::rent},
    {"rent while moving", compute, Kind::rent},
    {"rent of spares", compute, Kind::rent},
    {"unused commitment", compute, Kind::rent},
    {"devices", compute, Kind::capital},
    {"servers", compute, Kind::capital},
    {"network", "Networking", Kind::capital},
    {"installation", compute, Kind::capital},
    {"maintenance", compute, Kind::upkeep},
    {"colocation", other, Kind::upkeep},
    {"demand charge", other, Kind::upkeep},
    {"staff and software", compute, Kind::upkeep},
    {"owned while not training", compute, Kind::capital},
    {"owned while moving", compute, Kind::capital},
    {"owned spares", compute, Kind::capital},
    {"upkeep while not training", other, Kind::upkeep},
    {"upkeep while moving", other, Kind::upkeep},
    {"upkeep of spares", other, Kind::upkeep},
    {"electricity", other, Kind::energy},
}};

}  // namespace

const AccountFacts& facts(Account account) { return table[static_cast<std::size_t>(account)]; }

std::optional<Account> account_named(std::string_view name) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name) return static_cast<Account>(i);
  return std::nullopt;
}

}  // namespace chipmix::economics
