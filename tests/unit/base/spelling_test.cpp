// Is the word meant found, and none when nothing is near?
#include "base/spelling.hpp"

#include <catch2/catch.hpp>

using namespace chipmix;

TEST_CASE("which word is near") {
  const std::vector<std::string> keys = {"count", "device", "devices", "sequence_length", "H800", "nvidia-h100"};
  CHECK(nearest_spelling("coutn", keys) == "count");
  CHECK(nearest_spelling("COUNT", keys) == "count");
  CHECK(nearest_spelling("devcies", keys) == "devices");
  CHECK(nearest_spelling("device", keys) == "device");
  CHECK(nearest_spelling("sequnce_lenghth", keys) == "sequence_length");
  CHECK(nearest_spelling("H100", keys) == "H800");  // one change is nearer than being contained
  CHECK(nearest_spelling("nvidia", keys) == "nvidia-h100");
  CHECK(nearest_spelling("learning", keys) == std::nullopt);
  CHECK(nearest_spelling("", keys) == std::nullopt);
  CHECK(nearest_spelling("x", {"ab", "y"}) == std::nullopt);
  CHECK(nearest_spelling("x", {}) == std::nullopt);
}

TEST_CASE("is a short list offered when nothing is near") {
  CHECK(spelling_hint("gren", {"red", "green"}) == "did you mean 'green'?");
  CHECK(spelling_hint("purple", {"red", "green"}) == "one of: red, green");
  CHECK(spelling_hint("purple", std::vector<std::string>(50, "another")) == "");
  CHECK(spelling_hint("purple", {}) == "");
}

TEST_CASE("are all offered that contain the word") {
  const std::vector<std::string> models = {"llama-2-70b", "llama-3.1-8b", "llama-3.1-70b", "opt-30b", "qwen3-32b"};
  CHECK(spelling_hint("70b", models) == "one of: llama-2-70b, llama-3.1-70b");
  CHECK(spelling_hint("Qwen3", models) == "did you mean 'qwen3-32b'?");
  CHECK(spelling_hint("llama", std::vector<std::string>(40, "llama-2-70b")) ==
        "40 names have it in them, 'llama-2-70b' for one");
}

TEST_CASE("is a very long word answered quickly") {
  CHECK(nearest_spelling(std::string(1'000'000, 'x'), {"count", "device"}) == std::nullopt);
}

TEST_CASE("does the longer common start decide between words that are equally near?") {
  CHECK(nearest_spelling("llama-3-8b", {"llama-2-7b", "llama-3.1-8b", "llama-3.2-3b"}) == "llama-3.1-8b");
  CHECK(nearest_spelling("llama-3-8b", {"llama-3.1-8b", "llama-2-7b"}) == "llama-3.1-8b");
}
