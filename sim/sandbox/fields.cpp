#include "sim/sandbox/fields.hpp"

#include "engine/basics/ids.hpp"
#include "engine/json/walker_impl.hpp"

namespace reckoner::sim::sandbox {
namespace {

using json::Container;
using json::Scalar;

constexpr std::size_t kMostMembers = 128;  // further ones are passed over

struct MemberReader {
  enum class Place : std::uint8_t { nowhere, root };

  std::vector<Field> members;
  Field passed_over;

  Field& member(std::string_view name) {
    for (Field& field : members)
      if (field.name == name) return field;
    if (members.size() == kMostMembers) return passed_over;
    return members.emplace_back(Field{std::string(name), {}, {}});
  }
  Place enter(Place, std::string_view name, Container kind) {
    Field& field = member(name);
    field.kind = kind == Container::object ? Field::Kind::object : Field::Kind::array;
    field.text.clear();
    return Place::nowhere;
  }
  void scalar(Place, std::string_view name, const Scalar& value) {
    Field& field = member(name);
    field.text.assign(value.text);
    switch (value.kind) {
      case Scalar::Kind::null:
        field.kind = Field::Kind::null;
        break;
      case Scalar::Kind::boolean:
        field.kind = Field::Kind::boolean;
        break;
      case Scalar::Kind::string:
        field.kind = Field::Kind::string;
        break;
      default:
        field.kind = Field::Kind::number;
    }
  }
};

bool begins_as_object(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '{';
}

}  // namespace

Result<Fields> Fields::read(std::string_view body) {
  MemberReader reader;
  json::Walker<MemberReader> walker(reader);
  if (std::string wrong = walker.walk(body); !wrong.empty())
    return Error{"invalid_json", "the body is no JSON: " + wrong};
  if (!begins_as_object(body)) return Error{"invalid_json", "the body is no JSON object"};
  for (Field& field : reader.members)
    if (field.kind == Field::Kind::object || field.kind == Field::Kind::array)
      field.text = json::raw_member(body, field.name);
  Fields out;
  out.all_ = std::move(reader.members);
  return out;
}

const Field* Fields::find(std::string_view name) const {
  for (const Field& field : all_)
    if (field.name == name) return field.kind == Field::Kind::null ? nullptr : &field;
  return nullptr;
}

std::string_view Fields::string(std::string_view name) const {
  const Field* field = find(name);
  return field != nullptr && field->kind == Field::Kind::string ? field->text : std::string_view();
}

std::string_view Fields::id(std::string_view name) const {
  const std::string_view text = string(name);
  return is_valid_id(text) ? text : std::string_view();
}

std::optional<Money> Fields::money(std::string_view name) const {
  const Field* field = find(name);
  if (field == nullptr) return std::nullopt;
  if (field->kind == Field::Kind::number) return parse_money(json::shortest_decimal(field->text));
  if (field->kind == Field::Kind::string) return parse_money(field->text);
  return std::nullopt;
}

std::string_view Fields::object(std::string_view name) const {
  const Field* field = find(name);
  return field != nullptr && field->kind == Field::Kind::object ? field->text : std::string_view();
}

}  // namespace reckoner::sim::sandbox
