#include "io/gunzip.hpp"

#include <catch2/catch.hpp>

namespace chipmix::io {
namespace {

constexpr std::size_t enough = 1000;

// Written by zlib 1.2.13: a block of fixed codes with a repeat, one of codes of its own, one that is stored.
const std::string fixed_block(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x5c\x00\x3b\x7c\x8a"
    "\xdf\x12\x00\x00\x00",
    29);
const std::string own_block(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x1d\x8f\xcb\x0d\x00\x41\x08\x42\xef\x53\x85\xad\xf9\x01"
    "\xe9\xbf\x82\xc5\x3d\x98\x18\xe5\x09\x36\x43\x2a\x14\x04\x10\x9a\x42\xbe\x70\x2b\xe5\x02\xab\x61"
    "\x3d\x64\x26\x3d\x07\x07\x9b\x18\x4b\x31\x18\x5e\xf3\x12\xf1\xf0\x58\xcd\x0d\xd4\xe2\xad\x0b\x1e"
    "\x5a\x0c\x3e\xdc\xb1\x30\xb4\x67\xd0\x06\x56\x5c\xfb\x11\xa5\xbe\xed\x9d\x4c\x6c\x90\xb4\xa0\x31"
    "\xa9\x81\x33\x18\x47\xd0\x80\xa5\xb4\x46\x11\x6f\x61\x46\x5e\xd9\xd5\xe3\x5f\xe2\xca\x0b\x6c\x29"
    "\x8d\xda\x83\x1d\xa5\x5f\x8f\x0c\x56\xd9\x3e\x75\x54\xe9\x12\x94\x4d\xd0\x77\xd4\xde\xa6\xcb\x38"
    "\xfc\xba\x43\xd9\x60\x88\xc8\x49\x74\x6e\x7b\xed\xab\x31\xd4\xde\xc7\x1f\xe5\x8a\x06\xb8\x2c\x01"
    "\x00\x00",
    170);
const std::string stored_block(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\x03\x01\x0b\x00\xf4\xff\x73\x74\x6f\x72\x65\x64\x20\x74\x65"
    "\x78\x74\xb5\x01\xaf\x0f\x0b\x00\x00\x00",
    34);

std::string fault(std::string_view bytes, std::size_t most = enough) {
  try {
    gunzip(bytes, most);
  } catch (const BadGzip& bad) {
    return bad.what();
  }
  return {};
}

}  // namespace

TEST_CASE("every kind of block is read, and members one after another") {
  CHECK(gunzip(fixed_block, enough) == "hello hello hello\n");
  CHECK(gunzip(stored_block, enough) == "stored text");
  const std::string text = gunzip(own_block, enough);
  CHECK(text.size() == 300);
  CHECK(text.starts_with("cf hhbebehee"));
  CHECK(gunzip(fixed_block + stored_block, enough) == "hello hello hello\nstored text");
}

TEST_CASE("a file that is cut anywhere or spoilt is reported, never read past its end") {
  CHECK(is_gzip(fixed_block));
  CHECK_FALSE(is_gzip("plain"));
  for (const std::string& whole : {fixed_block, own_block, stored_block})
    for (std::size_t length = 1; length < whole.size(); ++length)
      CHECK(fault(std::string_view(whole).substr(0, length)) == "the compressed file is truncated");
  std::string spoilt = stored_block;
  spoilt[spoilt.size() - 12] ^= 1;
  CHECK(fault(spoilt) == "the compressed file is corrupt: incorrect data check");
  for (std::size_t at = 10; at < own_block.size(); ++at) {
    spoilt = own_block;
    spoilt[at] = static_cast<char>(spoilt[at] ^ 0x55);
    CHECK_FALSE(fault(spoilt).empty());
  }
  CHECK(
      fault(std::string("\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\x03", 10)).starts_with("the compressed file is corrupt"));
}

TEST_CASE("no more comes out than is wanted") {
  CHECK(fault(fixed_block, 10) == "more comes out of the compressed file than is read");
  CHECK(fault(fixed_block, 18).empty());
}

}  // namespace chipmix::io
