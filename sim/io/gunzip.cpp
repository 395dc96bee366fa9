#include "io/gunzip.hpp"

#include <zlib.h>

#include <array>

namespace chipmix::io {
namespace {

constexpr int of_gzip = 16 + MAX_WBITS;  // window bits of inflateInit2 that expect a gzip header and compare the check
constexpr std::size_t piece_bytes = 1u << 16u;

}  // namespace

struct Gunzip::State {
  z_stream stream{};
  bool between_members = true;
  std::array<char, piece_bytes> piece{};
};

Gunzip::Gunzip() : state_(std::make_unique<State>()) {
  if (inflateInit2(&state_->stream, of_gzip) != Z_OK) throw BadGzip("no memory to read the compressed file");
}

Gunzip::~Gunzip() { inflateEnd(&state_->stream); }

void Gunzip::feed(std::string_view bytes) {
  z_stream& stream = state_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
}

std::string_view Gunzip::next() {
  z_stream& stream = state_->stream;
  for (;;) {
    if (state_->between_members && stream.avail_in == 0) return {};
    state_->between_members = false;
    stream.next_out = reinterpret_cast<Bytef*>(state_->piece.data());
    stream.avail_out = piece_bytes;
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result == Z_DATA_ERROR || result == Z_NEED_DICT)
      throw BadGzip(std::string("the compressed file is corrupt: ") + (stream.msg ? stream.msg : "it cannot be read"));
    if (result == Z_MEM_ERROR) throw BadGzip("no memory to read the compressed file");
    const std::size_t made = piece_bytes - stream.avail_out;
    if (result == Z_STREAM_END) {
      state_->between_members = true;
      inflateReset(&stream);
    }
    if (made > 0) return {state_->piece.data(), made};
    if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0)) return {};
  }
}

bool Gunzip::is_whole() const { return state_->between_members && state_->stream.avail_in == 0; }

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

std::string gunzip(std::string_view bytes, std::size_t most) {
  std::string text;
  Gunzip stream;
  stream.feed(bytes);
  for (std::string_view piece = stream.next(); !piece.empty(); piece = stream.next()) {
    text += piece;
    if (text.size() > most) throw BadGzip("more comes out of the compressed file than is read");
  }
  if (!stream.is_whole()) throw BadGzip("the compressed file is truncated");
  return text;
}

}  // namespace chipmix::io
