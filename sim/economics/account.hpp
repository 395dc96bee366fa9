// The accounts of a bill: one table says what each is called and what kind of cost it is.
#pragma once

#include <optional>
#include <string_view>

namespace chipmix::economics {

enum class Account {
  rent,
  rent_interrupted,
  rent_moving,
  rent_of_spares,
  unused_commitment,
  devices,
  servers,
  network,
  installation,
  maintenance,
  colocation,
  demand_charge,
  staff,
  owned_interrupted,
  owned_moving,
  owned_spares,
  upkeep_interrupted,
  upkeep_moving,
  upkeep_of_spares,
  electricity,
};
inline constexpr int account_count = static_cast<int>(Account::electricity) + 1;

enum class Kind {
  rent,     ///< of devices, by the hour
  capital,  ///< of what is bought: paid at once, borne by the hours of use
  upkeep,   ///< of what is bought: paid as time goes on
  energy,
};

struct AccountFacts {
  const char* name;      ///< in tables, JSON and workbooks
  const char* category;  ///< ServiceCategory of FOCUS 1.2
  Kind kind;
};
const AccountFacts& facts(Account account);
inline const char* name(Account account) { return facts(account).name; }
std::optional<Account> account_named(std::string_view name);

}  // namespace chipmix::economics
