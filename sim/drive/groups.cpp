#include "sim/drive/groups.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <utility>

#include "engine/basics/ids.hpp"

namespace reckoner::sim {

void Groups::add(const json::HistoryLine& line) {
  using Kind = json::HistoryLine::Kind;
  line_ = static_cast<Number>(parent_.size());
  parent_.push_back(line_);
  if (line.kind != Kind::webhook) {
    name('c', line.customer_id);
    if (line.kind != Kind::customer) return;
    name('p', line.customer.polar_customer_id);
    name('e', fold_case(line.customer.profile.email.value_or("")));
    return;
  }
  const Result<polar::Body> body = bodies_.read(line.webhook_body, line.at);
  if (!body.ok()) return;
  name('w', line.webhook_id);
  name('w', body->id);
  name('p', body->event.polar_customer_id);
  name('c', body->event.names_customer);
  name('e', fold_case(body->event.email));
}

void Groups::name(char kind, std::string_view name) {
  if (name.empty()) return;
  const std::uint64_t hash = std::hash<std::string>()(kind + std::string(name));
  const auto [found, is_new] = nodes_.try_emplace(hash, line_);
  if (!is_new) parent_[root(line_)] = root(found->second);
}

Groups::Number Groups::root(Number node) {
  while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
  return node;
}

Groups::Number Groups::group(std::size_t line) {
  return root(static_cast<Number>(line));
}

std::vector<std::uint32_t> deal_out(Groups& groups, std::size_t connections) {
  std::unordered_map<Groups::Number, std::uint32_t> sizes;
  for (std::size_t line = 0; line < groups.lines(); ++line) ++sizes[groups.group(line)];
  std::vector<std::pair<std::uint32_t, Groups::Number>> by_size;
  for (const auto& [group, size] : sizes) by_size.emplace_back(size, group);
  std::sort(by_size.rbegin(), by_size.rend());

  // The largest first, each to whoever has least.
  using Load = std::pair<std::uint64_t, std::uint32_t>;
  std::priority_queue<Load, std::vector<Load>, std::greater<>> loads;
  for (std::uint32_t i = 0; i < connections; ++i) loads.emplace(0, i);
  std::unordered_map<Groups::Number, std::uint32_t> connection_of;
  for (const auto& [size, group] : by_size) {
    const auto [load, connection] = loads.top();
    loads.pop();
    connection_of[group] = connection;
    loads.emplace(load + size, connection);
  }
  std::vector<std::uint32_t> out(groups.lines());
  for (std::size_t line = 0; line < out.size(); ++line)
    out[line] = connection_of[groups.group(line)];
  return out;
}

}  // namespace reckoner::sim
