#include "engine/json/price_book_json.hpp"

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>

namespace reckoner::json {
namespace {

namespace bj = boost::json;

std::string shown(const bj::value& value) {
  std::string text = bj::serialize(value);
  return text.size() > 60 ? text.substr(0, 60) + "…" : text;
}

// Reads members of an object; remembers the first fault, after which all it returns is empty.
class ObjectReader {
 public:
  ObjectReader(const bj::value& value, std::string path, std::optional<Error>& fault)
      : path_(std::move(path)), fault_(fault) {
    object_ = value.if_object();
    if (object_ == nullptr) wrong(path_, &value, "an object");
  }

  void allow_only(std::initializer_list<std::string_view> names) {
    if (object_ == nullptr) return;
    for (const auto& member : *object_) {
      bool known = false;
      for (const std::string_view name : names) known = known || name == member.key();
      if (known) continue;
      std::string all;
      for (const std::string_view name : names)
        all += (all.empty() ? "" : ", ") + std::string(name);
      fail(join(std::string(member.key())) + " is not known; there are " + all);
    }
  }

  // Null where the member is absent or null; that is a fault if it is needed.
  const bj::value* member(std::string_view name, bool needed, std::string_view takes) {
    if (object_ == nullptr) return nullptr;
    const bj::value* found = object_->if_contains(name);
    if (found != nullptr && !found->is_null()) return found;
    if (needed) wrong(join(name), nullptr, takes);
    return nullptr;
  }

  std::string string(std::string_view name, bool needed) {
    constexpr std::string_view kTakes = "a string";
    const bj::value* found = member(name, needed, kTakes);
    if (found == nullptr) return {};
    if (const bj::string* text = found->if_string()) return {text->data(), text->size()};
    wrong(join(name), found, kTakes);
    return {};
  }

  std::int64_t integer(std::string_view name, bool needed) {
    constexpr std::string_view kTakes = "an integer";
    const bj::value* found = member(name, needed, kTakes);
    if (found == nullptr) return 0;
    if (const std::int64_t* number = found->if_int64()) return *number;
    wrong(join(name), found, kTakes);
    return 0;
  }

  Money price(std::string_view name, bool needed) {
    constexpr std::string_view kTakes =
        "a string with a decimal number of up to 12 decimals, like \"0.0002\"";
    const bj::value* found = member(name, needed, kTakes);
    if (found == nullptr) return {};
    if (const bj::string* text = found->if_string())
      if (const auto money = parse_money({text->data(), text->size()})) return *money;
    wrong(join(name), found, kTakes);
    return {};
  }

  const bj::array* array(std::string_view name) {
    constexpr std::string_view kTakes = "an array";
    const bj::value* found = member(name, true, kTakes);
    if (found == nullptr) return nullptr;
    if (const bj::array* items = found->if_array()) return items;
    wrong(join(name), found, kTakes);
    return nullptr;
  }

  void wrong(const std::string& where, const bj::value* came, std::string_view takes) {
    const std::string subject = where.empty() ? "" : where + " ";
    fail(subject + (came == nullptr ? "is missing" : "is " + shown(*came)) + "; it takes " +
         std::string(takes));
  }
  std::string join(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

 private:
  void fail(std::string detail) {
    if (!fault_) fault_ = Error{"invalid_price_book", std::move(detail)};
    object_ = nullptr;
  }

  const bj::object* object_;
  std::string path_;
  std::optional<Error>& fault_;
};

class PriceBookReader {
 public:
  Result<PriceBook> read(const bj::value& value) {
    PriceBook book;
    ObjectReader object(value, "", fault_);
    object.allow_only({"plans"});
    if (const bj::array* plans = object.array("plans"))
      for (std::size_t i = 0; i < plans->size() && !fault_; ++i)
        book.plans.push_back(read_plan((*plans)[i], "plans[" + std::to_string(i) + "]"));
    if (fault_) return *fault_;
    if (Status good = check_price_book(book); !good) return good.error();
    return book;
  }

 private:
  Plan read_plan(const bj::value& value, const std::string& path) {
    Plan plan;
    ObjectReader object(value, path, fault_);
    object.allow_only(
        {"id", "name", "product_ids", "price_usd", "tokens_per_month", "rate_limit", "pricing"});
    plan.id = object.string("id", true);
    plan.name = object.string("name", false);
    if (plan.name.empty()) plan.name = plan.id;
    if (const bj::array* products = object.array("product_ids")) {
      for (const bj::value& product : *products) {
        if (const bj::string* id = product.if_string()) {
          plan.product_ids.emplace_back(id->data(), id->size());
        } else {
          object.wrong(object.join("product_ids"), &product, "strings");
        }
      }
    }
    plan.price = object.price("price_usd", true);
    plan.tokens_per_month = object.integer("tokens_per_month", true);
    plan.rate_limit = object.integer("rate_limit", true);
    if (const bj::value* pricing = object.member("pricing", true, "an object"))
      plan.pricing = read_pricing(*pricing, object.join("pricing"));
    return plan;
  }

