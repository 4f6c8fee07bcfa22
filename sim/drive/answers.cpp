#include "sim/drive/answers.hpp"

#include <boost/json.hpp>

namespace reckoner::sim {
namespace {

namespace bj = boost::json;

constexpr std::size_t kShownBytes = 300;

std::string text_of(const bj::object& object, std::string_view name) {
  const bj::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

bool read_count(const bj::object& object, std::string_view name, std::uint64_t& count) {
  const bj::value* found = object.if_contains(name);
  boost::system::error_code failure;
  if (found == nullptr) return false;
  count = found->to_number<std::uint64_t>(failure);
  return !failure;
}

}  // namespace

std::string_view word_in(std::string_view body, std::string_view name) {
  for (std::size_t at = 0; (at = body.find(name, at)) != body.npos; at += name.size()) {
    if (at == 0 || body[at - 1] != '"') continue;
    std::string_view rest = body.substr(at + name.size());
    if (!rest.starts_with("\":")) continue;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \n", 2), rest.size()));
    if (!rest.starts_with('"')) return {};
    return rest.substr(1, rest.find('"', 1) - 1);
  }
  return {};
}

Result<BatchAnswer> read_batch_answer(std::string_view body) {
  const Error wrong{"invalid_answer", "the answer to a batch is no such thing: " +
                                          std::string(body.substr(0, kShownBytes))};
  bj::error_code failure;
  const bj::value read = bj::parse({body.data(), body.size()}, failure);
  if (failure || !read.is_object()) return wrong;
  const bj::object& object = read.get_object();
  BatchAnswer out;
  const bj::value* rejected = object.if_contains("rejected");
  if (!read_count(object, "accepted", out.accepted) ||
      !read_count(object, "duplicates", out.duplicates) ||
      !read_count(object, "conflicts", out.conflicts) || rejected == nullptr ||
      !rejected->is_array())
    return wrong;
  for (const bj::value& one : rejected->get_array()) {
    std::uint64_t index = 0;
    if (!one.is_object() || !read_count(one.get_object(), "index", index)) return wrong;
    out.rejected.emplace_back(index, text_of(one.get_object(), "code"));
  }
  return out;
}

std::string describe(const Answer& answer) {
  if (answer.outcome == Answer::Outcome::not_sent)
    return "no connection: " + std::string(answer.why);
  if (answer.outcome == Answer::Outcome::lost) return "no answer: " + std::string(answer.why);
  std::string out = std::to_string(answer.status);
  bj::error_code failure;
  const bj::value read = bj::parse({answer.body.data(), answer.body.size()}, failure);
  if (failure || !read.is_object())
    return answer.body.empty() ? out : out + ' ' + std::string(answer.body.substr(0, kShownBytes));
  const bj::object& problem = read.get_object();
  if (const std::string code = text_of(problem, "code"); !code.empty()) out += ' ' + code;
  if (const std::string detail = text_of(problem, "detail"); !detail.empty()) out += ": " + detail;
  return out;
}

}  // namespace reckoner::sim
