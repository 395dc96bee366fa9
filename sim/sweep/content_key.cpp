#include "sweep/content_key.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <fstream>
#include <iterator>

namespace chipmix::sweep {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::string content_key(const std::string& space, const std::string& text) {
  const boost::uuids::uuid names = space.empty() ? boost::uuids::ns::url() : boost::uuids::string_generator()(space);
  return boost::uuids::to_string(boost::uuids::name_generator_sha1(names)(text));
}

std::string data_key(scenario::Library& library) {
  std::string key;
  for (const char* kind : {"devices", "nodes", "links", "fabrics", "stacks", "models"})
    for (const std::string& id : library.ids(kind)) key = content_key(key, id + '\n' + text_of(library.file(kind, id)));
  return key;
}

}  // namespace chipmix::sweep
