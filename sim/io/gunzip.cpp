#include "io/gunzip.hpp"

#include <zlib.h>

#include <array>

namespace chipmix::io {
namespace {

constexpr int of_gzip = 16 + MAX_WBITS;  // window bits of inflateInit2 that expect a gzip header and compare the check

/// zlib's state of one member after another.
class Stream {
 public:
  explicit Stream(std::string_view bytes) {
    if (inflateInit2(&stream_, of_gzip) != Z_OK) throw BadGzip("no memory to read the compressed file");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { inflateEnd(&stream_); }

  bool at_end() const { return stream_.avail_in == 0; }

  /// Appends the text of the next member.
  void read(std::string& text, std::size_t most) {
    std::array<char, 1 << 16> piece{};
    for (int state = Z_OK; state != Z_STREAM_END;) {
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      state = inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_DATA_ERROR || state == Z_NEED_DICT) throw BadGzip(spoilt());
      if (state == Z_BUF_ERROR) throw BadGzip("the compressed file is cut");
      if (state == Z_MEM_ERROR) throw BadGzip("no memory to read the compressed file");
      text.append(piece.data(), piece.size() - stream_.avail_out);
      if (text.size() > most) throw BadGzip("more comes out of the compressed file than is read");
      if (state == Z_OK && at_end() && stream_.avail_out > 0) throw BadGzip("the compressed file is cut");
    }
    inflateReset(&stream_);
  }

 private:
  std::string spoilt() const {
    return std::string("the compressed file is spoilt: ") + (stream_.msg ? stream_.msg : "it cannot be read");
  }

  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

std::string gunzip(std::string_view bytes, std::size_t most) {
  std::string text;
  for (Stream stream(bytes); !stream.at_end();) stream.read(text, most);
  return text;
}

}  // namespace chipmix::io
