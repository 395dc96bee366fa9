#include "engine/simgrid/exchange.hpp"

#include <stdexcept>
#include <type_traits>

namespace chipmix::engine {
namespace {

template <class T>
void put(std::FILE* file, const T* values, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (count > 0 && std::fwrite(values, sizeof(T), count, file) != count)
    throw std::runtime_error("tasks cannot be written");
}

template <class T>
void put(std::FILE* file, const std::vector<T>& values) {
  const std::size_t count = values.size();
  put(file, &count, 1);
  put(file, values.data(), count);
}

template <class T>
std::vector<T> get(std::FILE* file) {
  static_assert(std::is_trivially_copyable_v<T>);
  std::size_t count = 0;
  if (std::fread(&count, sizeof count, 1, file) != 1) throw std::runtime_error("there is no answer");
  std::vector<T> values(count);
  if (count > 0 && std::fread(values.data(), sizeof(T), count, file) != count)
    throw std::runtime_error("the answer ends in its middle");
  return values;
}

/// A task with its links, to be followed by that many of them.
struct Record {
  double amount = 0, latency = 0;
  int links = 0;
};

}  // namespace

void write_tasks(std::FILE* file, const TaskList& list) {
  std::vector<Record> records;
  std::vector<int> links;
  for (int index = 0; index < list.size(); ++index) {
    const Task& task = list.task(index);
    records.push_back({task.amount, task.latency, task.links});
    links.insert(links.end(), list.links_of(task), list.links_of(task) + task.links);
  }
  put(file, list.capacities());
  put(file, records);
  put(file, links);
  put(file, list.edges());
  put(file, list.changes());
  std::fflush(file);
}

TaskList read_tasks(std::FILE* file) {
  TaskList list;
  for (double capacity : get<double>(file)) list.link(capacity);
  const auto records = get<Record>(file);
  const auto links = get<int>(file);
  auto at = links.begin();
  for (const Record& record : records) {
    const std::vector<int> own(at, at + record.links);
    at += record.links;
    if (own.empty())
      list.compute(record.amount);
    else
      list.flow(record.amount, own, record.latency);
  }
  for (const TaskList::Edge& edge : get<TaskList::Edge>(file))
    list.after(static_cast<int>(edge.earlier), static_cast<int>(edge.later));
  for (const TaskList::Change& change : get<TaskList::Change>(file))
    list.change(change.link, change.time, change.capacity);
  return list;
}

void write_spans(std::FILE* file, const std::vector<Span>& spans) {
  put(file, spans);
  std::fflush(file);
}

std::vector<Span> read_spans(std::FILE* file) { return get<Span>(file); }

}  // namespace chipmix::engine
