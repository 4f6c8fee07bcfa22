#include "actors/http/api/customer_body.hpp"

#include <boost/json.hpp>

#include "engine/basics/ids.hpp"
#include "engine/limits.hpp"

namespace reckoner::http::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kShownBytes = 60;
constexpr std::string_view kText = "1 to 255 bytes of UTF-8 without control characters";

std::string shown(const bj::value* value) {
  if (value == nullptr || value->is_null()) return "missing";
  if (value->is_object()) return "an object";
  if (value->is_array()) return "an array";
  const std::string text = bj::serialize(*value);
  std::size_t size = std::min(text.size(), kShownBytes);
  while (size < text.size() && (text[size] & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

// Reads members of an object; remembers the first fault, after which all it returns is empty.
class Members {
 public:
  explicit Members(std::string_view body) {
    bj::error_code failure;
    value_ = bj::parse({body.data(), body.size()}, failure);
    if (failure) {
      fault_ = Error{"invalid_json", "no JSON: " + failure.message()};
    } else if (!value_.is_object()) {
      fault_ = Error{"invalid_json", "the body is JSON, but no object"};
    }
  }

  const std::optional<Error>& fault() const { return fault_; }

  std::optional<std::string> text(std::string_view name) {
    const bj::value* value = given(name);
    if (value == nullptr) return std::nullopt;
    const bj::string* text = value->if_string();
    if (text == nullptr || !is_valid_id(*text)) {
      wrong(name, value, kText);
      return std::nullopt;
    }
    return std::string(*text);
  }
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                      std::int64_t most) {
    const bj::value* value = given(name);
    if (value == nullptr) return std::nullopt;
    const std::int64_t* number = value->if_int64();
    if (number == nullptr || *number < least || *number > most) {
      wrong(name, value,
            "an integer from " + std::to_string(least) + " to " + std::to_string(most));
      return std::nullopt;
    }
    return *number;
  }
  void must_be_false(std::string_view name, std::string_view why) {
    const bj::value* value = given(name);
    if (value != nullptr && (!value->is_bool() || value->get_bool())) wrong(name, value, why);
  }
  void wrong(std::string_view name, std::string_view takes) {
    wrong(name, value_.as_object().if_contains(name), takes);
  }

 private:
  // Null, too, for null and the empty string.
  const bj::value* given(std::string_view name) {
    if (fault_) return nullptr;
    const bj::value* value = value_.as_object().if_contains(name);
    if (value == nullptr || value->is_null()) return nullptr;
    return value->is_string() && value->get_string().empty() ? nullptr : value;
  }
  void wrong(std::string_view name, const bj::value* value, std::string_view takes) {
    if (!fault_)
      fault_ =
          invalid(std::string(name) + " is " + shown(value) + "; it takes " + std::string(takes));
  }

  bj::value value_;
  std::optional<Error> fault_;
};

}  // namespace

Result<CustomerLine> read_customer(std::string_view body, std::string_view named) {
  Members members(body);
  CustomerLine out;
  const std::optional<std::string> id = members.text("customer_id");
  out.customer_id = id.value_or(std::string(named));
  if (!members.fault() && out.customer_id.empty()) members.wrong("customer_id", kText);
  if (!members.fault() && !named.empty() && out.customer_id != named)
    members.wrong("customer_id", "the one that the path names, or none");
  out.profile.email = members.text("email");
  out.profile.name = members.text("name");
  out.profile.company = members.text("company");
  if (const auto day = members.integer("billing_day", 1, 31))
    out.profile.billing_day = static_cast<std::uint8_t>(*day);
  out.polar_customer_id = members.text("polar_customer_id").value_or("");
  members.must_be_false("create_at_polar",
                        "false: customers are made at Polar by whoever subscribes them");
  if (members.fault()) return *members.fault();
  return out;
}

Result<std::int64_t> read_tokens(std::string_view body) {
  if (body.empty()) return std::int64_t{0};
  Members members(body);
  const std::int64_t tokens = members.integer("tokens", 0, kMaxTokens).value_or(0);
  if (members.fault()) return *members.fault();
  return tokens;
}

}  // namespace reckoner::http::api
