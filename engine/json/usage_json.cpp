#include "engine/json/usage_json.hpp"

#include <functional>

#include "engine/basics/ids.hpp"
#include "engine/json/walker_impl.hpp"

namespace reckoner::json {
namespace {

constexpr std::size_t kShownBytes = 60;

// What fits into a message, without half a character.
std::string beginning(std::string_view text) {
  std::size_t size = std::min(text.size(), kShownBytes);
  while (size < text.size() && size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

// A member of the event, as a view.
struct Field {
  enum class Shape : std::uint8_t { absent, scalar, object, array };
  Shape shape = Shape::absent;
  Scalar::Kind kind = Scalar::Kind::null;
  std::int64_t integer = 0;
  std::string_view text;

  bool is_string() const { return shape == Shape::scalar && kind == Scalar::Kind::string; }
  bool is_integer() const { return shape == Shape::scalar && kind == Scalar::Kind::integer; }
  bool given() const {
    if (shape != Shape::scalar) return shape != Shape::absent;
    return kind != Scalar::Kind::null && !(kind == Scalar::Kind::string && text.empty());
  }
  std::string_view string() const { return is_string() ? text : std::string_view(); }
  std::string shown() const {
    if (shape == Shape::object) return "an object";
    if (shape == Shape::array) return "an array";
    if (!given()) return "missing";
    if (kind == Scalar::Kind::boolean) return "a truth value";
    return is_string() ? "'" + beginning(text) + "'" : beginning(text);
  }
};

bool is_within(std::string_view whole, std::string_view part) {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

struct UsageReader::Fields {
  enum class Place : std::uint8_t { nowhere, root };

  Field customer_id, tokens, operation, idempotency_key, timestamp, metadata;
  std::string_view text;
  TextStore* texts = nullptr;
  Walker<Fields> walker{*this};

  Field* named(std::string_view key) {
    switch (key.size()) {
      case 6:
        return key == "tokens" ? &tokens : nullptr;
      case 8:
        return key == "metadata" ? &metadata : nullptr;
      case 9:
        if (key == "operation") return &operation;
        return key == "timestamp" ? &timestamp : nullptr;
      case 11:
        return key == "customer_id" ? &customer_id : nullptr;
      case 15:
        return key == "idempotency_key" ? &idempotency_key : nullptr;
      default:
        return nullptr;
    }
  }

  std::string walk(std::string_view event, TextStore& into) {
    customer_id = tokens = operation = idempotency_key = timestamp = metadata = Field{};
    text = event;
    texts = &into;
    return walker.walk(event);
  }

  Place enter(Place, std::string_view key, Container container) {
    if (Field* field = named(key))
      field->shape = container == Container::object ? Field::Shape::object : Field::Shape::array;
    return Place::nowhere;
  }
  void scalar(Place, std::string_view key, const Scalar& value) {
    Field* field = named(key);
    if (field == nullptr) return;
    const bool stays = value.text.empty() || is_within(text, value.text);
    *field = {Field::Shape::scalar, value.kind, value.integer,
              stays ? value.text : texts->keep(value.text)};
  }
};

UsageReader::UsageReader() : fields_(std::make_unique<Fields>()) {}
UsageReader::~UsageReader() = default;

Status UsageReader::read(std::string_view text, TextStore& texts) {
  if (std::string no_json = fields_->walk(text, texts); !no_json.empty())
    return Error{"invalid_json", "no JSON: " + no_json};
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (text[begin] != '{')
    return invalid("the event is " + beginning(text.substr(begin)) + "; it takes an object");
  const Field& id = fields_->customer_id;
  if (!is_valid_id(id.string()))
    return invalid("customer_id is " + id.shown() +
                   "; it takes 1 to 255 bytes of UTF-8 without control characters");
  customer_id_ = id.string();
  read_usage(text);
  return Done{};
}

void UsageReader::read_usage(std::string_view text) {
  const Fields& in = *fields_;
  usage_ = UsageRequest{};
  usage_.tokens_readable = in.tokens.is_integer();
  usage_.usage.tokens = usage_.tokens_readable ? in.tokens.integer : 0;
  usage_.usage.operation = in.operation.string();
  usage_.usage.idempotency_key = in.idempotency_key.string();
  if (in.operation.given() && !in.operation.is_string()) usage_.unreadable_field = "operation";
  if (in.idempotency_key.given() && !in.idempotency_key.is_string())
    usage_.unreadable_field = "idempotency_key";
  if (in.timestamp.given()) {
    usage_.usage.timestamp = parse_instant(in.timestamp.string());
    usage_.timestamp_readable = usage_.usage.timestamp.has_value();
  }
  if (in.metadata.shape == Field::Shape::object) {
    usage_.usage.metadata = raw_member(text, "metadata");
  } else if (in.metadata.given()) {
    usage_.unreadable_field = "metadata";
  }
}

std::string UsageReader::shown(std::string_view field) const {
  const Field* found = fields_->named(field);
  return found == nullptr ? std::string() : found->shown();
}

// --- many in one body -----------------------------------------------------------------------

namespace {

// For what only has to be JSON.
struct Nothing {
  enum class Place : std::uint8_t { nowhere, root };
  Place enter(Place, std::string_view, Container) { return Place::nowhere; }
  void scalar(Place, std::string_view, const Scalar&) {}
};

// Goes over the outermost object, from token to token.
class BodySplitter {
 public:
  BodySplitter(std::string_view body, std::size_t most) : body_(body), most_(most) {}

  Status split() {
    if (!takes('{')) return no_json("it takes an object like {\"events\": […]}");
    if (!takes('}')) {
      do {
        if (Status member = read_member(); !member) return member;
      } while (takes(','));
      if (!takes('}')) return no_json("the object has no end");
    }
    if (at() != body_.size()) return no_json("something follows the JSON value");
    if (!found_) return invalid("events is missing; it takes an array of usage events");
    return Done{};
  }

  std::vector<std::string_view> texts;

 private:
  static Error no_json(std::string_view why) {
    return {"invalid_json", "no JSON: " + std::string(why)};
  }
  std::size_t at() {
    at_ = std::min(body_.find_first_not_of(" \t\r\n", at_), body_.size());
    return at_;
  }
  bool takes(char wanted) {
    if (at() == body_.size() || body_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  // What stands here up to the next separator, without the space behind it.
  std::string_view value() {
    const std::size_t begin = at();
    at_ = value_end(body_, begin);
    const std::string_view out = body_.substr(begin, at_ - begin);
    return out.substr(0, out.find_last_not_of(" \t\r\n") + 1);
  }

  Status read_member() {
    const std::size_t begin = at();
    if (begin == body_.size() || body_[begin] != '"') return no_json("a member has no name");
    at_ = std::min(string_end(body_, begin), body_.size());
    const std::string_view name = body_.substr(begin, at_ - begin);
    if (!takes(':')) return no_json("a member has no value");
    const bool events = name == "\"events\"";
    if (events && takes('[')) return read_events();
    const std::string_view other = value();
    for (const std::string_view part : {name, other})
      if (std::string fault = Walker<Nothing>(nothing_).walk(part); !fault.empty())
        return no_json(fault);
    if (events)
      return invalid("events is " + beginning(other) + "; it takes an array of usage events");
    return Done{};
  }

  Status read_events() {
    found_ = true;
    texts.clear();
    if (takes(']')) return Done{};
    do {
      const std::string_view event = value();
      if (event.empty()) return no_json("an item of events is missing");
      if (texts.size() == most_)
        return Error{"too_large",
                     "events has more than the " + std::to_string(most_) + " items that are taken"};
      texts.push_back(event);
    } while (takes(','));
    if (!takes(']')) return no_json("the array events has no end");
    return Done{};
  }

  std::string_view body_;
  std::size_t most_;
  std::size_t at_ = 0;
  bool found_ = false;
  Nothing nothing_;
};

}  // namespace

Result<std::vector<std::string_view>> event_texts(std::string_view body, std::size_t most) {
  BodySplitter splitter(body, most);
  if (Status split = splitter.split(); !split) return split.error();
  return std::move(splitter.texts);
}

}  // namespace reckoner::json
