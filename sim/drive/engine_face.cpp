#include "sim/drive/engine_face.hpp"

#include <boost/json.hpp>

#include "engine/json/walker.hpp"
#include "sim/drive/answers.hpp"
#include "sim/drive/exchange.hpp"
#include "sim/drive/json_edit.hpp"

namespace reckoner::sim {
namespace {

namespace bj = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kBetween{200};
constexpr std::chrono::minutes kTimeout{5};  // hashing a million customers takes its time
constexpr std::size_t kConnections = 16;

// Fetches many things, each until it is there.
class Fetcher final : public Talker {
 public:
  using Each = std::function<void(std::size_t number, const Answer& answer)>;

  Fetcher(const Target& target, const Access& access, const std::vector<std::string>& paths,
          const Each& each)
      : requests_(target, access), paths_(paths), each_(each), lanes_(kConnections) {}

  const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Lane {
    std::optional<std::size_t> number;
    std::string request;
    SteadyTime retry_at{};
  };

  Next next(std::size_t connection, std::string_view& request, SteadyTime& until) override {
    Lane& lane = lanes_[connection];
    if (failure_ || (!lane.number && next_ == paths_.size())) return Next::finished;
    if (lane.number && Clock::now() < lane.retry_at) return until = lane.retry_at, Next::wait;
    if (!lane.number) lane.number = next_++;
    requests_.get(lane.request, paths_[*lane.number]);
    request = lane.request;
    return Next::send;
  }

  void answered(std::size_t connection, const Answer& answer) override {
    Lane& lane = lanes_[connection];
    const bool arrived = answer.outcome == Answer::Outcome::arrived;
    if (arrived && answer.status != 429 && answer.status < 500) {
      each_(*lane.number, answer);
      lane.number.reset();
    } else if (Clock::now() - start_ > kPatience) {
      failure_ = Error{"unavailable", paths_[*lane.number] + " was answered " + describe(answer)};
    } else {
      lane.retry_at = Clock::now() + kBetween;
    }
  }

