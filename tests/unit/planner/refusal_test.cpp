// Why a mix has no plan: are the nearest batches that can be shared really so?
#include "planner/mix/refusal.hpp"

#include <catch2/catch.hpp>

#include "../../support/islands.hpp"

namespace chipmix::planner {

TEST_CASE("is a batch shared exactly when it is a sum of multiples?") {
  const std::vector<LaneSteps> lanes{{"a", {4}}, {"b", {6}}};
  for (int batch = 1; batch <= 60; ++batch) {
    bool is_sum = false;
    for (int a = 4; a < batch; a += 4) is_sum = is_sum || (batch - a) % 6 == 0;
    CHECK(can_share(batch, lanes) == is_sum);
  }
  CHECK(can_share(9, {{"a", {4, 3}}}));
  CHECK_FALSE(can_share(10, {{"a", {4, 3}}}));
  CHECK_FALSE(can_share(10, {{"a", {}}}));
}

TEST_CASE("are the nearest batches named, below and above?") {
  CHECK(no_share(13, {{"a", {4}}, {"b", {6}}}) ==
        "13 sequences a step cannot be divided: 'a' takes multiples of 4, 'b' takes multiples of 6; the nearest global "
        "batches that can be are 10 and 14");
  CHECK(no_share(3, {{"a", {4}}}) ==
        "3 sequences a step cannot be divided: 'a' takes multiples of 4; the nearest global batch that can be is 4");
}

TEST_CASE("are only islands without a link said to be apart?") {
  auto three = support::islands({{"h800-sxm5-80gb", 8}, {"mi300x", 8}, {"ascend-910b2", 8}});
  std::erase_if(three.links, [](const hardware::IslandLink& link) { return link.other == 2; });
  const std::string text = unjoined(three, {0, 1, 2});
  CHECK(text.find("'a' and 'c', 'b' and 'c'") != std::string::npos);
  CHECK(text.find("'a' and 'b'") == std::string::npos);
  CHECK(lane_name(three, {0, 2}) == "a + c");
}

}  // namespace chipmix::planner
