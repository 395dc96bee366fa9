// Words of scenario files for who runs a job and what is trained.
#include "scenario/spec.hpp"

namespace chipmix::practice {

const io::Names<Practice>& names_of(io::Type<Practice>) {
  static const io::Names<Practice> names = [] {
    io::Names<Practice> all;
    for (const Practice one : all_practices) all.emplace_back(name(one), one);
    return all;
  }();
  return names;
}

const io::Names<Scope>& names_of(io::Type<Scope>) {
  static const io::Names<Scope> names = [] {
    io::Names<Scope> all;
    for (const Scope one : all_scopes) all.emplace_back(name(one), one);
    return all;
  }();
  return names;
}

}  // namespace chipmix::practice

namespace chipmix::scenario {

const io::Names<Finetune>& names_of(io::Type<Finetune>) {
  static const io::Names<Finetune> names = {{"full", Finetune::full}, {"lora", Finetune::lora}};
  return names;
}

}  // namespace chipmix::scenario
