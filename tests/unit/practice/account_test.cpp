#include "practice/account.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace chipmix::practice {
namespace {

using Catch::Detail::Approx;

Sourced<double> figure(double value, double low, double high) {
  return {value, Interval<double>{low, high}, Evidence::fitted, "a test", {}};
}

Belief belief() {
  Belief b;
  b.search_dense = figure(1.1, 1, 1.2);
  b.search_moe = figure(1.2, 1, 1.4);
  b.typical = figure(1.25, 1.1, 1.4);
  b.first = figure(1.3, 1.1, 1.6);
  b.growth = figure(0.05, 0.02, 0.08);
  b.scale_reference = figure(8, 8, 8);
  b.routing = figure(1.06, 1, 1.2);
  b.stragglers = figure(1.04, 1, 1.1);
  b.start_up = figure(1.036, 1.01, 1.06);
  b.evaluation = figure(1.015, 1, 1.04);
  b.rollbacks = figure(1.01, 1, 1.09);
  b.idle = figure(1.15, 1, 1.3);
  b.spread = {0.25, {}, Evidence::fitted, "a test", {}};
  return b;
}

Facts facts() {
  Facts f;
  f.devices = 512;
  f.failures = 1.02;
  f.step_p10 = 0.9;
  f.step_p90 = 1.1;
  return f;
}

double factor(Practice practice, const Facts& f, Scope scope) { return Account(belief(), practice, f).factor(scope); }

}  // namespace

TEST_CASE("is a typical run its best plan times its rows, up to the scope?") {
  const double scale = std::pow(512.0 / 8, 0.05);
  const double steady = 1.1 * 1.25 * scale * 1.04;
  CHECK(factor(Practice::typical, facts(), Scope::steady) == Approx(steady));
  const double training = steady * 1.02 * 1.036 * 1.015 * 1.01;
  CHECK(factor(Practice::typical, facts(), Scope::training) == Approx(training));
  CHECK(factor(Practice::typical, facts(), Scope::billed) == Approx(training * 1.15));
}

TEST_CASE("is who tunes faster than who does not, and who begins slower?") {
  for (const Scope scope : all_scopes) {
    const double ideal = factor(Practice::ideal, facts(), scope), tuned = factor(Practice::tuned, facts(), scope);
    const double typical = factor(Practice::typical, facts(), scope), first = factor(Practice::first, facts(), scope);
    CHECK(ideal < tuned);
    CHECK(tuned < typical);
    CHECK(first == Approx(typical * 1.3));
  }
  CHECK(factor(Practice::ideal, facts(), Scope::steady) == 1);
}

TEST_CASE("does practice grow with scale only where nobody tunes, and never below one server?") {
  Facts more = facts(), less = facts();
  more.devices = 4096;
  less.devices = 1;
  CHECK(factor(Practice::typical, more, Scope::steady) > factor(Practice::typical, facts(), Scope::steady));
  CHECK(factor(Practice::tuned, more, Scope::steady) == factor(Practice::tuned, facts(), Scope::steady));
  CHECK(factor(Practice::typical, less, Scope::steady) == Approx(1.1 * 1.25 * 1.04));
}

TEST_CASE("has a mixture of experts its own rows, and a routing that is known none?") {
  Facts moe = facts();
  moe.is_moe = true;
  CHECK(factor(Practice::tuned, moe, Scope::steady) == Approx(1.2 * 1.06 * 1.04));
  moe.is_routing_known = true;
  CHECK(factor(Practice::tuned, moe, Scope::steady) == Approx(1.2 * 1.04));
}

TEST_CASE("does the user's own rate stand for step and practice, with the losses' ranges alone?") {
  Facts own = facts();
  own.own_step = 1.5;
  const Account account(belief(), Practice::typical, own);
  CHECK(account.factor(Scope::steady) == 1.5);
  CHECK(account.factor(Scope::billed) == Approx(1.5 * 1.02 * 1.036 * 1.015 * 1.01 * 1.15));
  double up = 0;
  for (const auto& [value, high] : {std::pair{1.036, 1.06}, {1.015, 1.04}, {1.01, 1.09}, {1.15, 1.3}})
    up = std::hypot(up, std::log(high / value));
  CHECK(account.p90() == Approx(std::exp(up)));
  CHECK(account.p90() < Account(belief(), Practice::typical, facts()).p90());
}

TEST_CASE("is a run as unsure as published ones, or as its step where that is wider?") {
  CHECK(std::log(Account(belief(), Practice::typical, facts()).p90()) == Approx(1.28155 * 0.25).epsilon(1e-4));
  Facts wide = facts();
  wide.step_p90 = 2;
  wide.step_p10 = 0.5;
  CHECK(Account(belief(), Practice::typical, wide).p90() == Approx(2));
  CHECK(Account(belief(), Practice::typical, wide).p10() == Approx(0.5));
  CHECK(Account(belief(), Practice::ideal, facts()).p90() == Approx(1.1));
}

TEST_CASE("is a run on a die that no whole run was published on less sure, but for the user's own rate?") {
  Belief b = belief();
  b.unseen_die = {0.15, {}, Evidence::fitted, "a test", {}};
  Facts unseen = facts();
  unseen.is_die_seen = false;
  const double wide = std::log(Account(b, Practice::typical, unseen).p90());
  CHECK(wide == Approx(1.2815516 * std::hypot(0.25, 0.15)));
  CHECK(Account(b, Practice::typical, unseen).factor(Scope::billed) ==
        Account(b, Practice::typical, facts()).factor(Scope::billed));
  unseen.own_step = 1.5;
  Facts own = facts();
  own.own_step = 1.5;
  CHECK(Account(b, Practice::typical, unseen).p90() == Account(b, Practice::typical, own).p90());
}

TEST_CASE("measured steps move the steady rate and narrow it, and leave the losses as they are") {
  Facts usual = facts(), anchored = facts();
  usual.step_p10 = anchored.step_p10 = 0.5, usual.step_p90 = anchored.step_p90 = 2;
  anchored.anchoring = Anchoring{1.1, 0.6, "measured"};
  const Account before(belief(), Practice::typical, usual), after(belief(), Practice::typical, anchored);
  CHECK(after.factor(Scope::steady) == Approx(1.1 * before.factor(Scope::steady)));
  CHECK(after.factor(Scope::billed) == Approx(1.1 * before.factor(Scope::billed)));
  anchored.anchoring->left = 1;
  CHECK(Account(belief(), Practice::typical, anchored).p90() == Approx(before.p90()));
  CHECK(after.p90() < before.p90());
  CHECK(after.p10() > before.p10());
  anchored.anchoring->left = 0;  // then the losses alone are open, as with a rate of one's own
  Facts own = facts();
  own.own_step = 1.3;
  CHECK(Account(belief(), Practice::typical, anchored).p90() ==
        Approx(Account(belief(), Practice::typical, own).p90()));
}

TEST_CASE("an ideal run takes what was measured and no practice") {
  Facts anchored = facts();
  anchored.anchoring = Anchoring{1.2, 0.5, "measured"};
  const Account account(belief(), Practice::ideal, anchored);
  CHECK(account.factor(Scope::steady) == Approx(1.2));
  CHECK(account.p90() == Approx(std::sqrt(1.1)));
  CHECK(account.p10() == Approx(std::sqrt(0.9)));
}

}  // namespace chipmix::practice
