// Does money keep its currency?
#include "base/money.hpp"

#include <catch2/catch.hpp>

using namespace chipmix;

TEST_CASE("are two currencies never added") {
  const Money cny{10, {"CNY"}}, usd{1, {"USD"}};
  CHECK((cny + cny).amount == 20);
  CHECK_THROWS_AS(cny + usd, std::logic_error);
  Money total;  // an empty sum takes the first currency
  total += usd;
  CHECK(total.currency.code == "USD");
}

TEST_CASE("is a price times a quantity money") {
  const Rent rent{27.5 / 3600, {"CNY"}};
  const Money day = rent * Seconds(86400);
  CHECK(day.amount == Approx(660));
  CHECK(day.currency.code == "CNY");
}

TEST_CASE("is a rate used both ways, and never made up") {
  ExchangeRates rates;
  rates.set({"USD"}, {"CNY"}, 7.2);
  CHECK(rates.convert({10, {"USD"}}, {"CNY"}).amount == Approx(72));
  CHECK(rates.convert({72, {"CNY"}}, {"USD"}).amount == Approx(10));
  CHECK(rates.convert({5, {"EUR"}}, {"EUR"}).amount == 5);
  CHECK_FALSE(rates.can_convert({"EUR"}, {"CNY"}));
  CHECK_THROWS_AS(rates.convert({5, {"EUR"}}, {"CNY"}), std::logic_error);
}