  Pricing read_pricing(const bj::value& value, const std::string& path) {
    Pricing pricing;
    ObjectReader object(value, path, fault_);
    const std::string model = object.string("model", true);
    if (model == "per_unit") {
      object.allow_only({"model", "included_tokens", "unit_price_usd"});
      pricing.model = PerUnit{object.price("unit_price_usd", true)};
    } else if (model == "graduated" || model == "volume") {
      object.allow_only({"model", "included_tokens", "bands"});
      std::vector<Band> bands = read_bands(object);
      if (model == "graduated") {
        pricing.model = Graduated{std::move(bands)};
      } else {
        pricing.model = Volume{std::move(bands)};
      }
    } else if (model == "package") {
      object.allow_only({"model", "included_tokens", "package_size", "package_price_usd"});
      const std::int64_t size = object.integer("package_size", true);
      pricing.model = Package{size, object.price("package_price_usd", true)};
    } else if (!fault_) {
      object.wrong(object.join("model"), value.as_object().if_contains("model"),
                   "per_unit, graduated, volume or package");
    }
    pricing.included_tokens = object.integer("included_tokens", false);
    return pricing;
  }

  std::vector<Band> read_bands(ObjectReader& pricing) {
    std::vector<Band> bands;
    const bj::array* items = pricing.array("bands");
    for (std::size_t i = 0; items != nullptr && i < items->size() && !fault_; ++i) {
      const std::string path = pricing.join("bands") + "[" + std::to_string(i) + "]";
      ObjectReader object((*items)[i], path, fault_);
      object.allow_only({"up_to", "unit_price_usd", "flat_usd"});
      Band band;
      if (object.member("up_to", false, "")) band.up_to = object.integer("up_to", true);
      band.unit_price = object.price("unit_price_usd", true);
      band.flat = object.price("flat_usd", false);
      bands.push_back(band);
    }
    return bands;
  }

  std::optional<Error> fault_;
};

// --- and back -------------------------------------------------------------------------------

bj::array to_json(const std::vector<Band>& bands) {
  bj::array out;
  for (const Band& band : bands)
    out.push_back(bj::object{{"up_to", band.up_to ? bj::value(*band.up_to) : bj::value(nullptr)},
                             {"unit_price_usd", format_money(band.unit_price)},
                             {"flat_usd", format_money(band.flat)}});
  return out;
}

bj::object to_json(const PerUnit& model) {
  return {{"model", "per_unit"}, {"unit_price_usd", format_money(model.unit_price)}};
}
bj::object to_json(const Graduated& model) {
  return {{"model", "graduated"}, {"bands", to_json(model.bands)}};
}
bj::object to_json(const Volume& model) {
  return {{"model", "volume"}, {"bands", to_json(model.bands)}};
}
bj::object to_json(const Package& model) {
  return {{"model", "package"},
          {"package_size", model.size},
          {"package_price_usd", format_money(model.price)}};
}

bj::object to_json(const Plan& plan) {
  bj::array products;
  for (const std::string& product : plan.product_ids) products.push_back(bj::string(product));
  bj::object pricing =
      std::visit([](const auto& model) { return to_json(model); }, plan.pricing.model);
  pricing["included_tokens"] = plan.pricing.included_tokens;
  return {{"id", plan.id},
          {"name", plan.name},
          {"product_ids", products},
          {"price_usd", format_money(plan.price)},
          {"tokens_per_month", plan.tokens_per_month},
          {"rate_limit", plan.rate_limit},
          {"pricing", pricing}};
}

}  // namespace

std::string price_book_text(const PriceBook& book) {
  bj::array plans;
  for (const Plan& plan : book.plans) plans.push_back(to_json(plan));
  return bj::serialize(bj::object{{"plans", plans}});
}

Result<PriceBook> read_price_book(std::string_view text) {
  bj::error_code failure;
  const bj::value value = bj::parse({text.data(), text.size()}, failure);
  if (failure) return Error{"invalid_price_book", "no JSON: " + failure.message()};
  return PriceBookReader().read(value);
}

Result<std::vector<std::pair<std::string, std::string>>> read_settings(std::string_view text) {
  bj::error_code failure;
  const bj::value value = bj::parse({text.data(), text.size()}, failure);
  const bj::object* object = failure ? nullptr : value.if_object();
  if (object == nullptr)
    return Error{"invalid_setting", "it takes an object of names and values as strings"};
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& member : *object) {
    const bj::string* text_value = member.value().if_string();
    if (text_value == nullptr)
      return Error{"invalid_setting", std::string(member.key()) + " is " + shown(member.value()) +
                                          "; it takes a string"};
    out.emplace_back(std::string(member.key()),
                     std::string(text_value->data(), text_value->size()));
  }
  return out;
}

}  // namespace reckoner::json
