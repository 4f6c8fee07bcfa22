#include "tests/actors/http/api/openapi_check.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <vector>

#include "actors/http/api/openapi.hpp"
#include "engine/basics/ids.hpp"
#include "engine/basics/instant.hpp"

namespace reckoner::http::api {
namespace {

namespace bj = boost::json;

const bj::value& description() {
  static const bj::value the_description = bj::parse(openapi_text());
  return the_description;
}

const bj::object& resolved(const bj::object& schema) {
  const bj::value* ref = schema.if_contains("$ref");
  if (ref == nullptr) return schema;
  return description().at_pointer(std::string_view(ref->as_string()).substr(1)).as_object();
}

// All parts of a schema: itself, or what allOf puts together.
void collect(const bj::object& schema, std::vector<const bj::object*>& parts) {
  const bj::object& it = resolved(schema);
  if (const bj::value* all = it.if_contains("allOf")) {
    for (const bj::value& part : all->as_array()) collect(part.as_object(), parts);
  } else {
    parts.push_back(&it);
  }
}

bool is_of_type(const bj::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "boolean") return value.is_bool();
  return type == "null" && value.is_null();
}

bool is_of_types(const bj::value& value, const bj::value& types) {
  if (types.is_string()) return is_of_type(value, types.as_string());
  const bj::array& all = types.as_array();
  return std::any_of(all.begin(), all.end(),
                     [&](const bj::value& type) { return is_of_type(value, type.as_string()); });
}

std::string fault(const bj::value& value, const bj::object& schema, const std::string& path);

std::string members_fault(const bj::object& object, const std::vector<const bj::object*>& parts,
                          const std::string& path) {
  std::set<std::string> known;
  for (const bj::object* part : parts) {
    const bj::value* properties = part->if_contains("properties");
    if (properties == nullptr) return "";  // any object
    for (const bj::value& name : part->at("required").as_array())
      if (!object.contains(name.as_string()))
        return path + " lacks " + std::string(name.as_string());
    for (const auto& [name, schema] : properties->as_object()) {
      known.insert(std::string(name));
      if (const bj::value* member = object.if_contains(name))
        if (std::string wrong = fault(*member, schema.as_object(), path + "." + std::string(name));
            !wrong.empty())
          return wrong;
    }
  }
  for (const auto& [name, value] : object)
    if (!known.contains(std::string(name))) return path + " has " + std::string(name);
  return "";
}

std::string fault(const bj::value& value, const bj::object& schema, const std::string& path) {
  std::vector<const bj::object*> parts;
  collect(schema, parts);
  for (const bj::object* part : parts) {
    if (!is_of_types(value, part->at("type")))
      return path + " is " + bj::serialize(value) + ", no " + bj::serialize(part->at("type"));
    if (const bj::value* one_of = part->if_contains("enum")) {
      const bj::array& all = one_of->as_array();
      if (std::find(all.begin(), all.end(), value) == all.end())
        return path + " is " + bj::serialize(value);
    }
    const bj::value* format = part->if_contains("format");
    if (format != nullptr && *format == "date-time" && !parse_instant(value.as_string()))
      return path + " is no time: " + bj::serialize(value);
    if (const bj::value* items = part->if_contains("items"))
      for (std::size_t i = 0; i < value.as_array().size(); ++i)
        if (std::string wrong = fault(value.as_array()[i], items->as_object(),
                                      path + "[" + std::to_string(i) + "]");
            !wrong.empty())
          return wrong;
  }
  return value.is_object() ? members_fault(value.as_object(), parts, path) : "";
}

}  // namespace

std::string openapi_fault(std::string_view method, std::string_view pattern, unsigned status,
                          std::string_view content_type, std::string_view body) {
  const bj::value* path = description().at("paths").as_object().if_contains(pattern);
  if (path == nullptr) return "there is no path " + std::string(pattern);
  const bj::value* operation = path->as_object().if_contains(fold_case(method));
  if (operation == nullptr) return "there is no method " + std::string(method);
  const bj::object& responses = operation->at("responses").as_object();
  const bj::value* found = responses.if_contains(std::to_string(status));
  if (found == nullptr && status < 400) return "there is no status " + std::to_string(status);
  const bj::object& response =
      resolved((found == nullptr ? responses.at("default") : *found).as_object());
  const bj::value* content = response.at("content").as_object().if_contains(content_type);
  if (content == nullptr) return "there is no content type " + std::string(content_type);
  bj::error_code failure;
  const bj::value value = bj::parse({body.data(), body.size()}, failure);
  if (failure) return "the body is no JSON: " + std::string(body);
  if (status >= 400 && value.at("status") != status) return "the problem has another status";
  return fault(value, content->at("schema").as_object(), "body");
}

}  // namespace reckoner::http::api
