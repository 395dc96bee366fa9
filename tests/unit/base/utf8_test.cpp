// Are characters told from bytes, and invalid bytes from both?
#include "base/utf8.hpp"

#include <catch2/catch.hpp>

using namespace chipmix;

TEST_CASE("which bytes are UTF-8") {
  for (const char* valid : {"", "abc", "\u00E9", "\u663E\u5361", "\U0001F600", "\U0010FFFF"})
    CHECK_FALSE(first_invalid_byte(valid));
  CHECK(first_invalid_byte("ab\xFF") == 2u);
  CHECK(first_invalid_byte("\xC0\x80") == 0u);          // over-long NUL
  CHECK(first_invalid_byte("\xE0\x80\x80") == 0u);      // over-long
  CHECK(first_invalid_byte("\xED\xA0\x80") == 0u);      // surrogate
  CHECK(first_invalid_byte("\xF4\x90\x80\x80") == 0u);  // above U+10FFFF
  CHECK(first_invalid_byte("a\xE6\x98") == 1u);         // cut
  CHECK(first_invalid_byte("\x80") == 0u);
}

TEST_CASE("how many characters and cells") {
  CHECK(characters("\u663E\u5361x") == 3);
  CHECK(characters("a\xFF\xFE") == 3);
  CHECK(character_at("\u663E", 0).code == U'\u663E');
  CHECK(character_at("\U0001F600", 0).length == 4);
  CHECK(cells('a') == 1);
  CHECK(cells(U'\u663E') == 2);
  CHECK(cells(U'\uFF21') == 2);
  CHECK(cells(U'\uAC00') == 2);
  CHECK(cells(U'\u0301') == 0);
}

TEST_CASE("is printable text left alone and the rest shown as text") {
  CHECK(printable("a\tb \u663E") == "a\tb \u663E");
  CHECK(printable("\x1B[2J") == "\\u001B[2J");
  CHECK(printable("a\xFFz") == "a\uFFFDz");
  CHECK(printable("\xC2\x9B") == "\\u009B");  // C1 control: another way to begin an escape sequence
}

TEST_CASE("are marks that turn a line around shown as text") {
  CHECK(printable("a\u202Eb\u2066c\u200F") == "a\\u202Eb\\u2066c\\u200F");
  CHECK(printable_lines("a\r\n\x07z\n") == "a\n\\u0007z\n");
  CHECK(printable(printable("\x1B")) == printable("\x1B"));
}

TEST_CASE("is text with other bytes made UTF-8") {
  CHECK(as_utf8("caf\xE9 8") == "caf\uFFFD 8");
  CHECK(as_utf8("caf\u00E9") == "caf\u00E9");
}