  Requests requests_;
  const std::vector<std::string>& paths_;
  const Each& each_;
  std::vector<Lane> lanes_;
  std::size_t next_ = 0;
  SteadyTime start_ = Clock::now();
  std::optional<Error> failure_;
};

Status fetch(const Target& target, const Access& access, const std::vector<std::string>& paths,
             const Fetcher::Each& each) {
  Fetcher fetcher(target, access, paths, each);
  const std::size_t connections = std::min(kConnections, paths.size());
  if (Status done = exchange(target, {connections, kTimeout}, fetcher); !done) return done;
  return fetcher.failure() ? Status(*fetcher.failure()) : Status(Done{});
}

Error no_such_answer(const std::string& path, std::string_view lacks) {
  return {"refused", "the answer to " + path + " has no '" + std::string(lacks) + "'"};
}

std::string text_of(const bj::value& value) {
  return value.is_string() ? std::string(value.get_string()) : bj::serialize(value);
}

// A member's text; empty: there is none.
std::string text_in(const bj::object& object, std::string_view name) {
  const bj::value* found = object.if_contains(name);
  return found != nullptr && !found->is_null() ? text_of(*found) : "";
}

// The list that an answer holds under one of these names.
const bj::array* list_in(const bj::value& answer, std::initializer_list<std::string_view> names) {
  if (answer.is_array()) return &answer.get_array();
  if (!answer.is_object()) return nullptr;
  for (const std::string_view name : names)
    if (const bj::value* found = answer.get_object().if_contains(name);
        found != nullptr && found->is_array())
      return &found->get_array();
  return nullptr;
}

Result<bj::value> parse(const std::string& path, const Result<std::string>& body) {
  if (!body) return body.error();
  bj::error_code failure;
  bj::value read = bj::parse(*body, failure);
  if (failure) return Error{"refused", "the answer to " + path + " is no JSON"};
  return read;
}

}  // namespace

Result<std::string> EngineFace::get(const std::string& path) const {
  std::string body;
  std::optional<Error> wrong;
  const Status fetched = fetch(target_, access_, {path}, [&](std::size_t, const Answer& answer) {
    if (answer.status == 200) {
      body = answer.body;
    } else {
      const bool unauthorized = answer.status == 401 || answer.status == 403;
      wrong = Error{unauthorized ? "unauthorized" : "refused",
                    "GET " + path + " was answered " + describe(answer)};
    }
  });
  if (!fetched) return fetched.error();
  if (wrong) return *wrong;
  return body;
}

Result<EngineHashes> EngineFace::hashes() const {
  const std::string path = "/api/v1/hashes";
  const Result<bj::value> read = parse(path, get(path));
  if (!read) return read.error();
  if (!read->is_object()) return no_such_answer(path, "at");
  const bj::object& object = read->get_object();
  EngineHashes out;
  const auto at = parse_instant(text_in(object, "at"));
  if (!at) return no_such_answer(path, "at");
  out.at = *at;
  out.state_hash = text_in(object, "state_hash");
  out.money_hash = text_in(object, "money_hash");
  if (out.money_hash.empty()) return no_such_answer(path, "money_hash");
  if (const bj::value* totals = object.if_contains("totals");
      totals != nullptr && totals->is_object())
    for (const auto& [name, value] : totals->get_object()) out.totals[name] = text_of(value);
  return out;
}

Result<std::size_t> EngineFace::charges(std::string_view status) const {
  const std::string path =
      "/api/v1/charges?limit=" + std::to_string(kManyCharges) + "&status=" + std::string(status);
  const Result<bj::value> read = parse(path, get(path));
  if (!read) return read.error();
  const bj::array* charges = list_in(*read, {"items", "charges"});
  if (charges == nullptr) return no_such_answer(path, "items");
  return charges->size();
}

Result<std::vector<std::string>> EngineFace::customer_ids() const {
  std::vector<std::string> out;
  std::string next;
  do {
    const std::string path =
        "/api/v1/customers?limit=1000" + (next.empty() ? "" : "&cursor=" + path_part(next));
    const Result<bj::value> read = parse(path, get(path));
    if (!read) return read.error();
    const bj::array* customers = list_in(*read, {"items", "customers"});
    if (customers == nullptr) return no_such_answer(path, "items");
    for (const bj::value& one : *customers)
      if (one.is_object()) out.push_back(text_in(one.get_object(), "customer_id"));
    next = read->is_object() ? text_in(read->get_object(), "next") : "";
  } while (!next.empty());
  return out;
}

Status EngineFace::customers(
    const std::vector<std::string>& ids,
    const std::function<void(const std::string& id, std::string_view json)>& each) const {
  std::vector<std::string> paths;
  for (const std::string& id : ids) paths.push_back("/api/v1/customers/" + path_part(id));
  return fetch(target_, access_, paths, [&](std::size_t number, const Answer& answer) {
    each(ids[number], answer.status == 200 ? answer.body : std::string_view());
  });
}

// The amounts are money: read as they stand, whether numbers or strings.
Result<std::vector<SandboxCharge>> EngineFace::sandbox_charges() const {
  const std::string path = "/_sandbox/state";
  const Result<std::string> body = get(path);
  if (Result<bj::value> read = parse(path, body); !read) return read.error();
  const std::string_view charges = json::raw_member(*body, "charges");
  if (!charges.starts_with('[')) return no_such_answer(path, "charges");
  const auto text = [](std::string_view charge, std::string_view name) {
    const std::string_view value = json::raw_member(charge, name);
    return json_string(value).value_or(std::string(value));
  };
  std::vector<SandboxCharge> out;
  JsonMember charge;
  for (JsonParts parts(charges); parts.next(charge);) {
    if (!is_object(charge.value)) return no_such_answer(path, "charges");
    const std::string conflicts = text(charge.value, "conflicts");
    out.push_back({text(charge.value, "idempotency_key"), text(charge.value, "amount_usd"),
                   !conflicts.empty() && conflicts != "0"});
  }
  return out;
}

}  // namespace reckoner::sim
